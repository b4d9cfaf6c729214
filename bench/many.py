"""Many at once: 500 files named in one go, 2,000 titles that lapse in one night.

In the process, on a throw-away database, while another process states facts one by one; how long
those took stands beside. Yardstick: bare inserts of one committed row each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.figures import Figure, Goal

HERE = {"programme": "geoparks", "office": "network", "place": "/1/"}
LINES, TITLES, WAIT = 500, 2_000, 0.2
MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)


def figures() -> Iterator[Figure]:
    """Seconds of each, and the longest that a single fact took meanwhile."""
    with tempfile.TemporaryDirectory() as state:
        os.environ |= {"SHIFAN_STATE": state, "SHIFAN_DEMO": "1"}
        from shifan.cli.django import database

        with database():
            from shifan.schema import migrate

            migrate()
            yield from _measured()


def _measured() -> Iterator[Figure]:
    from shifan.ledger.queries import verify
    from shifan.proceedings.actions import make_moves, settle
    from shifan.titles.openings import open_due

    yield Figure("bare inserts, one committed row each", _bare(), unit="rows/s")
    world = World()
    _settled()
    files, officer = world.noticed(LINES)
    taken, longest, facts = _beside(
        world, lambda: make_moves(proceedings=files, move_id="award", actor=officer,
                                  now=world.decided, document="x"),
    )  # fmt: skip
    yield Figure(f"{LINES} named in one go", taken, (Goal(3.0),), "s")
    yield Figure("  a single fact meanwhile, at worst", longest, (Goal(WAIT),), "s")
    yield Figure("  single facts meanwhile", float(facts), unit="facts")
    world.members(TITLES - LINES)
    _settled()
    before_end = datetime(2029, 9, 3, tzinfo=UTC)
    taken, longest, _ = _beside(world, lambda: open_due(now=before_end))
    yield Figure(f"{TITLES} revalidations opened", taken, (), "s")
    yield Figure("  a single fact meanwhile, at worst", longest, (), "s")
    _settled()
    after_end = datetime(2030, 3, 9, tzinfo=UTC)
    entries = world.entries()
    taken, longest, facts = _beside(world, lambda: settle(now=after_end))
    yield Figure(f"{TITLES} titles lapse in one night", taken, (Goal(30.0),), "s")
    yield Figure("  a single fact meanwhile, at worst", longest, (Goal(WAIT),), "s")
    yield Figure("  single facts meanwhile", float(facts), unit="facts")
    yield Figure("  titles that lapsed", float(world.lapsed()), (Goal(TITLES, at_least=True),))
    assert verify()["ok"] and world.entries() > entries


def _bare() -> float:
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE yardstick (at timestamptz)")
        started = time.perf_counter()
        for _ in range(1000):
            with transaction.atomic():
                cursor.execute("INSERT INTO yardstick VALUES (now())")
        return 1000 / (time.perf_counter() - started)


def _settled() -> None:
    """As a database is that has run for a while: its statistics are there, its addresses read."""
    from django.db import connection
    from django.urls import reverse

    reverse("home")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _beside(world: World, work: Callable[[], object]) -> tuple[float, float, int]:
    """How long the work took, and the longest of the single facts that another process stated
    meanwhile, how many."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "waits"
        other = subprocess.Popen(
            [sys.executable, "-m", "bench.many", str(world.draft.pk), str(log)]
        )
        while not log.exists():
            time.sleep(0.05)
        started = time.perf_counter()
        work()
        taken = time.perf_counter() - started
        other.terminate()
        other.wait(30)
        waits = [float(line) for line in log.read_text().split()]
    return taken, max(waits, default=0.0), len(waits)


def _state_facts(draft: str, log: str) -> None:
    """Another process: one fact after the other, how long each took."""
    from shifan.cli.django import database

    with database():
        from shifan.accounts.actor import Actor
        from shifan.proceedings.models import Proceeding
        from shifan.statements.actions import state_fact

        file = Proceeding.objects.get(pk=draft)
        clause = file.indicators.clauses[0]
        clerk = Actor("c", units=frozenset({(file.unit_id, "clerk")}))
        with Path(log).open("w", buffering=1) as waits:
            for count in range(1_000_000):
                started = time.perf_counter()
                state_fact(
                    proceeding=Proceeding.objects.get(pk=draft), provision_id=clause.id,
                    source="self", raw={clause.input.name: str(count % 2 == 0).lower()},
                    actor=clerk, now=MARCH,
                )  # fmt: skip
                if count > 2:
                    waits.write(f"{time.perf_counter() - started}\n")


class World:
    """A geopark network with as many areas as asked for, and one that works on its draft."""

    def __init__(self) -> None:
        from shifan.accounts.actor import SYSTEM, Actor, Office
        from shifan.applications.actions import start
        from shifan.cycles.actions import open_cycle, publish
        from shifan.rulebook.loader import load
        from shifan.units.models import Division

        self.book = load("tests/books/geopark")
        published = publish(book=self.book, actor=SYSTEM, now=MARCH)
        self.cycle = open_cycle(rulebook=published, year=2026, batch=1, actor=SYSTEM, now=MARCH)
        country = Division.objects.create(code="0", name="c", level="country", path="/")
        self.place = Division.objects.create(
            code="1", name="p", level="province", parent=country, path="/1/"
        )
        self.officer = Actor(
            "o", offices=frozenset({Office("geoparks", "network", "approver", "/")})
        )
        unit = self._units(1)[0]
        self.clerk = Actor("c", units=frozenset({(unit.pk, "clerk")}))
        self.draft = start(unit=unit, cycle=self.cycle, actor=self.clerk, now=MARCH)
        self.decided = MARCH + timedelta(days=1)

    def noticed(self, count: int) -> tuple[list[Any], Any]:
        """So many files before the council, recommended by the evaluators."""
        from shifan.proceedings.models import Party, Proceeding, Step
        from shifan.proceedings.turns import take_up

        files = Proceeding.objects.bulk_create(
            Proceeding(
                id=uuid4(), rulebook=self.cycle.rulebook, procedure_id="application", unit=unit,
                cycle=self.cycle, about=unit.pk, matter=unit.pk, stage="council",
                stage_since=MARCH, created_at=MARCH,
            )
            for unit in self._units(count)
        )  # fmt: skip
        for capacity, fields in (
            ("applicant", lambda file: {"unit_id": file.unit_id}),
            ("network", lambda file: HERE),
        ):
            Party.objects.bulk_create(
                Party(proceeding=file, capacity=capacity, named_at=MARCH, **fields(file))
                for file in files
            )
        for move, stage in (("start", "draft"), ("recommend", "council")):
            Step.objects.bulk_create(
                Step(proceeding=file, move=move, to_stage=stage, at=MARCH, recorded_at=MARCH,
                     total=0)
                for file in files
            )  # fmt: skip
        take_up()
        return files, self.officer

    def members(self, count: int) -> None:
        """So many more areas with a green card."""
        from shifan.proceedings.actions import make_moves

        files, officer = self.noticed(count)
        make_moves(
            proceedings=files, move_id="award", actor=officer, now=self.decided, document="x"
        )

    def _units(self, count: int) -> list[Any]:
        from shifan.units.models import Unit

        return Unit.objects.bulk_create(
            Unit(name=uuid4().hex, unit_type="geopark", division=self.place) for _ in range(count)
        )

    def entries(self) -> int:
        from shifan.ledger.models import Entry

        return Entry.objects.count()

    def lapsed(self) -> int:
        from shifan.titles.models import Event

        return Event.objects.filter(what="lapsed", holds_from__gte=date(2030, 1, 1)).count()


if __name__ == "__main__":
    _state_facts(*sys.argv[1:])
