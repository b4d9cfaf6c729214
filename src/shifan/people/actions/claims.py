"""A place is claimed by whoever says to act for it; the tier above verifies."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.accounts.models import Role
from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.ledger import actions as ledger
from shifan.mailbox.actions import Circle, tell
from shifan.mailbox.models import INTERNAL
from shifan.people import queries
from shifan.people.actions.roles import join, user_of
from shifan.people.models import Claim
from shifan.people.queries import people_of_units
from shifan.rulebook.base import Text
from shifan.rulebook.model import UnitType
from shifan.units.actions import register_unit
from shifan.units.models import Division, Unit


@transaction.atomic
def claim(
    *,
    programme: str,
    division: Division,
    kind: UnitType,
    name: str,
    grounds: str,
    actor: Actor,
    now: datetime,
) -> Claim:
    """Say to act for a place (``kind``, of the programme, is that of its area) or an organisation
    in it.

    Raises NotAllowed, BadInput for what does not fit, and Conflict while another claim is open.
    """
    policy.require(actor, "people.take_up")
    is_area = kind.area is not None
    if is_area and kind.area != division.level:
        raise BadInput(
            Text(zh=f"“{division.name}”不是{kind.name.zh}。",
                 en=f"{division.name} is not of the type {kind.name.en}.")
        )  # fmt: skip
    name = division.name if is_area else name.strip()[:120]
    grounds = grounds.strip()[:500]
    if not name or not grounds:
        raise BadInput(
            Text(zh="请写明单位名称和依据的文件。", en="Give the unit's name and the document.")
        )
    try:
        with transaction.atomic():
            made = Claim.objects.create(
                user_id=user_of(actor), programme=programme, division=division,
                unit_type=kind.id, name=name,
                is_area=is_area, grounds=grounds, made_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict(
            Text(zh="您还有一份认领待核实。", en="Another claim of yours is still open.")
        ) from error
    ledger.record(actor=actor.name, verb="unit.claimed", subject=made, at=now, name=name,
                  unit_type=kind.id, division=division.code)  # fmt: skip
    tier, people = queries.verifiers(programme, division, is_area=is_area)
    tell(
        Circle(people, "claim_waits", tier or INTERNAL), key=f"claim:{made.pk}", now=now,
        address=reverse("people:claim", args=[made.pk]),
        params={"where": name}, programme=programme,
    )  # fmt: skip
    return made


@transaction.atomic
def decide_claim(
    *, claim: Claim, granted: bool, reason: str, kind: UnitType, actor: Actor, now: datetime
) -> Unit | None:
    """Verify a claim, which makes the claimant lead of the unit, or refuse it with a reason.

    Raises NotAllowed unless the actor's office is the nearest above, Conflict if it is decided
    already, and BadInput without a reason.
    """
    found = queries.claims_to_verify(actor).filter(pk=claim.pk)
    row = found.select_related(None).select_for_update(of=("self",)).first()
    if row is None:
        raise NotAllowed
    if row.granted is not None:
        raise Conflict(Text(zh="该认领已有决定。", en="The claim is decided already."))
    reason = reason.strip()[:500]
    if not granted and not reason:
        raise BadInput(Text(zh="不予核实须说明理由。", en="A refusal needs its reason."))
    row.granted, row.reason = granted, reason
    row.decided_by_id, row.decided_at = actor.user_id, now
    row.save()
    ledger.record(actor=actor.name, verb="claim.granted" if granted else "claim.refused",
                  subject=row, at=now, reason=reason)  # fmt: skip
    unit = None
    if granted:
        unit = register_unit(name=row.name, kind=kind, division=row.division, actor=actor, now=now)
        leads = list(people_of_units([unit.pk], [Role.LEAD]))
        join(row.user_id, actor, now, unit=unit, role=Role.LEAD)
        tell(
            Circle(leads, "joined", "applicant"), key=f"joined:{row.pk}", now=now,
            unit_id=unit.pk, address=reverse("people:unit", args=[unit.pk]),
            params={"who": str(row.user), "where": unit.name}, programme=row.programme,
        )  # fmt: skip
    tell(
        Circle([row.user], "claim_granted" if granted else "claim_refused", "applicant"),
        key=f"decided:{row.pk}", now=now, unit_id=unit and unit.pk,
        address=reverse("people:people"), params={"where": row.name}, programme=row.programme,
    )  # fmt: skip
    return unit
