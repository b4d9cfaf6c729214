"""The clerk's page and the officer's list: a workspace of 58 clauses and 300 files, and a list of
50,000 applications read by an ordinary reviewer. A throw-away database, no network in between.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from bench.figures import Figure, Goal, Times

FILES, APPLICATIONS, ROUNDS = 300, 50_000, 15
LISTS = (
    ("a page of it", ""),
    ("by stage", "?stage=acceptance"),
    ("by stage and verdict", "?stage=acceptance&verdict=reached"),
    ("by name", "?q=98"),
    ("a late page", "?page=900"),
    ("by points", "?sort=-points"),
    ("the most urgent first", "?sort=due"),
    ("late ones", "?late=1"),
)
"""What is asked of the list, and how."""


def figures() -> Iterator[Figure]:
    """Seconds and queries of the pages, each goal beside its figure."""
    from bench.pages import SHIFAN, _serving

    with tempfile.TemporaryDirectory() as state:
        os.environ |= {"SHIFAN_STATE": state, "SHIFAN_DEMO": "1"}
        with _serving(SHIFAN, "serve", "--workers", "1"):
            pass
        from shifan.cli.django import database

        with database():
            yield from _measured()


def _measured() -> Iterator[Figure]:
    from shifan.proceedings.models import Proceeding

    draft = Proceeding.objects.get(stage="draft")
    _attach(draft)
    _many(draft)
    pages = (
        ("workspace, 58 clauses and 300 files", "clerk", f"/applications/{draft.pk}/", 20),
        ("home, 50,000 applications behind it", "national-officer", "/", 20),
        ("board over 50,000", "national-officer", "/board/", 20),
        *(
            (f"list of 50,000 as {reader}: {what}", username, f"/applications/{asked}", None)
            for reader, username in (("the nation", "national-reviewer"),
                                     ("a province of some thousand", "province-reviewer"))
            for what, asked in LISTS
        ),
    )  # fmt: skip
    for what, username, address, most in pages:
        times, queries = _page(username, address)
        yield Figure(what, times, (Goal(0.3),))
        yield Figure("  of the database", float(queries), (Goal(most),) if most else (), "queries")


def _attach(draft: Any) -> None:
    from django.utils import timezone

    from shifan.evidence.models import Attachment
    from shifan.vault.models import StoredFile

    now = timezone.now()
    ids = [provision.id for provision in draft.indicators.provisions]
    files = StoredFile.objects.bulk_create(
        StoredFile(sha256=f"{n:064x}", size=1, media_type="application/pdf", stored_at=now)
        for n in range(FILES)
    )
    Attachment.objects.bulk_create(
        Attachment(proceeding=draft, provision=ids[n % len(ids)], file=file,
                   name=f"{n}.pdf", attached_at=now)
        for n, file in enumerate(files)
    )  # fmt: skip


def _many(draft: Any) -> None:
    """Applications of units that do not exist, spread over stages, all come up to the nation."""
    from django.db import connection

    from shifan.proceedings.models import Party, Proceeding
    from shifan.proceedings.turns import take_up
    from shifan.units.models import Division, Unit

    divisions = list(Division.objects.filter(level="county"))
    stages = ("acceptance", "expert_panel", "proposed", "declined")
    verdicts = ("reached", "incomplete", "not_reached")
    units = [
        Unit(id=uuid4(), name=f"测试单位{n}", unit_type="prefecture",
             division=divisions[n % len(divisions)])
        for n in range(APPLICATIONS)
    ]  # fmt: skip
    Unit.objects.bulk_create(units, batch_size=5000)
    files = Proceeding.objects.bulk_create(
        (
            Proceeding(
                id=uuid4(), rulebook=draft.rulebook, procedure_id=draft.procedure_id, unit=unit,
                cycle=draft.cycle, about=unit.pk, matter=unit.pk, exercise=draft.exercise,
                stage=stages[n % 4], verdict=verdicts[n % 3], total=n % 100_000,
                stage_since=draft.stage_since - timedelta(minutes=n), created_at=draft.created_at,
            )
            for n, unit in enumerate(units)
        ),
        batch_size=5000,
    )  # fmt: skip
    Party.objects.bulk_create(
        (
            Party(proceeding=file, named_at=draft.created_at, **who)
            for file in files
            for who in (
                {"capacity": "applicant", "unit": file.unit},
                *({"capacity": tier, "programme": "neac", "office": tier,
                   "place": file.unit.division.path}
                  for tier in ("national", "provincial")),
            )
        ),
        batch_size=5000,
    )  # fmt: skip
    take_up()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _page(username: str, address: str) -> tuple[Times, int]:
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from shifan.accounts.models import User

    client = Client(SERVER_NAME="localhost")
    client.force_login(
        User.objects.get(username=username), backend=settings.AUTHENTICATION_BACKENDS[0]
    )
    queries: list[str] = []

    def counted(execute: Any, sql: str, *rest: Any) -> Any:
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(counted):
        if client.get(address).status_code != 200:
            raise RuntimeError(f"{address} failed")
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(address)
        times.append(time.perf_counter() - started)
    return Times(tuple(times)), len(queries)
