"""What others' tools need for the same work."""
