"""Titles: what units hold, as the events that made and changed it."""
