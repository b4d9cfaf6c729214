"""Who is told of tasks, and reminded of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse

from shifan.accounts.actor import Actor
from shifan.mailbox.actions import Circle, tell
from shifan.mailbox.models import INTERNAL
from shifan.mailbox.queries import still_to_tell
from shifan.people.queries import people_of_department, people_of_units
from shifan.proceedings.models import Proceeding
from shifan.statements.models import Fact, Task
from shifan.units.models import Department

AHEAD = timedelta(days=3)
"""How long before its day a task is first remembered."""


def given(
    proceeding: Proceeding, department: Department, clauses: list[str], due_on: date | None,
    actor: Actor, now: datetime,
) -> None:  # fmt: skip
    """Tell the department's contributors what they are to state."""
    tell(
        Circle(people_of_department(department.pk), "task_given", INTERNAL),
        key=f"given:{proceeding.pk}:{department.pk}:{now.isoformat()}",
        address=reverse("applications:tasks", args=[proceeding.pk]), now=now,
        unit_id=proceeding.unit_id, but=actor.user_id,
        params=_task(proceeding, department, clauses, due_on),
    )  # fmt: skip


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Remind departments of clauses not stated yet, once before their day and once on it.

    How many people were told. Running again, or after a day on which it did not run, tells nobody
    twice. Where a department has no contributors the unit's clerks are told.
    """
    rows = Task.objects.filter(due_on__isnull=False, due_on__gte=(now - timedelta(days=1)).date(),
                               due_on__lte=(now + AHEAD + timedelta(days=1)).date())  # fmt: skip
    rows = rows.select_related(
        "proceeding__unit", "proceeding__cycle", "proceeding__rulebook", "department"
    ).defer("proceeding__rulebook__content")
    rows = rows.order_by("proceeding_id", "department_id", "due_on", "id")
    told = 0
    groups = groupby(rows, key=lambda each: (each.proceeding, each.department, each.due_on))
    for (proceeding, department, due_on), tasks in groups:
        today = now.astimezone(ZoneInfo(proceeding.measures.time_zone)).date()
        own = proceeding.measures.sources_of("applicant")
        if not today <= due_on <= today + AHEAD or not own & _writes(proceeding):
            continue
        stated = Fact.objects.filter(
            proceeding=proceeding, source__in=own, superseded_at=None
        ).values_list("provision", flat=True)
        left = sorted({task.provision for task in tasks} - set(stated))
        if not left:
            continue
        people = people_of_department(department.pk)
        if not people.exists():
            people = people_of_units([proceeding.unit_id], ("clerk",))
        when = "today" if due_on == today else "before"
        key = f"due:{proceeding.pk}:{department.pk}:{due_on}:{when}"
        untold = still_to_tell(people, key)
        tell(
            Circle(untold, "task_due", INTERNAL), key=key, now=now,
            address=reverse("applications:tasks", args=[proceeding.pk]),
            unit_id=proceeding.unit_id, params=_task(proceeding, department, left, due_on),
        )  # fmt: skip
        told += len(untold)
    return told


def _writes(proceeding: Proceeding) -> set[str]:
    return set(proceeding.measures.application.stage(proceeding.stage).writes)


def _task(
    proceeding: Proceeding, department: Department, clauses: list[str], due_on: date | None
) -> dict[str, Any]:
    return {
        "unit": proceeding.called, "department": department.name, "n": len(clauses),
        "clauses": ", ".join(clauses), "due": due_on.isoformat() if due_on else "",
    }  # fmt: skip
