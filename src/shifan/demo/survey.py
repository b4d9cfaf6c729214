"""The demo's survey: running for some days, hundreds of invented answers mixed, more to come."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from shifan.accounts.actor import Actor, Office
from shifan.cycles.models import Cycle
from shifan.surveys import actions
from shifan.surveys.forms import shipped
from shifan.surveys.intake.quality import Judge
from shifan.surveys.intake.store import Handed, store
from shifan.surveys.mixing import mix
from shifan.surveys.models import Campaign
from shifan.units.models import Unit

DAYS, PER_DAY = 9, 70
SATISFIED = {"environment": 0.84, "livelihood": 0.79, "effect": 0.88}
POPULATION = {
    "urban|18_29": 210_000, "urban|30_44": 260_000, "urban|45_59": 240_000, "urban|60_up": 150_000,
    "rural|18_29": 190_000, "rural|30_44": 280_000, "rural|45_59": 330_000, "rural|60_up": 290_000,
}  # fmt: skip


def ask(*, cycle: Cycle, unit: Unit, now: datetime) -> Campaign:
    """A campaign about the unit that began some days ago and runs on for a month."""
    survey = cycle.measures.surveys[0]
    path = unit.place
    office = Office(cycle.measures.programme, "provincial", "reviewer", path)
    actor = Actor(name="demo", label="demo", offices=frozenset({office}))
    first = now - timedelta(days=DAYS)
    campaign = actions.plan(
        unit=unit, cycle=cycle, survey=survey.id, assurance="open",
        instrument=shipped(cycle, survey), opens_on=first.date(),
        closes_on=now.date() + timedelta(days=30), actor=actor, now=first,
    )  # fmt: skip
    given = {key: (people, people // 3000) for key, people in POPULATION.items()}
    actions.set_strata(campaign=campaign, given=given, actor=actor, now=first)
    actions.open_(campaign=campaign, actor=actor, now=first)
    campaign.refresh_from_db()
    random, judge = Random("survey"), Judge(campaign)
    for day in range(DAYS):
        handed = [_answer(campaign, judge, random) for _ in range(PER_DAY)]
        store(handed, first + timedelta(days=day, hours=1))
    mix(campaign, now)
    return campaign


def _answer(campaign: Campaign, judge: Judge, random: Random) -> Handed:
    stratum = random.choices(list(POPULATION), [each // 1000 for each in POPULATION.values()])[0]
    area, band = stratum.split("|")
    values = {"area": area, "age_band": band, "heard": random.choice(("yes", "yes", "no"))}
    for name, share in SATISFIED.items():
        happy = random.random() < share - 0.06 * (area == "rural")
        scale = ("very_satisfied", "satisfied") if happy else (
            "neutral", "neutral", "dissatisfied", "very_dissatisfied", "cannot_say",
        )  # fmt: skip
        values[name] = random.choice(scale)
    values["improve"] = random.choice(("transport", "schools", "medical", "services"))
    seconds = 9 if random.random() < 0.05 else 60
    submission = UUID(int=random.getrandbits(128), version=4)
    return Handed(campaign.pk, submission, judge.content(values, seconds=seconds))
