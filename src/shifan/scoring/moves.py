"""The cheapest changes that would take a unit across the threshold.

Every clause that has lost or open points offers a smallest change towards the gap. Changes are
taken by gain per effort until the gap is closed, the last one is cut to what is needed, and those
that turn out unnecessary are dropped. Effort is a plain measure (see
:class:`shifan.scoring.kinds.change.Change`), so this is advice, not an optimum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Any

from shifan.rulebook.base import Millipoints, millipoints
from shifan.rulebook.indicators import Clause, IndicatorSet, Input
from shifan.rulebook.rules import Satisfaction
from shifan.scoring.evaluate import counted, own_points, scaled
from shifan.scoring.facts import ALL
from shifan.scoring.kinds import kind, satisfaction
from shifan.scoring.kinds.change import Change
from shifan.scoring.result import ProvisionScore, State, UnitScore


@dataclass(frozen=True)
class Move:
    """A change of one clause's fact; ``change.gain`` is in that clause's own millipoints.

    ``gains`` has it by the clause's id, and what the others that read the same input gain by it.
    """

    clause: Clause
    change: Change
    gains: Mapping[str, Millipoints]


def offers(indicators: IndicatorSet, result: UnitScore) -> list[Move]:
    """For every clause with points to gain, its smallest change towards the threshold, best gain
    per effort first; none where it is reached."""
    ahead = _Ahead(indicators, result)
    if ahead.reached({}):
        return []
    made = [
        move
        for clause, part in zip(indicators.clauses, result.clauses, strict=True)
        if part.won < part.possible
        for move in _moves(indicators, clause, result, ahead.wanted(clause, {}))
    ]
    return sorted(made, key=_worth)


def cheapest(indicators: IndicatorSet, result: UnitScore) -> list[Move]:
    """The changes that together bring the total to the threshold; empty where it is reached, or
    cannot be."""
    ahead = _Ahead(indicators, result)
    taken: list[Move] = []
    for move in offers(indicators, result):
        if ahead.reached(_gains(taken)):
            break
        read = move.clause.input.name
        others = [each for each in taken if each.clause.input.name != read]
        made = [each for each in taken if each.clause.input.name == read]
        for wanted in (ahead.wanted(move.clause, _gains(others)), move.clause.millipoints):
            made += _moves(indicators, move.clause, result, wanted)
        made.sort(key=_gained)
        enough = (each for each in made if ahead.reached(_gains([*others, each])))
        taken = [*others, *([first] if (first := next(enough, None)) else made[-1:])]
    if not ahead.reached(_gains(taken)):
        return []
    for move in sorted(taken, key=_gained):
        others = [each for each in taken if each is not move]
        if ahead.reached(_gains(others)):
            taken = others
    return taken


class _Ahead:
    """What the total would be with some clauses earning more: a point of a clause need not be one
    of the whole."""

    def __init__(self, indicators: IndicatorSet, result: UnitScore) -> None:
        self._indicators = indicators
        self._result = result
        self._threshold = millipoints(indicators.apply_from)
        self._parts = {part.id: part for part in result.clauses}
        sums = zip(indicators.categories, result.categories, strict=True)
        self._around = {
            clause.id: (category, counts.won)
            for category, counts in sums
            for clause in category.clauses
        }

    def reached(self, gains: Mapping[str, Millipoints]) -> bool:
        """Whether the total is at the threshold once these clauses (by id) earn so much more."""
        result = self._result
        base = scaled(self._indicators, result.won + self._more(gains), result.available)
        return max(base + result.bonus - result.penalty, 0) >= self._threshold

    def wanted(self, clause: Clause, gains: Mapping[str, Millipoints]) -> Millipoints:
        """The least the clause must earn more, beside the others, to be there; all it can if that
        is not enough."""
        part = self._parts[clause.id]
        low, high = 1, part.possible - part.won
        while low < high:
            middle = (low + high) // 2
            if self.reached({**gains, clause.id: middle}):
                high = middle
            else:
                low = middle + 1
        return low

    def _more(self, gains: Mapping[str, Millipoints]) -> Millipoints:
        """What the whole wins by it."""
        more, scaled_ = 0, {}
        for id_, gain in gains.items():
            category, won = self._around[id_]
            if category.plain:
                more += gain
            else:
                scaled_[category.id] = (category, won)
        for category, won in scaled_.values():
            parts = {
                clause.id: replace(part, won=part.won + gains.get(clause.id, 0))
                for clause in category.clauses
                for part in (self._parts[clause.id],)
            }
            more += counted(category, parts).won - won
        return more


def _moves(
    indicators: IndicatorSet, clause: Clause, result: UnitScore, wanted: Millipoints
) -> list[Move]:
    """The smallest change of the clause that earns what is wanted, if there is one."""
    change = _change(clause, result, wanted)
    if change is None or change.gain <= 0:
        return []
    gains = {clause.id: change.gain}
    for other in indicators.clauses:
        if other.input.name == clause.input.name and other.id != clause.id:
            gains[other.id] = _gain(other, result.provision(other.id), change.to)
    return [Move(clause, change, gains)]


def _gains(moves: list[Move]) -> dict[str, Millipoints]:
    return {id_: gain for move in moves for id_, gain in move.gains.items()}


def _gained(move: Move) -> Millipoints:
    """What all that read the input gain together."""
    return sum(move.gains.values())


def _gain(clause: Clause, part: ProvisionScore, to: Any) -> Millipoints:
    """What the clause earns more with that value."""
    if part.state is State.NOT_APPLICABLE:
        return 0
    earned = kind(clause.rule).award(clause.rule, to, clause.millipoints)
    return own_points(earned, part.potential) - part.won


def _change(clause: Clause, result: UnitScore, wanted: Millipoints) -> Change | None:
    part, rule = result.provision(clause.id), clause.rule
    module, full = kind(rule), clause.millipoints
    missing = part.state is State.MISSING or (
        isinstance(rule, Satisfaction) and not satisfaction.counts(rule, part.value)
    )
    value = _worst(clause, part) if missing else part.value
    stated = module.award(rule, value, full) if missing else 0
    if part.potential != ALL:  # so many of the rule's points, to be rounded to what is wanted
        wanted = min(ceil((wanted + 1) * 100 / Fraction(part.potential)), full)
    read = _statable(clause.input)
    change: Change | None = module.improve(rule, value, full, wanted - stated, read)
    return replace(change, gain=_gain(clause, part, change.to)) if change else None


def _worst(clause: Clause, part: ProvisionScore) -> Any:
    value = kind(clause.rule).worst(clause.rule)
    if not part.applies:
        return value
    return tuple(None if not there else v for v, there in zip(value, part.applies, strict=True))


def _statable(read: Input) -> Input:
    """The input with no more places than a statement and what several come to both keep."""
    if read.places >= read.decimals:
        return read
    return read.model_copy(update={"decimals": read.places})


def _worth(move: Move) -> tuple[Fraction, str]:
    effort = move.change.effort or Fraction(1, 1000)
    return (-Fraction(_gained(move)) / effort, move.clause.id)
