"""What somebody is typing: kept while it is typed, stated only when they say so.

A draft is its writer's own working paper: it counts nowhere, nobody else reads it, and the ledger,
which holds what was stated, does not list it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.errors import BadInput
from shifan.statements.actions.facts import (
    checked_values,
    drop_drafts,
    require_open,
    require_source,
)
from shifan.statements.assessment import Assessment
from shifan.statements.models import Draft


@transaction.atomic
def keep_draft(
    *,
    assessment: Assessment,
    provision_id: str,
    source: str,
    raw: Mapping[str, str],
    actor: Actor,
    now: datetime,
    note: str | None = None,
) -> Draft | None:
    """Keep what the actor typed, right or wrong, in place of what it typed there before.

    A ``note`` of None leaves the remark as stated. Nothing is kept of what is stated already.
    Raises NotAllowed, DeadlinePassed, and BadInput where the office is to give an opinion instead.
    """
    proceeding = assessment.proceeding
    policy.require(actor, "applications.state_fact", proceeding)
    assert actor.user_id is not None, "whoever may state facts is signed in"
    provision = require_source(assessment, provision_id, source, actor)
    require_open(assessment, provision_id, actor, now)
    stated = next((s.fact for s in assessment.statements[provision_id] if s.source == source), None)
    if note is None:
        note = stated.note if stated else ""
    held = (stated.values, stated.note) if stated else ({}, "")
    if (_says(assessment, provision_id, raw), note) == held:
        drop_drafts(proceeding, source, [provision_id], actor)
        return None
    draft, _ = Draft.objects.update_or_create(
        proceeding=proceeding, provision=provision.id, source=source, user_id=actor.user_id,
        defaults={
            "values": dict(raw), "note": note, "over": stated.pk if stated else 0, "at": now,
        },
    )  # fmt: skip
    return draft


def _says(
    assessment: Assessment, provision_id: str, raw: Mapping[str, str]
) -> dict[str, str] | None:
    """What the typing would state; None while it cannot be read."""
    try:
        return checked_values(assessment.situation.indicators.by_id[provision_id], raw)
    except BadInput:
        return None
