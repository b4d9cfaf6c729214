"""Proceedings: each one run of a procedure of a rule book, with its parties and its steps."""
