"""The append-only audit ledger."""
