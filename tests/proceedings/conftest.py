"""A geopark network as it runs: an area that applies, two evaluators, the secretariat, a clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shifan.accounts.actor import SYSTEM, Actor
from shifan.accounts.models import User
from shifan.applications.actions import start
from shifan.cycles.actions import open_cycle, publish
from shifan.cycles.models import Cycle
from shifan.people.models import Membership
from shifan.people.queries import actor_of
from shifan.proceedings.actions import assign, make_move, settle, speak
from shifan.proceedings.models import Proceeding
from shifan.rulebook.loader import load
from shifan.statements.actions import state_fact
from shifan.titles.models import Title
from shifan.titles.openings import open_due
from shifan.titles.queries import standing
from shifan.units.actions import register_unit
from shifan.units.models import Division, Unit

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class Network:
    """The book in use; ``now`` moves on as the test says."""

    cycle: Cycle
    unit: Unit
    users: dict[str, User]
    now: datetime = BEGIN
    actors: dict[str, Actor] = field(default_factory=dict)

    def who(self, name: str) -> Actor:
        return actor_of(self.users[name])

    def go_to(self, moment: datetime) -> None:
        """Time passes: the clock moves what is due, and begins what has to begin."""
        self.now = moment
        while open_due(now=moment) + settle(now=moment):
            pass

    def pass_(self, **time: float) -> None:
        self.go_to(self.now + timedelta(**time))

    def apply(self) -> Proceeding:
        file = start(unit=self.unit, cycle=self.cycle, actor=self.who("clerk"), now=self.now)
        for clause in file.indicators.clauses:
            column = clause.input.name
            value = {"boolean": "true", "integer": "100", "percent": "100"}.get(clause.input.type)
            state_fact(
                proceeding=file, provision_id=clause.id, source="self", actor=self.who("clerk"),
                raw={column: value or "100"}, now=self.now,
            )  # fmt: skip
        return file

    def move(self, file: Proceeding, move: str, who: str, **more: Any) -> Proceeding:
        made = make_move(proceeding=file, move_id=move, actor=self.who(who), now=self.now, **more)
        return Proceeding.objects.get(pk=made.proceeding_id)

    def agree(self, file: Proceeding, choice: str, reason: str = "") -> Proceeding:
        for name in ("eva", "adam"):
            speak(proceeding=file, choice=choice, actor=self.who(name), now=self.now, reason=reason)
        return Proceeding.objects.get(pk=file.pk)

    def evaluators(self, file: Proceeding) -> None:
        for name in ("eva", "adam"):
            assign(
                proceeding=file, capacity="evaluator", user=self.users[name],
                actor=self.who("officer"), now=self.now,
            )  # fmt: skip

    def member(self) -> Title:
        """The area becomes a member, with a green card."""
        file = self.move(self.apply(), "submit", "lead")
        self.evaluators(file)
        self.move(file, "send", "officer")
        self.agree(file, "recommend")
        self.move(file, "award", "approver")
        return Title.objects.get(unit=self.unit)

    def state(self, title: Title) -> tuple[str, str]:
        found = standing(title, self.now.date())
        return str(found.state), found.term.grade if found.term else ""

    def running(self, procedure: str) -> Proceeding:
        return Proceeding.objects.get(procedure_id=procedure, closed_at=None)


@pytest.fixture
def network(divisions: None) -> Network:
    book = load("geoparks/1")
    published = publish(book=book, actor=SYSTEM, now=BEGIN)
    cycle = open_cycle(rulebook=published, year=2026, batch=1, actor=SYSTEM, now=BEGIN)
    division = Division.objects.get(code="530402")
    unit = register_unit(
        name="抚仙湖", kind=book.measures.unit_type("geopark"), division=division, actor=SYSTEM,
        now=BEGIN,
    )  # fmt: skip
    names = ("lead", "clerk", "officer", "approver", "eva", "adam", "stranger")
    users = {name: User.objects.create(username=name) for name in names}
    country = Division.objects.get(code="0")
    for name in ("lead", "clerk"):
        Membership.objects.create(user=users[name], role=name, unit=unit)
    for name in ("officer", "approver"):
        Membership.objects.create(
            user=users[name], role=name, programme="geoparks", tier="network", area=country
        )
    return Network(cycle, unit, users)
