"""Demo mode: a worked cycle, one-click accounts, a clock that can be moved. Never in production."""
