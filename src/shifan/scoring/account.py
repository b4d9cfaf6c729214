"""The account of one unit out of a facts table: every clause, the summary, the cheapest moves."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

import polars as pl

from shifan.rulebook.base import Millipoints, Text
from shifan.rulebook.indicators import IndicatorSet
from shifan.scoring.arithmetic import points_text
from shifan.scoring.evaluate import score
from shifan.scoring.explain import Explanation, Reason, explain
from shifan.scoring.facts import Facts, Value, plain, table_columns
from shifan.scoring.moves import Move


def facts_of(frame: pl.LazyFrame, indicators: IndicatorSet, unit: str) -> Facts | None:
    """The facts of ``unit`` in the canonical table, or None when it is not there."""
    found = frame.filter(pl.col("unit") == unit).head(1).collect()
    if found.is_empty():
        return None
    row = found.row(0, named=True)
    facts: dict[str, Value | None] = {}
    for column in table_columns(indicators):
        value = row.get(column.name)
        if column.type == "number" and value is not None:
            value = Decimal(value).scaleb(-column.decimals)
        facts[column.name] = value
    return facts


@dataclass(frozen=True)
class Account:
    """A unit's explanation in print."""

    unit: str
    explanation: Explanation
    graded: bool = False
    """Whether the rule book has grades of the whole score."""

    @classmethod
    def of(cls, indicators: IndicatorSet, unit: str, facts: Facts) -> Self:
        made = explain(indicators, facts, score(indicators, facts))
        return cls(unit, made, bool(indicators.grades))

    def lines(self, language: str) -> list[str]:
        """For people: one line per provision, then the summary and what would be cheapest."""
        lines = [self.unit]
        for reason in self.explanation.reasons:
            points = "" if reason.score.possible == 0 else points_text(reason.score.won)
            facts = ", ".join(f"{name}={_shown(value)}" for name, value in reason.facts.items())
            lines.append(f"{reason.provision.id:>8} {points:>6}  {reason.text.in_(language)}")
            lines.append(f"{'':>17}{reason.provision.text.in_(language)} [{facts}]")
        lines.append(self.explanation.summary.in_(language))
        if self.explanation.moves:
            lines.append(_MOVES.in_(language))
        for move in self.explanation.moves:
            gain = points_text(move.change.gain)
            lines.append(f"{move.clause.id:>8} {'+' + gain:>6}  {move.change.text.in_(language)}")
        return lines

    def as_json(self) -> dict[str, Any]:
        """For programs; points are decimals."""
        result = self.explanation.score
        sums = ("won", "open", "available", "base", "bonus", "penalty", "total", "best")
        return {
            "unit": self.unit,
            "verdict": result.verdict.value,
            **({"grade": result.grade} if self.graded else {}),
            **{name: points(getattr(result, name)) for name in sums},
            "clauses": [_reason(reason) for reason in self.explanation.reasons],
            "summary": _text(self.explanation.summary),
            "moves": [_move(move) for move in self.explanation.moves],
        }


_MOVES = Text(zh="最省力的改进：", en="The cheapest improvements:")


def points(millipoints: Millipoints) -> Decimal:
    """Millipoints as an exact number of points.

    >>> points(1375)
    Decimal('1.375')
    """
    return Decimal(millipoints).scaleb(-3)


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "id": reason.provision.id,
        "text": _text(reason.provision.text),
        "state": reason.score.state.value,
        "points": points(reason.score.won),
        "possible": points(reason.score.possible),
        "facts": dict(reason.facts),
        "reason": _text(reason.text),
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "clause": move.clause.id,
        "gain": points(move.change.gain),
        "change": _text(move.change.text),
    }


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _shown(value: Value | None) -> str:
    if value is None:
        return "-"
    return plain(value) if isinstance(value, Decimal) else str(value).lower()
