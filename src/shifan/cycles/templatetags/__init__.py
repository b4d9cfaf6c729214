"""Filters for the pages of a rule book."""
