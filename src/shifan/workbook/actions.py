"""Write what a workbook changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from shifan.accounts.actor import Actor
from shifan.applications.actions import state_sheet
from shifan.applications.models import Application
from shifan.ledger import actions as ledger


@transaction.atomic
def apply(
    *,
    application: Application,
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
        application=application, source=source, actor=actor, now=now,
        sheet=plan,
    )  # fmt: skip
    if changed:
        ledger.record(actor=actor.name, verb="workbook.applied", subject=application, at=now,
                      source=source, changed=changed)  # fmt: skip
    return changed
