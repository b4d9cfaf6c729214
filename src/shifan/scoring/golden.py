"""Run a rule book's own worked cases against the scoring."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from shifan.rulebook.base import Millipoints, millipoints
from shifan.rulebook.check.indicators import places
from shifan.rulebook.check.place import noun
from shifan.rulebook.findings import Finding
from shifan.rulebook.indicators import Golden, IndicatorSet, ScoredProvision
from shifan.rulebook.loader import Reading
from shifan.rulebook.model import GoldenUnit
from shifan.rulebook.rules import Checklist, Graded, Satisfaction
from shifan.scoring.arithmetic import points_text
from shifan.scoring.evaluate import score
from shifan.scoring.facts import BadValue, Value, parse, provision_columns, table_columns
from shifan.scoring.kinds import kind, satisfaction


def findings(reading: Reading) -> list[Finding]:
    """Every golden case whose expected result is not what the rules give.

    Worked units are looked at once every case of a single clause is right: what is wrong with a
    clause is said there, and not again of each unit.
    """
    found: list[Finding] = []
    for unit_type, indicators in reading.indicators.items():
        document = reading.documents[reading.files[unit_type]]
        for place, provision in places(indicators):
            if not isinstance(provision, ScoredProvision):
                continue
            for index, case in enumerate(provision.golden):
                message = _case(provision, case)
                if message:
                    line = document.line((*place, "golden", index))
                    found.append(Finding(document.name, line, noun(provision), message))
    for (name, index), unit in reading.golden.items() if not found else ():
        if unit.unit_type not in reading.indicators and reading.lacks_indicators:
            continue
        for message in _unit(unit, reading.indicators):
            line = reading.documents[name].line((index,))
            found.append(Finding(name, line, f"unit {unit.name}", message))
    return sorted(set(found))


def value_given(provision: ScoredProvision, case: Golden) -> Any:
    """The case's fact in the form the rule reads. Raises BadValue when it does not fit."""
    rule, given = provision.rule, case.given
    first = provision_columns(provision)[0]
    if isinstance(rule, Checklist):
        ticked = given if isinstance(given, tuple) else ()
        unknown = set(ticked) - {part.id for part in rule.parts}
        if not isinstance(given, tuple) or unknown:
            raise BadValue("应列出已具备的项", "given must list the parts that are ticked")
        return tuple(part.id in ticked for part in rule.parts)
    if isinstance(rule, Satisfaction):
        if not isinstance(given, dict) or set(given) != {"share", "sample"}:
            raise BadValue("应给出 share 和 sample", "given must have `share` and `sample`")
        return (given["share"], given["sample"])
    if isinstance(rule, Graded) and not isinstance(given, str):
        raise BadValue("应给出等级", "given must be a grade")
    return parse(replace(first, decimals=provision.input.places), given)


def _case(provision: ScoredProvision, case: Golden) -> str:
    try:
        value = value_given(provision, case)
        earned = _earned(provision, value)
    except (BadValue, TypeError, ValueError) as error:
        return f"golden case {case.given!r} does not fit the rule: {error}"
    if earned != millipoints(case.points):
        got, said = points_text(earned), points_text(millipoints(case.points))
        return f"golden case {_plain(case.given)} earns {got}, the rule book says {said}"
    return ""


def _earned(provision: ScoredProvision, value: Any) -> Millipoints:
    rule = provision.rule
    if isinstance(rule, Satisfaction) and not satisfaction.counts(rule, value):
        return 0
    earned: Millipoints = kind(rule).award(rule, value, provision.millipoints)
    return earned


def _plain(given: Any) -> str:
    return str(given) if isinstance(given, Decimal | str | bool) else repr(given)


def _unit(unit: GoldenUnit, sets: dict[str, IndicatorSet]) -> list[str]:
    indicators = sets.get(unit.unit_type)
    if indicators is None:
        return [f"there are no indicators for {unit.unit_type}"]
    columns = {column.name: column for column in table_columns(indicators)}
    messages: list[str] = []
    facts: dict[str, Value | None] = {}
    for name, raw in unit.facts.items():
        if name not in columns:
            messages.append(f"{name} is not a column of its facts table")
            continue
        try:
            facts[name] = parse(columns[name], raw)
        except BadValue as error:
            messages.append(f"{name}: {error}")
    if messages:
        return messages
    result = score(indicators, facts)
    if result.total != unit.total * 1000:
        messages.append(f"totals {points_text(result.total)}, the rule book says {unit.total}")
    if result.verdict != unit.verdict:
        messages.append(f"is {result.verdict}, the rule book says {unit.verdict}")
    return messages
