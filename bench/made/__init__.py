"""Made-up evidence and altered copies of it, the same for the same seed."""
