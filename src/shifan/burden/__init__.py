"""What the assessed are asked for: documents, pages, hours; counted and shown."""
