"""Thousands of made-up units in real prefectures, each with a complete file and a lead signed in.

So many are written in bulk, as the actions would leave them; facts are plausible, files empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID, uuid4

FILES, VARIANTS, REVIEWERS, BATCH = 20, 50, 3, 5000
"""Files of a unit; different sets of facts; reviewers of a province; rows of one INSERT."""


@dataclass(frozen=True)
class Sender:
    """A lead's session, and the file to hand in."""

    proceeding: UUID
    session: str


def fill(cycle: Any, units: int, now: datetime) -> list[Sender]:
    """So many units of the cycle, ready to submit; townships take part, provinces have people."""
    from django.db import connection, transaction

    with transaction.atomic():
        prefectures = _prefectures(now.date())
        _offices()
        rows = _units(cycle, prefectures, units, now.date())
        leads, sessions = _people(rows, now)
        applications = _applications(cycle, rows, leads, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [
        Sender(proceeding.pk, session)
        for proceeding, session in zip(applications, sessions, strict=True)
    ]


def _prefectures(day: date) -> list[Any]:
    """The prefectures with townships; nine in ten of these take part."""
    from shifan.units.models import CreationRecord, Division

    random, parents = Random("registry"), set()
    records = []
    for township in Division.objects.filter(level="township"):
        parents.add("/".join(township.path.split("/")[:3]) + "/")
        if random.random() < 0.9:
            records.append(
                CreationRecord(
                    division=township, started_on=day - timedelta(days=300), source="bench"
                )
            )
    _write(records)
    return list(Division.objects.filter(level="prefecture", placeholder=False, path__in=parents))


def _offices() -> None:
    """Reviewers in every province, to be told of what comes up to them."""
    from shifan.accounts.models import User
    from shifan.people.models import Membership
    from shifan.units.queries import provinces

    for province in provinces():
        users = _write(
            User(username=f"reviewer-{province.code}-{n}", password="!") for n in range(REVIEWERS)
        )
        _write(
            Membership(
                user=user, role="reviewer", programme="neac", tier="provincial", area=province
            )
            for user in users
        )


def _units(cycle: Any, prefectures: list[Any], units: int, day: date) -> list[Any]:
    from shifan.titles.models import Event, Title
    from shifan.units.models import Unit

    rows = _write(
        Unit(id=uuid4(), name=f"测试单位{n}", unit_type="prefecture",
             division=prefectures[n % len(prefectures)])
        for n in range(units)
    )  # fmt: skip
    titles = _write(
        Title(id=uuid4(), unit=unit, programme=cycle.measures.programme, level="provincial",
              number=10_000 + n, exercise=True)
        for n, unit in enumerate(rows)
    )  # fmt: skip
    since = day - timedelta(days=500)
    _write(
        Event(title=title, what="awarded", holds_from=since, source="bench",
              recorded_at=datetime.combine(since, time(), UTC))
        for title in titles
    )  # fmt: skip
    return rows


def _applications(cycle: Any, units: list[Any], leads: list[Any], now: datetime) -> list[Any]:
    """A complete draft for every unit: its start, what it states of itself, its evidence."""
    from shifan.demo.facts import plausible
    from shifan.evidence.models import Attachment, StoredFile
    from shifan.proceedings.models import Party, Proceeding, Step
    from shifan.statements.models import Fact

    measures, indicators = cycle.measures, cycle.indicators("prefecture")
    (source,) = measures.sources_of("applicant")
    stage = measures.application.stages[0].id
    own = [each.id for each in indicators.provisions if source in each.input.from_]
    variants = [plausible(indicators, 0.95, Random(n)) for n in range(VARIANTS)]
    files = _write(
        StoredFile(sha256=f"{n:064x}", size=1, media_type="application/pdf", stored_at=now)
        for n in range(FILES)
    )
    applications = _write(
        Proceeding(
            id=uuid4(), rulebook=cycle.rulebook, procedure_id=measures.application.id, unit=unit,
            cycle=cycle, about=unit.pk, matter=unit.pk, exercise=cycle.exercise, stage=stage,
            stage_since=now, created_at=now,
        )
        for unit in units
    )  # fmt: skip
    _write(
        Party(proceeding=each, capacity="applicant", unit=each.unit, named_at=now)
        for each in applications
    )
    _write(
        Step(proceeding=each, move="start", to_stage=stage, at=now, recorded_at=now, total=0)
        for each in applications
    )
    _write(
        Fact(proceeding=each, provision=key, source=source, stated_at=now, stated_by=lead,
             values=variants[n % VARIANTS][key])
        for n, (each, lead) in enumerate(zip(applications, leads, strict=True))
        for key in own if key in variants[n % VARIANTS]
    )  # fmt: skip
    _write(
        Attachment(proceeding=each, provision=own[n % len(own)], file=file,
                   name=f"{n}.pdf", attached_at=now)
        for each in applications for n, file in enumerate(files)
    )  # fmt: skip
    return applications


def _people(units: list[Any], now: datetime) -> tuple[list[Any], list[str]]:
    """A lead and a clerk for every unit; the leads, and the keys of their sessions."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session

    from shifan.accounts.models import User
    from shifan.people.models import Membership

    leads = _write(User(username=f"lead-{n}", password="!") for n in range(len(units)))
    clerks = _write(User(username=f"clerk-{n}", password="!") for n in range(len(units)))
    _write(
        Membership(user=user, role=role, unit=unit)
        for role, users in (("lead", leads), ("clerk", clerks))
        for user, unit in zip(users, units, strict=True)
    )
    sealed = leads[0].get_session_auth_hash()
    backend, store = settings.AUTHENTICATION_BACKENDS[0], SessionStore()
    keys = [f"{n:032d}" for n in range(len(leads))]
    _write(
        Session(
            session_key=key, expire_date=now + timedelta(days=7),
            session_data=store.encode({
                "_auth_user_id": str(lead.pk), "_auth_user_backend": backend,
                "_auth_user_hash": sealed,
            }),
        )
        for key, lead in zip(keys, leads, strict=True)
    )  # fmt: skip
    return leads, keys


def _write(rows: Iterable[Any]) -> list[Any]:
    """Insert rows of one model, a batch after the other; the rows."""
    return list(_written(iter(rows)))


def _written(rows: Iterator[Any]) -> Iterator[Any]:
    while part := list(islice(rows, BATCH)):
        yield from type(part[0])._default_manager.bulk_create(part)
