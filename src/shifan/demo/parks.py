"""The demo's second programme: a geopark network, run by an office of its own.

It shares nothing with the first but the site: its secretariat sees no file of the other, and the
other way round. Facts and dates are invented, so all of it is practice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from shifan.accounts.actor import SYSTEM, Actor
from shifan.accounts.models import User
from shifan.cycles.models import Cycle
from shifan.demo.facts import plausible
from shifan.demo.seed import PRACTICE, application, state
from shifan.people.models import Membership
from shifan.proceedings.actions import make_move
from shifan.titles.actions import Cause, Term, award
from shifan.units import iso3166
from shifan.units.actions import register_unit
from shifan.units.models import Division, Unit

MEMBER, WAITING = ("大理苍山地质公园", "5329"), ("织金洞地质公园", "5205")
ABROAD, OWN = ("Vale do Exemplo Geopark", "PT-01"), ("石林地质公园", "5301")
"""The parks: a member, one whose file waits, a member in another country (an invented one) that is
due to be revalidated, one that can apply; each with its place."""
ACCOUNTS = (
    ("park-lead", "石林地质公园 负责人", "lead"),
    ("park-evaluator-1", "地质公园 评估人甲", ""),
    ("park-evaluator-2", "地质公园 评估人乙", ""),
    ("network-officer", "地质公园网络 秘书", "officer"),
    ("network-reviewer", "地质公园网络 核对", "reviewer"),
    ("network-council", "地质公园网络 理事", "approver"),
)
"""User name, shown name, role; evaluators have none until they are named for a file."""


@transaction.atomic
def seed(*, cycle: Cycle, now: datetime) -> None:
    """Two members, a file that waits for evaluators, and a park that can apply; once."""
    if Unit.objects.filter(unit_type=_kind(cycle)).exists():
        return
    iso3166.load(actor=SYSTEM, now=now)
    member, waiting, abroad, own = (
        _park(cycle, *each, now) for each in (MEMBER, WAITING, ABROAD, OWN)
    )
    for username, name, role in ACCOUNTS:
        user = User.objects.create(username=username, name=name, is_demo=True)
        user.set_unusable_password()
        user.save()
        if role == "lead":
            Membership.objects.create(user=user, role=role, unit=own)
        elif role:
            Membership.objects.create(
                user=user, role=role, programme=cycle.rulebook.programme,
                tier=cycle.measures.tiers[0].id, area=Division.objects.get(code="0"),
            )  # fmt: skip
    for park, days in ((member, 900), (abroad, 4 * 365 - 150)):
        since = now.date() - timedelta(days=days)
        award(
            unit=park, programme=cycle.rulebook.programme, level=cycle.measures.tiers[0].id,
            term=Term(since, since + timedelta(days=4 * 365), grade="green"),
            cause=Cause(source=PRACTICE), actor=SYSTEM, now=now, exercise=True,
        )  # fmt: skip
    file = application(cycle, waiting, now)
    state(file, plausible(file.indicators, 0.95, Random("park")), now)
    lead = Actor(name="demo", units=frozenset({(waiting.pk, "lead")}))
    make_move(proceeding=file, move_id="submit", actor=lead, now=now)


def _kind(cycle: Cycle) -> str:
    return cycle.measures.unit_types[0].id


def _park(cycle: Cycle, name: str, code: str, now: datetime) -> Unit:
    return register_unit(
        name=name, kind=cycle.measures.unit_types[0], division=Division.objects.get(code=code),
        actor=SYSTEM, now=now,
    )  # fmt: skip
