"""The demo's world: a practice cycle on real divisions, an account for each role.

Titles, moves and decisions are made by the same actions as in earnest; only the facts of the demo
units are written in bulk, as nobody typed them. Their values are invented, which is why the whole
cycle is a practice one and marked so wherever it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction

from shifan.accounts.actor import SYSTEM, Actor, Office
from shifan.accounts.models import User
from shifan.applications.actions import start
from shifan.cycles.models import Cycle
from shifan.decisions.actions import gather, open_batch
from shifan.decisions.queries import candidates
from shifan.demo import actions, survey
from shifan.demo.facts import Facts, plausible
from shifan.ledger import actions as ledger
from shifan.people.models import Membership
from shifan.people.queries import actor_of
from shifan.proceedings.actions import Refused, make_move
from shifan.proceedings.models import Proceeding
from shifan.proceedings.queries import APPLYING
from shifan.statements.actions import agree_with_rest, givable, give_tasks
from shifan.statements.assessment import assess
from shifan.statements.models import Fact
from shifan.titles.actions import Cause, Term, award, valid_until
from shifan.units.actions import record_creation, register_unit
from shifan.units.models import Division, Level, Unit
from shifan.units.queries import townships

COUNTRY, YUNNAN, KUNMING, YUXI = "0", "53", "5301", "5304"
RAILWAY = "railway"
"""The channel through which the enterprise applies; also the name of its authority's office."""
ACCOUNTS = (
    ("clerk", "玉溪市 申报专员", "clerk", YUXI, ""),
    ("lead", "玉溪市 申报负责人", "lead", YUXI, ""),
    ("contributor", "玉溪市 生态环境局 承办人员", "contributor", YUXI, ""),
    ("province-reviewer", "云南省 初验人员", "reviewer", YUNNAN, "provincial"),
    ("province-approver", "云南省 审定人员", "approver", YUNNAN, "provincial"),
    ("national-reviewer", "国家 审核人员", "reviewer", COUNTRY, "national"),
    ("national-officer", "国家 命名经办", "officer", COUNTRY, "national"),
    ("national-approver", "国家 审定人员", "approver", COUNTRY, "national"),
    ("auditor", "国家 审计人员", "auditor", COUNTRY, "national"),
    ("enterprise-lead", "昆明站旅客服务公司 申报负责人", "lead", KUNMING, ""),
    ("railway-reviewer", "铁路 初验人员", "reviewer", COUNTRY, RAILWAY),
    ("railway-approver", "铁路 审定人员", "approver", COUNTRY, RAILWAY),
)
"""User name, shown name, role, division, tier or channel (none for a unit's own people)."""


DEPARTMENTS = {
    "生态环境局": ("5.1", 20), "交通运输局": ("5.2", 25), "教育体育局": ("4.1", 30),
    "人力资源和社会保障局": ("4.2", 30),
}  # fmt: skip
"""Departments of the visitor's own unit: the items they answer for, and in how many days."""


@dataclass(frozen=True)
class Worked:
    """A demo unit: its prefecture, how well it does, and the moves it has made."""

    prefecture: str
    quality: float
    moves: tuple[str, ...]


WORLD = (
    Worked("5303", 0.8, ("submit",)),
    Worked("5325", 0.85, ("submit", "pass")),
    Worked("5323", 0.85, ("submit", "pass", "approve_area")),
    Worked("5329", 0.9, ("submit", "pass", "approve_area", "pass", "recommend")),
)
ALL_MOVES = ("submit", "pass", "approve_area", "pass", "recommend")


def year_of(today: date) -> int:
    """The cycle's year: the next whose first deadline is at least a month away."""
    return today.year + 1 if today.month >= 2 else today.year


@transaction.atomic
def seed(*, cycle: Cycle, now: datetime) -> None:
    """Make the demo's world, once; a second call finds it and does nothing."""
    actions.mark(now=now)
    if User.objects.filter(is_demo=True).exists():
        return
    units = {YUXI: _unit(cycle, YUXI, now), KUNMING: _enterprise(cycle, now)}
    for username, name, role, code, tier in ACCOUNTS:
        user = User.objects.create(username=username, name=name, is_demo=True)
        user.set_unusable_password()
        user.save()
        unit = None if tier else units[code]
        area = Division.objects.get(code=code) if tier else None
        department = None
        if role == "contributor" and unit is not None:
            department = unit.departments.get_or_create(name=next(iter(DEPARTMENTS)))[0]
        Membership.objects.create(
            user=user,
            role=role,
            unit=unit,
            department=department,
            tier=tier,
            area=area,
            programme=cycle.measures.programme if tier else "",
        )
    _first(cycle, units[YUXI], now)
    worked = [work(cycle, each, now) for each in WORLD]
    _list(cycle, now)
    if cycle.measures.surveys:
        survey.ask(cycle=cycle, unit=worked[0].concerned, now=now)


@transaction.atomic
def work(cycle: Cycle, worked: Worked, now: datetime) -> Proceeding:
    """A demo unit with facts, moved as far as ``worked`` says."""
    unit = _unit(cycle, worked.prefecture, now)
    proceeding, random = application(cycle, unit, now), Random(worked.prefecture)
    state(proceeding, plausible(proceeding.indicators, worked.quality, random), now)
    for number, move in enumerate(worked.moves):
        try:
            _move(proceeding, move, now + timedelta(seconds=number))
        except Refused:
            break  # the invented facts do not carry the unit further
    return proceeding


def _list(cycle: Cycle, now: datetime) -> None:
    """The round's list, begun by the national officer, with what is proposed by now."""
    batch = next(each for each in cycle.measures.procedures if each.about == "batch")
    actor = actor_of(User.objects.get(username="national-officer"))
    made = open_batch(cycle=cycle, procedure_id=batch.id, area="/", actor=actor, now=now)
    files = [each.pk for each in candidates(made)]
    gather(batch=made, files=files, actor=actor, now=now)


def nation(*, cycle: Cycle, now: datetime, limit: int = 400) -> int:
    """An application for every prefecture that has none yet, at all stages. How many were made."""
    taken = Proceeding.objects.filter(APPLYING, cycle=cycle).values("unit__division_id")
    free = Division.objects.filter(level=Level.PREFECTURE, placeholder=False).exclude(
        code__in=taken
    )
    made = 0
    for division in free[:limit]:
        random = Random(f"nation {division.code}")
        quality = random.uniform(0.5, 1.0)
        count = random.randint(0, len(ALL_MOVES)) if quality > 0.8 else random.randint(0, 1)
        work(cycle, Worked(division.code, quality, ALL_MOVES[:count]), now)
        made += 1
    return made


def _unit(cycle: Cycle, code: str, now: datetime) -> Unit:
    """The prefecture as a unit, with a practice provincial title and its registry filled."""
    division, day = Division.objects.get(code=code), now.date()
    unit = _titled(cycle, "prefecture", division.name, division, "provincial", now)
    random = Random(f"registry {code}")
    share = random.uniform(0.84, 0.99)
    record_creation(
        divisions=[each for each in townships(unit, day) if random.random() < share],
        started_on=day - timedelta(days=400), actor=SYSTEM, now=now, source=PRACTICE,
    )  # fmt: skip
    return unit


def _enterprise(cycle: Cycle, now: datetime) -> Unit:
    """An enterprise that holds the railways' title; its application is left to the visitor."""
    kunming = Division.objects.get(code=KUNMING)
    return _titled(cycle, "enterprise", "昆明站旅客服务公司", kunming, RAILWAY, now)


PRACTICE = "演练数据 / practice data"
"""What stands wherever something is invented."""


def _titled(
    cycle: Cycle, kind: str, name: str, division: Division, level: str, now: datetime
) -> Unit:
    """A unit with a practice title of the level."""
    measures, awarded = cycle.measures, now.date() - timedelta(days=500)
    unit = register_unit(
        name=name, kind=measures.unit_type(kind), division=division, actor=SYSTEM, now=now
    )
    award(
        unit=unit, programme=measures.programme, level=level, exercise=True,
        term=Term(awarded, valid_until(awarded, 5)), cause=Cause(source=PRACTICE),
        actor=SYSTEM, now=now,
    )  # fmt: skip
    return unit


def application(cycle: Cycle, unit: Unit, now: datetime) -> Proceeding:
    """The unit begins its application, as its lead would."""
    actor = Actor(name="demo", units=frozenset({(unit.pk, "lead")}))
    return start(unit=unit, cycle=cycle, actor=actor, now=now)


def _first(cycle: Cycle, unit: Unit, now: datetime) -> None:
    """The visitor's own file: a draft with little still to do, a few points below the threshold."""
    proceeding = application(cycle, unit, now)
    facts = plausible(proceeding.indicators, 0.86, Random("first"))
    own = [c.id for c in proceeding.indicators.clauses if "self" in c.input.from_]
    for provision_id in own[7::17]:
        del facts[provision_id]
    state(proceeding, facts, now, only="self")
    lead = Actor(name="demo", units=frozenset({(unit.pk, "lead")}))
    for name, (item, days) in DEPARTMENTS.items():
        give_tasks(
            proceeding=proceeding, department=unit.departments.get_or_create(name=name)[0],
            provision_ids=[each for each in givable(proceeding) if each.startswith(item)],
            due_on=now.date() + timedelta(days=days), actor=lead, now=now,
        )  # fmt: skip


def state(proceeding: Proceeding, facts: Facts, now: datetime, only: str = "") -> None:
    """Write facts in bulk, each in the name of the first source that may state it by hand."""
    order = [s.id for s in proceeding.measures.fact_sources if s.by != "computed"]
    by_hand = sorted(order, key=lambda source: source != "self")
    rows = []
    for provision_id, values in facts.items():
        allowed = proceeding.indicators.by_id[provision_id].input.from_
        source = next((each for each in by_hand if each in allowed), None)
        if source is not None and only in ("", source):
            rows.append(
                Fact(proceeding=proceeding, provision=provision_id, source=source,
                     values=values, stated_at=now, note="演练数据 / practice data")
            )  # fmt: skip
    Fact.objects.bulk_create(rows)
    score = assess(proceeding, now).situation.score
    proceeding.total, proceeding.verdict = score.total, score.verdict
    proceeding.save(update_fields=["total", "verdict"])
    ledger.record(actor="demo", verb="demo.facts_written", subject=proceeding, at=now,
                  facts=len(rows))  # fmt: skip


def _move(proceeding: Proceeding, move_id: str, now: datetime) -> None:
    """Make a move in the capacity the rule book asks for; as one of its people would."""
    proceeding.refresh_from_db()
    stage = proceeding.measures.application.stage(proceeding.stage)
    move = next(move for move in stage.moves if move.id == move_id)
    offices = frozenset({Office(proceeding.measures.programme, move.office, move.role, "/")})
    units = frozenset({(proceeding.concerned.pk, move.role)})
    actor = (
        Actor(name="demo", units=units)
        if move.office == "applicant"
        else Actor(name="demo", offices=offices)
    )
    if stage.reviews:
        seen = assess(proceeding, now).bases
        agree_with_rest(proceeding=proceeding, seen=seen, actor=actor, now=now)
    make_move(
        proceeding=proceeding, move_id=move_id, actor=actor, now=now,
        document="演练数据 / practice data",
    )  # fmt: skip
