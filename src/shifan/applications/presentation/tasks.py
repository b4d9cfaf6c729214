"""Who answers for what in the unit, and how far each has come."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from shifan.applications.presentation.scores import Row
from shifan.statements.models import Task
from shifan.units.models import Department


@dataclass(frozen=True)
class Given:
    """A provision with the department that answers for it, if any."""

    row: Row
    task: Task | None
    overdue: bool

    @property
    def claimed(self) -> bool:
        """Whether it has to be stated at all: a bonus not claimed asks nothing of anybody."""
        return self.row.standing != "unclaimed"

    @property
    def done(self) -> bool:
        return self.claimed and self.row.standing != "open" and not self.row.lacks_evidence


@dataclass(frozen=True)
class Share:
    """What one department has: how many provisions, how many done and overdue, the next date.

    A bonus not claimed stands in the list and counts nowhere.
    """

    department: Department | None
    given: tuple[Given, ...]

    @property
    def count(self) -> int:
        return sum(each.claimed for each in self.given)

    @property
    def done(self) -> int:
        return sum(each.done for each in self.given)

    @property
    def overdue(self) -> int:
        return sum(each.overdue for each in self.given)

    @property
    def next_due(self) -> date | None:
        waiting = (each for each in self.given if each.claimed and not each.done)
        days = [each.task.due_on for each in waiting if each.task]
        return min((day for day in days if day), default=None)


def given(
    rows: dict[str, Row], provisions: list[str], tasks: list[Task], today: date
) -> list[Given]:
    """The provisions with their tasks; overdue if the day has passed and it is not done."""
    by_id = {task.provision: task for task in tasks}
    found = []
    for provision_id in provisions:
        task, row = by_id.get(provision_id), rows[provision_id]
        open_ = row.standing == "open" or row.lacks_evidence
        late = bool(task and task.due_on and task.due_on < today and open_)
        found.append(Given(row, task, late))
    return found


def shares(lines: list[Given]) -> list[Share]:
    """The same by department, those without one last."""
    groups: dict[int, list[Given]] = defaultdict(list)
    departments: dict[int, Department | None] = {0: None}
    for each in lines:
        key = each.task.department_id if each.task else 0
        departments[key] = each.task.department if each.task else None
        groups[key].append(each)
    ordered = sorted(groups, key=lambda key: (key == 0, str(departments[key])))
    return [Share(departments[key], tuple(groups[key])) for key in ordered]
