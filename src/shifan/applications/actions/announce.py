"""Who is told of what happened to an application."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse

from shifan.accounts.actor import Actor
from shifan.accounts.queries import people_of_department, people_of_office, people_of_units
from shifan.applications.assessment import Assessment
from shifan.applications.models import Application, Fact, Partner, Step, Task
from shifan.mailbox.actions import Circle, tell
from shifan.mailbox.models import INTERNAL
from shifan.mailbox.queries import still_to_tell
from shifan.rulebook.base import Text
from shifan.rulebook.procedures import Move
from shifan.units.models import Department

AHEAD = timedelta(days=3)
"""How long before its day a task is first remembered."""


def moved(assessment: Assessment, move: Move, step: Step, actor: Actor, now: datetime) -> None:
    """Tell the applicant, with those that apply jointly, where its file is, and the office whose
    turn it is that it waits.

    It is the turn of whoever makes the stage's first move.
    """
    application = assessment.application
    measures, unit = application.measures, application.unit
    target, source = (
        measures.application.stage(application.stage),
        measures.application.stage(step.from_stage),
    )
    turn = target.moves[0].office if target.moves else ""
    applying = [unit.pk, *(each.unit_id for each in assessment.partners if each.agreed)]
    circles = [
        Circle(
            people_of_units(applying, ("lead", "clerk")),
            kind="returned" if move.returns else "waits" if turn == "applicant" else "moved",
            office="applicant" if application.tiers else INTERNAL,
        )
    ]
    if turn not in ("", "applicant"):
        roles = {way.role for way in target.moves if way.office == turn}
        office = measures.office_of(turn, application.channel)
        people = people_of_office(office, roles, unit.division.path)
        circles.append(Circle(people, kind="waits", office=office))
    tell(
        *circles, key=f"step:{step.pk}", now=now, unit_id=unit.pk, but=actor.user_id,
        address=reverse("applications:workspace", args=[application.pk]),
        params={"unit": unit.name, "stage": _words(target.name), "office": _words(source.name)},
    )  # fmt: skip


def asked_to_join(partner: Partner, now: datetime) -> None:
    """Tell the leads of a unit that another asks it to apply jointly."""
    tell(
        Circle(people_of_units([partner.unit_id], ("lead",)), "asked_to_join", INTERNAL),
        key=f"join:{partner.pk}", now=now, unit_id=partner.unit_id,
        address=reverse("applications:list"),
        params={"unit": partner.application.unit.name, "partner": partner.unit.name},
    )  # fmt: skip


def answered(partner: Partner, actor: Actor, now: datetime) -> None:
    """Tell the unit that leads what the other one answered."""
    application = partner.application
    people = people_of_units([application.unit_id], ("lead", "clerk"))
    tell(
        Circle(people, "agreed_to_join" if partner.agreed else "refused_to_join", INTERNAL),
        key=f"joined:{partner.pk}", now=now, unit_id=application.unit_id, but=actor.user_id,
        address=reverse("applications:partners", args=[application.pk]),
        params={"unit": application.unit.name, "partner": partner.unit.name},
    )  # fmt: skip


def given(
    application: Application, department: Department, clauses: list[str], due_on: date | None,
    actor: Actor, now: datetime,
) -> None:  # fmt: skip
    """Tell the department's contributors what they are to state."""
    tell(
        Circle(people_of_department(department.pk), "task_given", INTERNAL),
        key=f"given:{application.pk}:{department.pk}:{now.isoformat()}",
        address=reverse("applications:tasks", args=[application.pk]), now=now,
        unit_id=application.unit_id, but=actor.user_id,
        params=_task(application, department, clauses, due_on),
    )  # fmt: skip


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Remind departments of clauses not stated yet, once before their day and once on it.

    How many people were told. Running again, or after a day on which it did not run, tells nobody
    twice. Where a department has no contributors the unit's clerks are told.
    """
    rows = Task.objects.filter(due_on__isnull=False, due_on__gte=(now - timedelta(days=1)).date(),
                               due_on__lte=(now + AHEAD + timedelta(days=1)).date())  # fmt: skip
    rows = rows.select_related("application__unit", "application__cycle__rulebook", "department")
    rows = rows.order_by("application_id", "department_id", "due_on", "id")
    told = 0
    groups = groupby(rows, key=lambda each: (each.application, each.department, each.due_on))
    for (application, department, due_on), tasks in groups:
        today = now.astimezone(ZoneInfo(application.measures.time_zone)).date()
        own = application.measures.sources_of("applicant")
        if not today <= due_on <= today + AHEAD or not own & _writes(application):
            continue
        stated = Fact.objects.filter(
            application=application, source__in=own, superseded_at=None
        ).values_list("provision", flat=True)
        left = sorted({task.provision for task in tasks} - set(stated))
        if not left:
            continue
        people = people_of_department(department.pk)
        if not people.exists():
            people = people_of_units([application.unit_id], ("clerk",))
        when = "today" if due_on == today else "before"
        key = f"due:{application.pk}:{department.pk}:{due_on}:{when}"
        untold = still_to_tell(people, key)
        tell(
            Circle(untold, "task_due", INTERNAL), key=key, now=now,
            address=reverse("applications:tasks", args=[application.pk]),
            unit_id=application.unit_id, params=_task(application, department, left, due_on),
        )  # fmt: skip
        told += len(untold)
    return told


def _writes(application: Application) -> set[str]:
    return set(application.measures.application.stage(application.stage).writes)


def _task(
    application: Application, department: Department, clauses: list[str], due_on: date | None
) -> dict[str, Any]:
    return {
        "unit": application.unit.name, "department": department.name, "n": len(clauses),
        "clauses": ", ".join(clauses), "due": due_on.isoformat() if due_on else "",
    }  # fmt: skip


def _words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en or ""}
