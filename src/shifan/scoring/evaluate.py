"""Score one unit: a pure function of its indicators and facts, in plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from shifan.rulebook.base import Millipoints, millipoints
from shifan.rulebook.indicators import (
    Adjustment,
    Category,
    Clause,
    IndicatorSet,
    Item,
    Provision,
    ScoredProvision,
    columns,
    not_applicable_columns,
    potential_column,
)
from shifan.rulebook.rules import Satisfaction
from shifan.scoring.arithmetic import round_half_up
from shifan.scoring.combine import combined
from shifan.scoring.facts import Facts
from shifan.scoring.kinds import kind, satisfaction
from shifan.scoring.result import ProvisionScore, State, Sum, UnitScore, Verdict


def score(indicators: IndicatorSet, facts: Facts) -> UnitScore:
    """The score of a unit whose facts are ``facts`` (column → value; absent means missing)."""
    clauses = tuple(_clause(clause, facts) for clause in indicators.clauses)
    adjustments = tuple(_adjustment(entry, facts) for entry in indicators.adjustments.entries)
    vetoes = tuple(_veto(veto, facts) for veto in indicators.vetoes)
    found = {part.id: part for part in clauses}
    scopes = [_category(category, found) for category in indicators.categories]
    whole = _sum("", (category.counted for category, _ in scopes))
    bonus, penalty = _adjusted(indicators, adjustments)
    base = scaled(indicators, whole.won, whole.possible)
    total = max(base + bonus - penalty, 0)
    best = max(scaled(indicators, whole.won + whole.open, whole.possible) + bonus - penalty, 0)
    minima = [scope for category, items in scopes for scope in (category, *items)]
    verdict = _verdict(indicators, minima, adjustments, vetoes, total, best)
    return UnitScore(
        clauses=clauses,
        adjustments=adjustments,
        vetoes=vetoes,
        items=tuple(item.counted for _, items in scopes for item in items),
        categories=tuple(category.counted for category, _ in scopes),
        won=whole.won,
        open=whole.open,
        available=whole.possible,
        base=base,
        bonus=bonus,
        penalty=penalty,
        total=total,
        best=best,
        verdict=verdict,
        grade=_grade(indicators, total, verdict),
    )


@dataclass(frozen=True, slots=True)
class _Scope:
    """An item or a category: its clauses' sum, that sum as it counts, and the points that could not
    be taken out within it. ``full`` is what it counts for where all applies."""

    part: Item | Category
    own: Sum
    counted: Sum
    full: Millipoints
    passed: Millipoints = 0

    def meets(self, *, with_open: bool) -> bool:
        """Whether it reaches its minimum, as far as is known or with all that is open."""
        won = self.own.won + self.own.open if with_open else self.own.won
        return meets_minimum(self.part.minimum, won, self.own.possible, self.full)


def meets_minimum(
    minimum: Decimal | None, won: Millipoints, possible: Millipoints, full: Millipoints
) -> bool:
    """Whether ``won`` of ``possible`` reaches a minimum of ``full`` points, scaled to what applies,
    exactly; where nothing applies, it does."""
    return minimum is None or won * full >= millipoints(minimum) * possible


def _item(item: Item, found: Mapping[str, ProvisionScore]) -> _Scope:
    own = _sum(item.id, (found[clause.id] for clause in item.clauses))
    out = _taken_out(item.clauses, found, "item")
    full = sum(clause.millipoints for clause in item.clauses)
    if not own.possible:
        return _Scope(item, own, own, full, out)
    return _Scope(item, own, _stretched(own, own.possible + out), full)


def _category(
    category: Category, found: Mapping[str, ProvisionScore]
) -> tuple[_Scope, list[_Scope]]:
    items = [_item(item, found) for item in category.items]
    own = _sum(category.id, (item.counted for item in items))
    out = _taken_out(category.clauses, found, "category") + sum(item.passed for item in items)
    if not own.possible:
        counted = own
    elif category.scale is None:
        counted = _stretched(own, own.possible + out)
    else:
        counted = _stretched(own, millipoints(category.scale.to), category.scale.places)
    return _Scope(category, own, counted, category.millipoints), items


def counted(category: Category, clauses: Mapping[str, ProvisionScore]) -> Sum:
    """What the category counts for, from its clauses' scores by their ids."""
    return _category(category, clauses)[0].counted


def _taken_out(
    clauses: Iterable[Clause], found: Mapping[str, ProvisionScore], within: str
) -> Millipoints:
    """The points of the clauses that are taken out within the scope."""
    return sum(
        clause.millipoints
        for clause in clauses
        if clause.within == within and found[clause.id].state is State.NOT_APPLICABLE
    )


def _stretched(own: Sum, to: Millipoints, places: int = 3) -> Sum:
    """The sum as a share of ``to`` points, rounded half-up once to the decimal places."""
    if to == own.possible and places == 3:
        return own
    step = 10 ** (3 - places)
    won, best = (
        round_half_up(Fraction(points * to, own.possible * step)) * step
        for points in (own.won, own.won + own.open)
    )
    return Sum(own.id, won, best - won, to)


def scaled(indicators: IndicatorSet, won: Millipoints, available: Millipoints) -> Millipoints:
    """``won`` out of ``available`` points, as a share of the full base; rounded half-up once.

    Of nothing available nothing is won.
    """
    if not available:
        return 0
    return round_half_up(Fraction(won * millipoints(indicators.base_points), available))


def value_of(provision: Provision, facts: Facts, applies: Sequence[bool] = ()) -> Any:
    """What the provision's rule reads: one value, a tuple for several columns, None if missing.

    With ``applies``, of the parts that do not apply None is read, whatever is stated.
    """
    if provision.input.statements is not None:
        return combined(provision, facts)
    values = tuple(facts.get(name) for name in columns(provision))
    if applies:
        values = tuple(v if there else None for v, there in zip(values, applies, strict=True))
    if any(v is None and there for v, there in zip_longest(values, applies, fillvalue=True)):
        return None
    return values[0] if len(values) == 1 else values


def _clause(clause: Clause, facts: Facts) -> ProvisionScore:
    marks = [facts.get(name) is True for name in not_applicable_columns(clause)]
    if clause.not_applicable and all(marks):
        counts = clause.millipoints if clause.not_applicable.treatment == "full" else 0
        return _of_potential(
            ProvisionScore(clause.id, State.NOT_APPLICABLE, counts, counts), clause, facts
        )
    applies = tuple(not mark for mark in marks) if clause.by_parts else ()
    scored = replace(_scored(clause, facts, State.MISSING, applies), applies=applies)
    return _of_potential(scored, clause, facts)


def _of_potential(scored: ProvisionScore, clause: Clause, facts: Facts) -> ProvisionScore:
    """The same where the clause counts for the unit's own potential."""
    stated = facts.get(potential_column(clause)) if clause.potential is not None else None
    if stated is None:
        return scored
    own = Decimal(stated)
    won, possible = (own_points(points, own) for points in (scored.won, scored.possible))
    return replace(scored, won=won, possible=possible, potential=own)


def own_points(points: Millipoints, potential: Decimal) -> Millipoints:
    """The points as they count for a potential in percent, rounded half-up."""
    return round_half_up(Fraction(points) * Fraction(potential) / 100)


def _adjustment(entry: Adjustment, facts: Facts) -> ProvisionScore:
    return _scored(entry, facts, State.UNCLAIMED if entry.effect == "bonus" else State.MISSING)


def _scored(
    provision: ScoredProvision, facts: Facts, if_missing: State, applies: Sequence[bool] = ()
) -> ProvisionScore:
    value, full = value_of(provision, facts, applies), provision.millipoints
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


def _sum(id_: str, parts: Iterable[ProvisionScore | Sum]) -> Sum:
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


def _verdict(
    indicators: IndicatorSet,
    scopes: Iterable[_Scope],
    adjustments: tuple[ProvisionScore, ...],
    vetoes: tuple[ProvisionScore, ...],
    total: Millipoints,
    best: Millipoints,
) -> Verdict:
    if any(veto.value is True for veto in vetoes):
        return Verdict.VETOED
    if not all(scope.meets(with_open=True) for scope in scopes):
        return Verdict.BELOW_MINIMUM
    threshold = millipoints(Decimal(indicators.apply_from))
    if best < threshold:
        return Verdict.NOT_REACHED
    unknown = any(part.state is State.MISSING for part in (*adjustments, *vetoes))
    certain = total >= threshold and all(scope.meets(with_open=False) for scope in scopes)
    return Verdict.REACHED if certain and not unknown else Verdict.INCOMPLETE


def _grade(indicators: IndicatorSet, total: Millipoints, verdict: Verdict) -> str:
    if verdict in (Verdict.VETOED, Verdict.BELOW_MINIMUM):
        return ""
    reached = (each.id for each in indicators.grades if total >= millipoints(each.from_))
    return next(reached, "")
