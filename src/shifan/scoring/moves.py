"""The cheapest changes that would take a unit across the threshold.

Every clause that has lost or open points offers a smallest change towards the gap. Changes are
taken by gain per effort until the gap is closed, the last one is cut to what is needed, and those
that turn out unnecessary are dropped. Effort is a plain measure (see
:class:`shifan.scoring.kinds.change.Change`), so this is advice, not an optimum.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from shifan.rulebook.base import Millipoints, millipoints
from shifan.rulebook.indicators import Clause, IndicatorSet
from shifan.rulebook.rules import Satisfaction
from shifan.scoring.evaluate import scaled
from shifan.scoring.kinds import kind, satisfaction
from shifan.scoring.kinds.change import Change
from shifan.scoring.result import State, UnitScore


@dataclass(frozen=True)
class Move:
    """A change of one clause's fact; ``change.gain`` is in that clause's own millipoints."""

    clause: Clause
    change: Change


def gap(indicators: IndicatorSet, result: UnitScore) -> Millipoints:
    """How many more clause millipoints would bring the total to the threshold; 0 when there."""
    threshold = millipoints(indicators.apply_from)
    if result.total >= threshold:
        return 0
    low, high = 0, result.available - result.won
    if _total(indicators, result, high) < threshold:
        return high + 1
    while low < high:
        middle = (low + high) // 2
        if _total(indicators, result, middle) >= threshold:
            high = middle
        else:
            low = middle + 1
    return low


def _total(indicators: IndicatorSet, result: UnitScore, gain: Millipoints) -> Millipoints:
    base = scaled(indicators, result.won + gain, result.available)
    return max(base + result.bonus - result.penalty, 0)


def offers(indicators: IndicatorSet, result: UnitScore, wanted: Millipoints) -> list[Move]:
    """For every clause with points to gain, its smallest change towards ``wanted`` millipoints,
    best gain per effort first."""
    made: list[Move] = []
    for clause, part in zip(indicators.clauses, result.clauses, strict=True):
        if part.won >= part.possible:
            continue
        change = _change(clause, result, wanted)
        if change is not None and change.gain > 0:
            made.append(Move(clause, change))
    return sorted(made, key=_worth)


def cheapest(indicators: IndicatorSet, result: UnitScore) -> list[Move]:
    """The changes that together close the gap; empty when there is none or it cannot be closed."""
    missing = gap(indicators, result)
    if missing == 0:
        return []
    taken: list[Move] = []
    for move in offers(indicators, result, missing):
        rest = missing - sum(each.change.gain for each in taken)
        if rest <= 0:
            break
        change = _change(move.clause, result, rest)
        if change is not None and change.gain > 0:
            taken.append(Move(move.clause, change))
    if sum(move.change.gain for move in taken) < missing:
        return []
    return _needed(taken, missing)


def _needed(taken: list[Move], missing: Millipoints) -> list[Move]:
    for move in sorted(taken, key=lambda each: each.change.gain):
        if sum(each.change.gain for each in taken) - move.change.gain >= missing:
            taken = [each for each in taken if each is not move]
    return taken


def _change(clause: Clause, result: UnitScore, wanted: Millipoints) -> Change | None:
    part, rule = result.provision(clause.id), clause.rule
    module, full = kind(rule), clause.millipoints
    missing = part.state is State.MISSING or (
        isinstance(rule, Satisfaction) and not satisfaction.counts(rule, part.value)
    )
    value = module.worst(rule) if missing else part.value
    stated = module.award(rule, value, full) if missing else 0
    change: Change | None = module.improve(rule, value, full, wanted - stated, clause.input)
    return replace(change, gain=change.gain + stated) if change else None


def _worth(move: Move) -> tuple[Fraction, str]:
    effort = move.change.effort or Fraction(1, 1000)
    return (-Fraction(move.change.gain) / effort, move.clause.id)
