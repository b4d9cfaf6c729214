"""Everything that changes an application, one module per noun."""

from shifan.applications.actions.file import (
    BadFact,
    Refused,
    make_move,
    start,
    state_fact,
    state_sheet,
)

__all__ = ["BadFact", "Refused", "make_move", "start", "state_fact", "state_sheet"]
