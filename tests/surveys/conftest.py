"""A campaign of the unit's provincial office, and answers to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from tests.conftest import NOW, World
from tools.instruments import SATISFACTION

from shifan.surveys import actions, sealing
from shifan.surveys.intake.store import Handed, store
from shifan.surveys.models import Answer, Campaign

SCALE = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")
DAY = timedelta(days=1)
WHOLE = {
    "area": "urban", "age_band": "30_44", "environment": "satisfied", "livelihood": "neutral",
    "effect": "cannot_say", "heard": "no",
}  # fmt: skip


@pytest.fixture(autouse=True)
def keys(settings: Any, tmp_path: Path) -> Path:
    """A key folder of the test's own, so that a key once destroyed is gone."""
    settings.SURVEY_KEYS = tmp_path / "keys"
    sealing._public_key.cache_clear()
    return settings.SURVEY_KEYS


@pytest.fixture
def make(world: World) -> Callable[..., Campaign]:
    def made(assurance: str = "open", code: str = "abcd", **given: Any) -> Campaign:
        return Campaign.objects.create(**{
            "code": code, "unit": world.unit, "cycle": world.cycle, "survey": "satisfaction",
            "assurance": assurance, "instrument": SATISFACTION.model_dump(mode="json"),
            "strata": ["area", "age_band"], "opens_on": NOW.date(),
            "closes_on": NOW.date() + 30 * DAY, "made_at": NOW, "opened_at": NOW, **given,
        })  # fmt: skip

    return made


@pytest.fixture
def campaign(make: Callable[..., Campaign]) -> Campaign:
    return make()


def content(random: Random, **given: str) -> sealing.Content:
    values = WHOLE | {
        "area": random.choice(("urban", "rural")),
        "age_band": random.choice(("18_29", "30_44", "45_59", "60_up")),
        **{name: random.choice(SCALE) for name in ("environment", "livelihood", "effect")},
        **given,
    }
    return {"values": values, "flags": [], "stratum": f"{values['area']}|{values['age_band']}"}


def handed(campaign: Campaign, content: sealing.Content, token: bytes | None = None) -> Handed:
    return Handed(campaign.pk, uuid4(), content, token)


def answer(
    campaign: Campaign, count: int, now: datetime = NOW, seed: int = 1, **given: str
) -> None:
    """So many answers, in one commit."""
    random = Random(seed)
    store([handed(campaign, content(random, **given)) for _ in range(count)], now)


def close(campaign: Campaign, now: datetime = NOW) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(closed_at=now)
    campaign.refresh_from_db()


def days(campaign: Campaign) -> list[date]:
    return sorted(campaign.answers.values_list("day", flat=True))


def planned(world, **given) -> Campaign:
    return actions.plan(**{
        "unit": world.unit, "cycle": world.cycle, "survey": "satisfaction", "assurance": "open",
        "instrument": SATISFACTION, "opens_on": NOW.date(), "closes_on": NOW.date() + 30 * DAY,
        "actor": world.actors["reviewer"], "now": NOW, **given,
    })  # fmt: skip


def put(campaign: Campaign, count: int, flags: list[str] | None = None, **said: str) -> None:
    """So many equal answers, as they are after mixing."""
    values = WHOLE | said
    Answer.objects.bulk_create([
        Answer(campaign=campaign, day=NOW.date(), stratum=campaign.stratum(values), values=values,
               flags=flags or [])
        for _ in range(count)
    ])  # fmt: skip


@pytest.fixture
def reviewer(world):
    return world.actors["reviewer"]


@pytest.fixture
def closed(campaign):
    close(campaign)
    return campaign
