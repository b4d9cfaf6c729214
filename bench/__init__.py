"""The figures of the goals, each measured beside its yardsticks in one run: ``make bench``."""
