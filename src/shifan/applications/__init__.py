"""Applications: facts, moves through the stages, the live score."""
