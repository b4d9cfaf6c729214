"""What is done with proceedings: opened, moved, spoken to, given parties; and the clock."""

from shifan.proceedings.actions.extending import extend
from shifan.proceedings.actions.moves import Refused, make_move, make_moves
from shifan.proceedings.actions.opening import open_proceedings
from shifan.proceedings.actions.parties import (
    BadParty,
    assign,
    assign_many,
    dismiss,
    stand_aside,
    unassign,
)
from shifan.proceedings.actions.settling import settle
from shifan.proceedings.actions.voices import speak

__all__ = [
    "BadParty", "Refused", "assign", "assign_many", "dismiss", "extend", "make_move", "make_moves",
    "open_proceedings", "settle", "speak", "stand_aside", "unassign",
]  # fmt: skip
