"""Who is told of what happened to an application."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from shifan.accounts.actor import Actor
from shifan.mailbox.actions import Circle, tell
from shifan.mailbox.models import INTERNAL
from shifan.people.queries import people_of_units
from shifan.proceedings.models import Party


def asked_to_join(partner: Party, now: datetime) -> None:
    """Tell the leads of a unit that another asks it to apply jointly."""
    tell(
        Circle(people_of_units([partner.unit_id], ("lead",)), "asked_to_join", INTERNAL),
        key=f"join:{partner.pk}", now=now, unit_id=partner.unit_id,
        address=reverse("applications:list"),
        params={"unit": partner.proceeding.called, "partner": _name(partner)},
    )  # fmt: skip


def answered(partner: Party, actor: Actor, now: datetime) -> None:
    """Tell the unit that leads what the other one answered."""
    proceeding = partner.proceeding
    people = people_of_units([proceeding.unit_id], ("lead", "clerk"))
    tell(
        Circle(people, "agreed_to_join" if partner.agreed else "refused_to_join", INTERNAL),
        key=f"joined:{partner.pk}", now=now, unit_id=proceeding.unit_id, but=actor.user_id,
        address=reverse("applications:partners", args=[proceeding.pk]),
        params={"unit": proceeding.called, "partner": _name(partner)},
    )  # fmt: skip


def _name(partner: Party) -> str:
    assert partner.unit is not None, "a partner is a unit"
    return partner.unit.name
