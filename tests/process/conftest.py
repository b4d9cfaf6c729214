"""One prefecture's application as the process sees it: complete, good, still a draft."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random

import pytest

from shifan.demo.facts import plausible
from shifan.process.situation import Situation
from shifan.rulebook.loader import load
from shifan.rulebook.model import Measures, RuleBook
from shifan.scoring.evaluate import score
from shifan.scoring.facts import parse, table_columns

EARLY = datetime(2027, 1, 10, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def situation(book: RuleBook) -> Situation:
    indicators = book.indicators["prefecture"]
    columns = {column.name: column for column in table_columns(indicators)}
    facts = {
        name: parse(columns[name], text)
        for values in plausible(indicators, 1.0, Random(1)).values()
        for name, text in values.items()
    }
    return Situation(
        measures=book.measures,
        procedure=book.measures.application,
        indicators=indicators,
        stage_id="draft",
        year=2027,
        today=EARLY.date(),
        entered={"draft": EARLY},
        history=(),
        until={"provincial": date(2030, 1, 1)},
        facts=facts,
        score=score(indicators, facts),
    )


@pytest.fixture(scope="module")
def geopark() -> Measures:
    return load("geoparks/1").measures
