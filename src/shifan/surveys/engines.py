"""Counting a campaign's answers on an engine of tables; all give the same cells as the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl

from shifan.fairness.engines import tallied
from shifan.fairness.sampling import Cell
from shifan.fairness.tally import Asked, cells
from shifan.surveys import results
from shifan.surveys.models import Campaign
from shifan.surveys.weighing import Classes

Rows = list[dict[str, Any]]


def asked_of(campaign: Campaign) -> dict[str, Asked]:
    """How each question of the survey is counted."""
    rule = campaign.rule
    asked = Asked(frozenset(rule.satisfied), frozenset(rule.excluded))
    return {each.question: asked for each in rule.questions}


def frame(campaign: Campaign, classes: Classes) -> pl.DataFrame:
    """The answers as a table: stratum, class as the weight, and the choice for each question."""
    names = [each.question for each in campaign.rule.questions]
    schema = {"stratum": pl.String, "weight": pl.Int64, **dict.fromkeys(names, pl.String)}
    return pl.DataFrame(_rows(campaign, names, classes), schema=schema, orient="row")


def _rows(campaign: Campaign, names: list[str], classes: Classes) -> Iterator[tuple[Any, ...]]:
    rows = campaign.answers.values_list("stratum", "flags", "values").order_by()
    for stratum, flags, values in rows.iterator(chunk_size=10_000):
        yield (stratum, classes.of(flags), *(values.get(name) for name in names))


def _counted(
    count: Callable[[pl.DataFrame, Mapping[str, Asked]], Rows], campaign: Campaign, classes: Classes
) -> dict[str, Sequence[Cell]]:
    questions = asked_of(campaign)
    rows = count(frame(campaign, classes), questions)
    return {name: cells(rows, name) for name in questions}


ENGINES: dict[str, results.Count] = {
    "sql": results.in_sql,
    "polars": partial(_counted, partial(tallied, engine="polars")),
    "duckdb": partial(_counted, partial(tallied, engine="duckdb")),
    "python": partial(_counted, partial(tallied, engine="python")),
    "spark": partial(_counted, partial(tallied, engine="spark")),
}
"""Name → how the answers are counted there."""
