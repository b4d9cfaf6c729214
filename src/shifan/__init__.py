"""Shifan 示范 runs designation programmes, from rule book to public register."""
