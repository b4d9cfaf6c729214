"""What is done with proceedings: opened, moved, spoken to, given parties; and the clock."""

from shifan.proceedings.actions.extending import extend
from shifan.proceedings.actions.moves import Refused, make_move, make_moves
from shifan.proceedings.actions.opening import open_proceedings
from shifan.proceedings.actions.parties import BadParty, assign, dismiss, stand_aside
from shifan.proceedings.actions.settling import settle
from shifan.proceedings.actions.voices import speak

__all__ = [
    "BadParty", "Refused", "assign", "dismiss", "extend", "make_move", "make_moves",
    "open_proceedings", "settle", "speak", "stand_aside",
]  # fmt: skip
