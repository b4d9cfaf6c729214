"""A small world for the tests: real divisions of two provinces, a practice cycle, its people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import setup_databases, teardown_databases

from shifan.accounts.actor import SYSTEM, Actor
from shifan.accounts.models import User
from shifan.applications.actions import start
from shifan.cycles.actions import open_cycle, publish
from shifan.cycles.models import Cycle, PublishedRuleBook
from shifan.demo.facts import plausible
from shifan.ledger import actions as ledger
from shifan.people.models import Membership
from shifan.people.queries import actor_of
from shifan.proceedings.models import Proceeding
from shifan.rulebook.loader import load
from shifan.rulebook.model import RuleBook
from shifan.statements.actions import agree_with_rest
from shifan.statements.assessment import assess
from shifan.titles.actions import Cause, Term, award
from shifan.units.actions import record_creation, register_unit
from shifan.units.models import Department, Division, Unit

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
"""Ten in the morning in Beijing, long before the deadlines of the 2027 cycle."""

DIVISIONS = (
    ("0", "全国", "country", None, "/"),
    ("53", "云南省", "province", "0", "/53/"),
    ("5304", "玉溪市", "prefecture", "53", "/53/5304/"),
    ("530402", "红塔区", "county", "5304", "/53/5304/530402/"),
    ("530402001", "玉兴街道", "township", "530402", "/53/5304/530402/530402001/"),
    ("530402002", "凤凰街道", "township", "530402", "/53/5304/530402/530402002/"),
    ("5303", "曲靖市", "prefecture", "53", "/53/5303/"),
    ("530302", "麒麟区", "county", "5303", "/53/5303/530302/"),
    ("530302001", "南宁街道", "township", "530302", "/53/5303/530302/530302001/"),
    ("43", "湖南省", "province", "0", "/43/"),
    ("4331", "湘西土家族苗族自治州", "prefecture", "43", "/43/4331/"),
    ("433101", "吉首市", "county", "4331", "/43/4331/433101/"),
    ("433101001", "峒河街道", "township", "433101", "/43/4331/433101/433101001/"),
)


@pytest.fixture(scope="session")
def book() -> RuleBook:
    return load("neac/2020")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """The run's own database, whichever test or fixture asks for it first."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@contextmanager
def undone() -> Iterator[None]:
    """What happens to the database inside is undone at the end, its constraints checked before."""
    with transaction.atomic():
        yield
        connection.check_constraints()
        transaction.set_rollback(True)


@pytest.fixture
def divisions(db: None) -> None:
    lay_divisions()


def lay_divisions() -> None:
    Division.objects.bulk_create(
        Division(code=code, name=name, level=level, parent_id=parent, path=path)
        for code, name, level, parent, path in DIVISIONS
    )


@pytest.fixture
def cycle(divisions: None, book: RuleBook) -> Cycle:
    return lay_cycle(book)


PUBLISHED: dict[str, dict[str, Any]] = {}
"""What was published before in this process, by digest: it need not be reckoned again."""


def lay_book(book: RuleBook) -> PublishedRuleBook:
    """The book as it is published, its digest and content reckoned once."""
    if book.digest not in PUBLISHED:
        made = publish(book=book, actor=SYSTEM, now=NOW)
        columns = [each.attname for each in made._meta.concrete_fields if not each.primary_key]
        PUBLISHED[book.digest] = {name: getattr(made, name) for name in columns}
        return made
    with transaction.atomic():
        made = PublishedRuleBook.objects.create(**PUBLISHED[book.digest])
        ledger.record(actor="system", verb="rulebook.published", subject=made, at=NOW,
                      digest=made.digest, name=book.name)  # fmt: skip
    return made


def lay_cycle(book: RuleBook) -> Cycle:
    published = lay_book(book)
    return open_cycle(rulebook=published, year=2027, batch=1, actor=SYSTEM, now=NOW, exercise=True)


@dataclass
class World:
    """Units, one signed-in actor per role, and ways to make applications."""

    cycle: Cycle
    unit: Unit
    neighbour: Unit
    actors: dict[str, Actor]
    users: dict[str, User]
    monkeypatch: pytest.MonkeyPatch

    def client(self, name: str) -> Client:
        """A browser signed in as that actor, at ten in the morning of the tests' day."""
        self.monkeypatch.setattr("shifan.site.middleware.now", lambda: NOW)
        client = Client()
        client.force_login(self.users[name], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    def proceeding(self, facts: bool = False) -> Proceeding:
        """The unit's application in draft; with ``facts``, all its own are stated in full."""
        proceeding = start(unit=self.unit, cycle=self.cycle, actor=self.actors["lead"], now=NOW)
        if facts:
            write_facts(proceeding, {"self"})
        return proceeding


def write_facts(proceeding: Proceeding, sources: set[str]) -> None:
    """Full marks on every fact that one of ``sources`` may state, without a clerk typing."""
    from shifan.statements.models import Fact

    stated = set(proceeding.facts.filter(superseded_at=None).values_list("provision", flat=True))
    for provision_id, values in plausible(proceeding.indicators, 1.0, Random(1)).items():
        if provision_id in stated:
            continue
        allowed = proceeding.indicators.by_id[provision_id].input.from_
        source = next((each for each in allowed if each in sources), None)
        if source is not None:
            Fact.objects.create(
                proceeding=proceeding, provision=provision_id, source=source,
                values=values, stated_at=NOW,
            )  # fmt: skip


def agree(world: World, proceeding: Proceeding, name: str = "reviewer") -> None:
    """The reviewer of that name agrees with everything the applicant stated."""
    proceeding.refresh_from_db()
    agree_with_rest(
        proceeding=proceeding, seen=assess(proceeding, NOW).bases,
        actor=world.actors[name], now=NOW,
    )  # fmt: skip


ROLES = (
    ("clerk", "clerk", "own", ""),
    ("lead", "lead", "own", ""),
    ("contributor", "contributor", "own", ""),
    ("other_lead", "lead", "neighbour", ""),
    ("reviewer", "reviewer", "53", "provincial"),
    ("approver", "approver", "53", "provincial"),
    ("other_reviewer", "reviewer", "43", "provincial"),
    ("other_approver", "approver", "43", "provincial"),
    ("national_reviewer", "reviewer", "0", "national"),
    ("national_officer", "officer", "0", "national"),
    ("auditor", "auditor", "0", "national"),
    ("other_auditor", "auditor", "43", "provincial"),
)
"""Name of the actor, its role, where (own unit, neighbour, or area code), tier."""


@pytest.fixture
def world(cycle: Cycle, monkeypatch: pytest.MonkeyPatch) -> World:
    return lay_world(cycle, monkeypatch)


@pytest.fixture(scope="module")
def world_of_module(
    django_db_setup: None, django_db_blocker: Any, book: RuleBook
) -> Iterator[World]:
    """A world for fixtures of a module to build on, where that takes long.

    Each test then puts itself into :func:`undone`, instead of asking for ``db``.
    """
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as monkeypatch, undone():
        lay_divisions()
        yield lay_world(lay_cycle(book), monkeypatch)


def lay_world(cycle: Cycle, monkeypatch: pytest.MonkeyPatch) -> World:
    unit, neighbour = _unit(cycle, "5304"), _unit(cycle, "4331")
    department = Department.objects.create(unit=unit, name="市教育体育局")
    names = ["stranger", *(name for name, *_ in ROLES)]
    made = User.objects.bulk_create(
        User(username=name, name="" if name == "stranger" else name) for name in names
    )
    users = dict(zip(names, made, strict=True))
    areas = Division.objects.in_bulk()
    Membership.objects.bulk_create(
        Membership(
            user=users[name], role=role, programme="neac" if tier else "", tier=tier,
            department=department if role == "contributor" else None,
            unit={"own": unit, "neighbour": neighbour}.get(where),
            area=areas[where] if tier else None,
        )
        for name, role, where, tier in ROLES
    )  # fmt: skip
    actors = {name: actor_of(user) for name, user in users.items()}
    actors["anonymous"] = Actor()
    return World(cycle, unit, neighbour, actors, users, monkeypatch)


def _unit(cycle: Cycle, code: str) -> Unit:
    division = Division.objects.get(code=code)
    kind = cycle.measures.unit_type("prefecture")
    unit = register_unit(name=division.name, kind=kind, division=division, actor=SYSTEM, now=NOW)
    award(
        unit=unit, programme="neac", level="provincial", exercise=True,
        term=Term(date(2025, 1, 1), date(2030, 1, 1)), cause=Cause(source="test"), actor=SYSTEM,
        now=NOW,
    )  # fmt: skip
    townships = Division.objects.filter(path__startswith=division.path, level="township")
    record_creation(
        divisions=list(townships), started_on=date(2025, 6, 1), source="test", actor=SYSTEM, now=NOW
    )
    return unit
