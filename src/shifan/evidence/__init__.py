"""The vault: files by content hash, attached to clauses."""
