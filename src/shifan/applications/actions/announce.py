"""Who is told of what happened to an application."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from shifan.accounts.actor import Actor
from shifan.accounts.queries import people_of_office, people_of_units
from shifan.mailbox.actions import Circle, tell
from shifan.mailbox.models import INTERNAL
from shifan.proceedings.models import Partner, Step
from shifan.rulebook.base import Text
from shifan.rulebook.procedures import Move
from shifan.statements.assessment import Assessment


def moved(assessment: Assessment, move: Move, step: Step, actor: Actor, now: datetime) -> None:
    """Tell the applicant, with those that apply jointly, where its file is, and the office whose
    turn it is that it waits.

    It is the turn of whoever makes the stage's first move.
    """
    proceeding = assessment.proceeding
    measures, unit = proceeding.measures, proceeding.unit
    target, source = (
        measures.application.stage(proceeding.stage),
        measures.application.stage(step.from_stage),
    )
    turn = target.moves[0].office if target.moves else ""
    applying = [unit.pk, *(each.unit_id for each in assessment.partners if each.agreed)]
    circles = [
        Circle(
            people_of_units(applying, ("lead", "clerk")),
            kind="returned" if move.returns else "waits" if turn == "applicant" else "moved",
            office="applicant" if proceeding.tiers else INTERNAL,
        )
    ]
    if turn not in ("", "applicant"):
        roles = {way.role for way in target.moves if way.office == turn}
        office = measures.office_of(turn, proceeding.channel)
        people = people_of_office(office, roles, unit.division.path)
        circles.append(Circle(people, kind="waits", office=office))
    tell(
        *circles, key=f"step:{step.pk}", now=now, unit_id=unit.pk, but=actor.user_id,
        address=reverse("applications:workspace", args=[proceeding.pk]),
        params={"unit": unit.name, "stage": _words(target.name), "office": _words(source.name)},
    )  # fmt: skip


def asked_to_join(partner: Partner, now: datetime) -> None:
    """Tell the leads of a unit that another asks it to apply jointly."""
    tell(
        Circle(people_of_units([partner.unit_id], ("lead",)), "asked_to_join", INTERNAL),
        key=f"join:{partner.pk}", now=now, unit_id=partner.unit_id,
        address=reverse("applications:list"),
        params={"unit": partner.proceeding.unit.name, "partner": partner.unit.name},
    )  # fmt: skip


def answered(partner: Partner, actor: Actor, now: datetime) -> None:
    """Tell the unit that leads what the other one answered."""
    proceeding = partner.proceeding
    people = people_of_units([proceeding.unit_id], ("lead", "clerk"))
    tell(
        Circle(people, "agreed_to_join" if partner.agreed else "refused_to_join", INTERNAL),
        key=f"joined:{partner.pk}", now=now, unit_id=proceeding.unit_id, but=actor.user_id,
        address=reverse("applications:partners", args=[proceeding.pk]),
        params={"unit": proceeding.unit.name, "partner": partner.unit.name},
    )  # fmt: skip


def _words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en or ""}
