"""Batches: what is decided about many files together, in public."""
