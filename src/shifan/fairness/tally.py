"""Count answers: one pass over a table, whole numbers only, so that every engine says the same.

The table of answers has ``stratum`` (text, never null), ``weight`` (int64, thousandths; 1000 counts
in full, 0 not at all) and for each question a text column with the choice; null is not answered.
The tally has a row per (stratum, weight) and for each question ``<question>__answers`` and
``<question>__satisfied``, all int64.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from shifan.fairness.sampling import Cell
from shifan.scoring.compile.share import typed


@dataclass(frozen=True)
class Asked:
    """How the choices of a question are counted; any other choice is an answer, not satisfied.

    ``excluded`` choices ("don't know", "does not concern me") are no answers.
    """

    satisfied: frozenset[str]
    excluded: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        both = sorted(self.satisfied & self.excluded)
        if both:
            raise ValueError(f"choices both satisfied and excluded: {', '.join(both)}")


def tally(answers: ir.Table, questions: Mapping[str, Asked]) -> ir.Table:
    """The tally of a table of answers (both described above), as an expression."""
    counts: dict[str, ir.Value] = {}
    for name, asked in questions.items():
        choice = answers[name]
        counted = choice.notnull()
        if asked.excluded:
            counted = counted & ~choice.isin(sorted(asked.excluded))
        counts[f"{name}__answers"] = _count(counted)
        counts[f"{name}__satisfied"] = _count(choice.isin(sorted(asked.satisfied)))
    return answers.group_by("stratum", "weight").aggregate(**counts)


def _count(condition: ir.BooleanValue) -> ir.IntegerValue:
    one, none = ibis.literal(1, "int64"), ibis.literal(0, "int64")
    return typed(condition.ifelse(one, none).sum(), "int64")


def tally_rows(
    answers: Iterable[Mapping[str, Any]], questions: Mapping[str, Asked]
) -> list[dict[str, Any]]:
    """The rows of the same tally in plain Python: the reference the engines are held to."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for answer in answers:
        key = answer["stratum"], answer["weight"]
        row = found.setdefault(key, {"stratum": key[0], "weight": key[1]})
        for name, asked in questions.items():
            choice = answer[name]
            counted = choice is not None and choice not in asked.excluded
            for column, holds in (("answers", counted), ("satisfied", choice in asked.satisfied)):
                row[f"{name}__{column}"] = row.get(f"{name}__{column}", 0) + holds
    return list(found.values())


def cells(rows: Iterable[Mapping[str, Any]], question: str) -> tuple[Cell, ...]:
    """The cells of one question from the rows of a tally, in the order of stratum and weight."""
    found = (
        Cell(
            stratum=row["stratum"],
            weight=int(row["weight"]),
            answers=int(row[f"{question}__answers"]),
            satisfied=int(row[f"{question}__satisfied"]),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda cell: (cell.stratum, cell.weight)))
