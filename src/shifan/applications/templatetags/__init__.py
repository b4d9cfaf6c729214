"""Template filters of applications."""
