"""Everything that changes an application, one module per noun."""

from shifan.applications.actions.announce import remind
from shifan.applications.actions.drafts import keep_draft
from shifan.applications.actions.facts import (
    BadFact,
    DeadlinePassed,
    checked_values,
    drop_drafts,
    locked,
    require_open,
    state_fact,
    state_sheet,
)
from shifan.applications.actions.joint import answer_partner, drop_partner, name_partner
from shifan.applications.actions.moves import Refused, make_move, start
from shifan.applications.actions.reuse import TakenOver, earlier_application, take_over
from shifan.applications.actions.reviews import agree_with_rest, give_opinion, reply
from shifan.applications.actions.tasks import givable, give_tasks

__all__ = [
    "BadFact", "DeadlinePassed", "Refused", "TakenOver", "agree_with_rest", "answer_partner",
    "checked_values", "drop_drafts", "drop_partner", "earlier_application", "givable",
    "give_opinion", "give_tasks", "keep_draft", "locked", "make_move", "name_partner", "remind",
    "reply", "require_open", "start", "state_fact", "state_sheet", "take_over",
]  # fmt: skip
