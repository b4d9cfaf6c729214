"""Score one unit: a pure function of its indicators and facts, in plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from shifan.rulebook.base import Millipoints, millipoints
from shifan.rulebook.indicators import (
    Adjustment,
    Category,
    Clause,
    IndicatorSet,
    Provision,
    ScoredProvision,
    columns,
    not_applicable_column,
)
from shifan.rulebook.rules import Satisfaction
from shifan.scoring.arithmetic import round_half_up
from shifan.scoring.facts import Facts
from shifan.scoring.kinds import kind, satisfaction
from shifan.scoring.result import ProvisionScore, State, Sum, UnitScore, Verdict


def score(indicators: IndicatorSet, facts: Facts) -> UnitScore:
    """The score of a unit whose facts are ``facts`` (column → value; absent means missing)."""
    clauses = tuple(_clause(clause, facts) for clause in indicators.clauses)
    adjustments = tuple(_adjustment(entry, facts) for entry in indicators.adjustments.entries)
    vetoes = tuple(_veto(veto, facts) for veto in indicators.vetoes)
    found = {part.id: part for part in clauses}
    items = tuple(
        _sum(item.id, (found[clause.id] for clause in item.clauses)) for item in indicators.items
    )
    categories = tuple(
        _sum(category.id, (found[clause.id] for clause in category.clauses))
        for category in indicators.categories
    )
    whole = _sum("", clauses)
    bonus, penalty = _adjusted(indicators, adjustments)
    base = scaled(indicators, whole.won, whole.possible)
    total = max(base + bonus - penalty, 0)
    best = max(scaled(indicators, whole.won + whole.open, whole.possible) + bonus - penalty, 0)
    return UnitScore(
        clauses=clauses,
        adjustments=adjustments,
        vetoes=vetoes,
        items=items,
        categories=categories,
        won=whole.won,
        open=whole.open,
        available=whole.possible,
        base=base,
        bonus=bonus,
        penalty=penalty,
        total=total,
        best=best,
        verdict=_verdict(indicators, categories, adjustments, vetoes, total, best),
    )


def scaled(indicators: IndicatorSet, won: Millipoints, available: Millipoints) -> Millipoints:
    """``won`` out of ``available`` points, as a share of the full base; rounded half-up once.

    Of nothing available nothing is won.
    """
    if not available:
        return 0
    return round_half_up(Fraction(won * millipoints(indicators.base_points), available))


def value_of(provision: Provision, facts: Facts) -> Any:
    """What the provision's rule reads: one value, a tuple for several columns, None if missing."""
    values = tuple(facts.get(name) for name in columns(provision))
    if any(value is None for value in values):
        return None
    return values[0] if len(values) == 1 else values


def _clause(clause: Clause, facts: Facts) -> ProvisionScore:
    full = clause.millipoints
    if clause.not_applicable and facts.get(not_applicable_column(clause)) is True:
        if clause.not_applicable.treatment == "full":
            return ProvisionScore(clause.id, State.NOT_APPLICABLE, full, full)
        return ProvisionScore(clause.id, State.NOT_APPLICABLE, 0, 0)
    return _scored(clause, facts, State.MISSING)


def _adjustment(entry: Adjustment, facts: Facts) -> ProvisionScore:
    return _scored(entry, facts, State.UNCLAIMED if entry.effect == "bonus" else State.MISSING)


def _scored(provision: ScoredProvision, facts: Facts, if_missing: State) -> ProvisionScore:
    value, full = value_of(provision, facts), provision.millipoints
    rule = provision.rule
    if value is None:
        return ProvisionScore(provision.id, if_missing, 0, full)
    if isinstance(rule, Satisfaction) and not satisfaction.counts(rule, value):
        state = State.SCORED if rule.insufficient == "none" else if_missing
        return ProvisionScore(provision.id, state, 0, full, value)
    won = kind(rule).award(rule, value, full)
    return ProvisionScore(provision.id, State.SCORED, won, full, value)


def _veto(provision: Provision, facts: Facts) -> ProvisionScore:
    value = value_of(provision, facts)
    state = State.MISSING if value is None else State.SCORED
    return ProvisionScore(provision.id, state, 0, 0, value)


def _sum(id_: str, parts: Iterable[ProvisionScore]) -> Sum:
    won = open_ = possible = 0
    for part in parts:
        won, open_, possible = won + part.won, open_ + part.open, possible + part.possible
    return Sum(id_, won, open_, possible)


def _adjusted(
    indicators: IndicatorSet, scores: tuple[ProvisionScore, ...]
) -> tuple[Millipoints, Millipoints]:
    sums = {"bonus": 0, "penalty": 0}
    for entry, part in zip(indicators.adjustments.entries, scores, strict=True):
        sums[entry.effect] += part.won
    bonus_cap = millipoints(indicators.adjustments.bonus_cap)
    cap = indicators.adjustments.penalty_cap
    penalty = sums["penalty"] if cap is None else min(sums["penalty"], millipoints(cap))
    return min(sums["bonus"], bonus_cap), penalty


def meets_minimum(category: Category, won: Millipoints, possible: Millipoints) -> bool:
    """Whether ``won`` of ``possible`` reaches the category's minimum, scaled to what applies."""
    if category.minimum is None:
        return True
    full = sum(clause.millipoints for clause in category.clauses)
    return won * full >= millipoints(category.minimum) * possible


def _verdict(
    indicators: IndicatorSet,
    categories: tuple[Sum, ...],
    adjustments: tuple[ProvisionScore, ...],
    vetoes: tuple[ProvisionScore, ...],
    total: Millipoints,
    best: Millipoints,
) -> Verdict:
    if any(veto.value is True for veto in vetoes):
        return Verdict.VETOED
    pairs = tuple(zip(indicators.categories, categories, strict=True))
    if not all(meets_minimum(c, s.won + s.open, s.possible) for c, s in pairs):
        return Verdict.BELOW_MINIMUM
    threshold = millipoints(Decimal(indicators.apply_from))
    if best < threshold:
        return Verdict.NOT_REACHED
    unknown = any(part.state is State.MISSING for part in (*adjustments, *vetoes))
    certain = total >= threshold and all(meets_minimum(c, s.won, s.possible) for c, s in pairs)
    return Verdict.REACHED if certain and not unknown else Verdict.INCOMPLETE
