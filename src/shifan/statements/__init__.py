"""What is stated on a proceeding, and the score it gives."""
