"""Who is told that a proceeding moved: those it concerns, and those it now waits for."""

from __future__ import annotations

from django.urls import reverse

from shifan.accounts.models import User
from shifan.accounts.queries import people_of_office, people_of_units
from shifan.mailbox.actions import Circle, tell
from shifan.mailbox.models import INTERNAL
from shifan.proceedings.models import APPLICANT, PARTNER
from shifan.proceedings.rooms import Deed
from shifan.rulebook.base import Text
from shifan.rulebook.procedures import ByCapacity


def moved(deed: Deed) -> None:
    """Tell the unit concerned, with those that apply jointly, where its matter is, and whoever's
    turn it is that it waits.

    It is the turn of whoever makes the stage's first move.
    """
    proceeding, move, step = deed.file.proceeding, deed.move, deed.step
    measures, unit, procedure = proceeding.measures, proceeding.unit, proceeding.procedure
    target = procedure.stage(step.to_stage)
    turn = target.moves[0].office if target.moves else ""
    joint = [p.unit_id for p in proceeding.present if p.capacity == PARTNER and p.agreed]
    circles = [
        Circle(
            people_of_units([unit.pk, *joint], ("lead", "clerk")),
            kind="returned" if move.returns else "waits" if turn == APPLICANT else "moved",
            office=APPLICANT if proceeding.tiers else INTERNAL,
        )
    ]
    if turn not in ("", APPLICANT):
        roles = {way.role for way in target.moves if way.office == turn}
        office = measures.office_of(turn, proceeding.channel)
        people = people_of_office(office, roles, unit.division.path)
        circles.append(Circle(people, kind="waits", office=office))
    capacities = {m.by.capacity for m in target.moves if isinstance(m.by, ByCapacity)}
    mine = [p.user_id for p in proceeding.present if p.user_id and p.capacity in capacities]
    if mine:
        circles.append(Circle(User.objects.filter(pk__in=mine), kind="waits", office=INTERNAL))
    page = "applications:workspace" if proceeding.cycle_id else "proceedings:show"
    tell(
        *circles, key=f"step:{step.pk}", now=deed.now, unit_id=unit.pk, but=deed.actor.user_id,
        address=reverse(page, args=[proceeding.pk]),
        params={
            "unit": unit.name, "stage": words(target.name),
            "office": words(procedure.stage(step.from_stage).name),
        },
    )  # fmt: skip


def words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en or ""}
