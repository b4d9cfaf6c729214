"""What is done with an application: begun, made jointly, moved."""

from shifan.applications.actions.joint import answer_partner, drop_partner, name_partner
from shifan.applications.actions.moves import Refused, make_move, start

__all__ = ["Refused", "answer_partner", "drop_partner", "make_move", "name_partner", "start"]
