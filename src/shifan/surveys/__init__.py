"""Asking the public: instruments, campaigns, intake, estimates."""
