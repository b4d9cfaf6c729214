"""Administrative divisions, units, and the titles they hold."""
