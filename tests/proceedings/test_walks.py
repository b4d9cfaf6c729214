"""Random legal moves over every book: the book explains whatever happens, and the state holds."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from tests.oracles.naive_titles import Happened, state

from shifan.accounts.actor import SYSTEM, Actor
from shifan.accounts.models import User
from shifan.applications.actions import start
from shifan.cycles.actions import open_cycle, publish
from shifan.decisions.actions import gather, object_to, open_batch
from shifan.decisions.queries import candidates, lines, startable
from shifan.demo.facts import plausible
from shifan.errors import DomainError
from shifan.ledger.queries import verify
from shifan.people.models import Membership
from shifan.people.queries import actor_of
from shifan.proceedings import rooms
from shifan.proceedings.actions import assign, make_move, speak
from shifan.proceedings.models import Proceeding, Snapshot, Step, Turn
from shifan.proceedings.queries import APPLYING
from shifan.process.moves import refusals
from shifan.proof.digest import sealed_as
from shifan.rulebook.loader import load
from shifan.rulebook.procedures import ByCapacity, ByOffice, Party
from shifan.statements.models import Fact
from shifan.titles.actions import Cause, Term, award
from shifan.titles.models import Event, Title, What
from shifan.titles.openings import strike
from shifan.titles.queries import standing
from shifan.units.actions import register_unit
from shifan.units.models import Division, Unit

BOOKS = ("geoparks/1", "certification", "council", "minimal", "neac_life")
WALKS = int(os.environ.get("SHIFAN_WALKS", "1"))
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Walker:
    """A unit, everybody who could have to do with it, and a clock."""

    def __init__(self, name: str, chance: random.Random) -> None:
        self.chance, self.now = chance, BEGIN
        self.book = load(name if "/" in name else f"tests/books/{name}")
        published = publish(book=self.book, actor=SYSTEM, now=BEGIN)
        cycle = open_cycle(
            rulebook=published, year=2026, batch=1, actor=SYSTEM, now=BEGIN, exercise=True
        )
        kind = self.book.measures.unit_type(next(iter(self.book.indicators)))
        level = kind.area or "county"
        division = Division.objects.filter(level=level, path__startswith="/53/").first()
        assert division is not None
        self.unit = register_unit(name="甲", kind=kind, division=division, actor=SYSTEM, now=BEGIN)
        self.users = self._people()
        for tier in self.book.measures.tiers[1:]:
            award(
                unit=self.unit, programme=self.book.measures.programme, level=tier.id,
                term=Term(BEGIN.date()), cause=Cause(source="test"), actor=SYSTEM, now=BEGIN,
                exercise=True,
            )  # fmt: skip
        self.published, self.cycle = published, cycle
        self.apply()

    def apply(self) -> None:
        """The unit applies, with everything stated well."""
        clerk = actor_of(self.users["clerk"])
        file = start(unit=self.unit, cycle=self.cycle, actor=clerk, now=self.now)
        facts = plausible(file.indicators, 1.0, self.chance)
        by_id = file.indicators.by_id
        Fact.objects.bulk_create(
            Fact(proceeding=file, provision=each, source=by_id[each].input.from_[0],
                 values=values, stated_at=BEGIN)
            for each, values in facts.items()
        )  # fmt: skip

    def _people(self) -> dict[str, User]:
        users = {}
        for role in ("lead", "clerk"):
            users[role] = User.objects.create(username=role)
            Membership.objects.create(user=users[role], role=role, unit=self.unit)
        for tier in self.book.measures.tiers:
            for role in ("reviewer", "approver", "officer"):
                users[f"{tier.id} {role}"] = user = User.objects.create(
                    username=f"{tier.id}-{role}"
                )
                Membership.objects.create(
                    user=user,
                    role=role,
                    programme=self.book.measures.programme,
                    tier=tier.id,
                    area=Division.objects.get(code="0"),
                )
        return users

    def open_ones(self) -> list[Proceeding]:
        return list(Proceeding.objects.filter(closed_at=None).order_by("created_at", "pk"))

    def wander(self) -> None:
        """One thing happens: somebody is named, somebody moves, or time passes."""
        applying = Proceeding.objects.filter(APPLYING, closed_at=None).exists()
        if not applying and not Title.objects.filter(level=self.book.measures.tiers[0].id):
            self.cycle = open_cycle(
                rulebook=self.published, year=self.cycle.year + 1, batch=1, actor=SYSTEM,
                now=self.now, exercise=True,
            )  # fmt: skip
            self.now = self.now.replace(year=self.cycle.year, month=3, day=2)
            strike(now=self.now)
            self.apply()
        if self.chance.random() < (0.1 if applying else 0.3) or not self.open_ones():
            days = [1, 10] if applying else [1, 10, 40, 100, 200]
            self.now += timedelta(days=self.chance.choice(days))
            strike(now=self.now)
            return
        if self.chance.random() < 0.3:
            self._put_together()
        proceeding = self.chance.choice(self.open_ones())
        self._name(proceeding)
        ways = list(self._open(proceeding))
        if ways:
            self.chance.choice(ways)()

    def _put_together(self) -> None:
        """A batch is begun, or filled, or somebody objects to one of its lines."""
        office = actor_of(self.users[f"{self.book.measures.tiers[0].id} officer"])
        for cycle, procedure, area in startable(office):
            with suppress(DomainError):
                open_batch(
                    cycle=cycle, procedure_id=procedure.id, area=area, actor=office, now=self.now
                )
        approver = actor_of(self.users[f"{self.book.measures.tiers[0].id} approver"])
        for batch in Proceeding.objects.filter(unit=None, closed_at=None):
            files = list(candidates(batch).values_list("pk", flat=True))
            if files:
                gather(batch=batch, files=files, actor=approver, now=self.now)
            for line in lines(batch):
                with suppress(DomainError):
                    object_to(batch=batch, line=line.pk, text=str(self.now), now=self.now)

    def _name(self, proceeding: Proceeding) -> None:
        """Fill the capacities of the procedure with people who are free of conflicts."""
        for party in proceeding.procedure.parties:
            held = sum(p.capacity == party.capacity for p in proceeding.present)
            if party.assigned_by is not None:
                for _ in range(min(party.number, 3) - held):
                    self._fill(proceeding, party, self._who(party.assigned_by))

    def _fill(self, proceeding: Proceeding, party: Party, actor: Actor) -> None:
        if party.kind == "person":
            user = User.objects.create(username=f"p{User.objects.count()}")
            who: dict[str, Any] = {"user": user}
        else:
            kind = self.book.measures.unit_type(self.unit.unit_type)
            far = Division.objects.filter(level="county", path__startswith="/43/").first()
            assert far is not None
            there = Unit.objects.filter(division=far, is_area=True).first()
            name = f"u{Unit.objects.count()}"
            who = {"unit": there or register_unit(
                name=name, kind=kind, division=far, actor=SYSTEM, now=self.now
            )}  # fmt: skip
            user = User.objects.create(username=f"o{User.objects.count()}")
            Membership.objects.create(user=user, role="lead", unit=who["unit"])
        with suppress(DomainError):
            assign(proceeding=proceeding, capacity=party.capacity, actor=actor, now=self.now, **who)

    def _who(self, by: ByOffice) -> Actor:
        name = by.role if by.office == "applicant" else f"{by.office} {by.role}"
        return actor_of(self.users[name])

    def _open(self, proceeding: Proceeding) -> Iterator[Any]:
        file = rooms.read([proceeding], self.now)[0]
        for move in file.situation.stage.moves:
            ends = file.situation.procedure.stage(move.to).final and not move.effects
            if refusals(file.situation, move, self.now) or (ends and self.chance.random() < 0.8):
                continue
            if isinstance(move.by, ByOffice):
                yield partial(
                    make_move, proceeding=proceeding, move_id=move.id, actor=self._who(move.by),
                    now=self.now, reason="x", document="x",
                )  # fmt: skip
            elif isinstance(move.by, ByCapacity):
                for party in proceeding.present:
                    if party.capacity == move.by.capacity:
                        yield partial(self._speak, proceeding, move, party)

    def _speak(self, proceeding: Proceeding, move: Any, party: Any) -> None:
        user = party.user
        if user is None:
            leads = User.objects.filter(memberships__unit=party.unit_id, memberships__role="lead")
            user = leads[0]
        speak(proceeding=proceeding, choice=move.id, actor=actor_of(user), now=self.now, reason="x")


def invariants(walker: Walker) -> None:
    measures = walker.book.measures
    for step in Step.objects.select_related("proceeding"):
        stages = {
            stage.id: stage for stage in measures.procedure(step.proceeding.procedure_id).stages
        }
        assert step.to_stage in stages
        if step.from_stage:
            moves = {(m.id, m.to) for m in stages[step.from_stage].moves}
            assert (step.move, step.to_stage) in moves, "every step is explained by the book"
        assert sealed_as(Snapshot.objects.get(pk=step.sealed).content, step.sealed) is not None
    for each in Proceeding.objects.all():
        stage = each.procedure.stage(each.stage)
        assert (each.closed_at is not None) == stage.final
        assert stage.final or Turn.objects.filter(proceeding=each).exists(), (
            f"{each.procedure_id} {each.stage}: nobody's turn"
        )
    for title in Title.objects.all():
        rows = list(title.events.order_by("pk"))
        order = {row.pk: number for number, row in enumerate(rows)}
        events = [
            Happened(order[e.pk], e.what, e.holds_from, e.recorded_at, e.until,
                     order[e.undoes_id] if e.undoes_id else None)
            for e in rows
        ]  # fmt: skip
        on = walker.now.date()
        assert str(standing(title, on).state) == state(events, on, walker.now)[0]
    lifted = Event.objects.filter(what=What.REINSTATED).values_list("undoes", flat=True)
    assert len(lifted) == len(set(lifted)), "each suspension is lifted by a lifting of its own"
    assert verify()["ok"] is True


@pytest.mark.parametrize("walk", range(WALKS))
@pytest.mark.parametrize("name", BOOKS)
def test_every_walk_over_a_book_is_explained_by_it(divisions, name, walk):
    walker = Walker(name, random.Random(f"{name} {walk}"))

    for _ in range(40):
        walker.wander()

    invariants(walker)
