"""Everything that changes what is stated on a proceeding, one module per noun."""

from shifan.statements.actions.announce import remind
from shifan.statements.actions.drafts import keep_draft
from shifan.statements.actions.facts import (
    BadFact,
    DeadlinePassed,
    checked_values,
    drop_drafts,
    locked,
    require_open,
    state_fact,
    state_sheet,
)
from shifan.statements.actions.reuse import TakenOver, earlier_application, take_over
from shifan.statements.actions.reviews import agree_with_rest, give_opinion, reply
from shifan.statements.actions.tasks import givable, give_tasks

__all__ = [
    "BadFact", "DeadlinePassed", "TakenOver", "agree_with_rest", "checked_values", "drop_drafts",
    "earlier_application", "givable", "give_opinion", "give_tasks", "keep_draft", "locked",
    "remind", "reply", "require_open", "state_fact", "state_sheet", "take_over",
]  # fmt: skip
