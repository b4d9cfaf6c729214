"""An assessment arranged for reading, and an application's place in the process."""
