"""Designation: what the last move of the process grants."""
