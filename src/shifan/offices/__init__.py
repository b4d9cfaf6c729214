"""The pages on which an office runs its programme."""
