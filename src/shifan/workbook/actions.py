"""Write what a workbook changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from shifan.accounts.actor import Actor
from shifan.ledger import actions as ledger
from shifan.proceedings.models import Proceeding
from shifan.statements.actions import state_sheet


@transaction.atomic
def apply(
    *,
    proceeding: Proceeding,
    source: str,
    plan: Mapping[str, tuple[Mapping[str, object], int]],
    actor: Actor,
    now: datetime,
) -> int:
    """State every change of the workbook, all or none; how many provisions changed.

    ``plan`` maps provisions to what to state and the statement it goes over. Raises Conflict when
    something was stated after the comparison, and whatever stating a fact raises.
    """
    changed = state_sheet(
        proceeding=proceeding, source=source, actor=actor, now=now,
        sheet=plan,
    )  # fmt: skip
    if changed:
        ledger.record(actor=actor.name, verb="workbook.applied", subject=proceeding, at=now,
                      source=source, changed=changed)  # fmt: skip
    return changed
