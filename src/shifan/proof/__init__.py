"""Proofs anyone can check: canonical digests and the hash chain of the ledger."""
