"""Checks on one indicator set: sums, bounds, ids, sources, evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from shifan.rulebook.check import asked, reach
from shifan.rulebook.check.place import Report, noun, shown
from shifan.rulebook.findings import Finding
from shifan.rulebook.indicators import (
    COMPUTED,
    Clause,
    IndicatorSet,
    Provision,
    ScoredProvision,
    columns,
    not_applicable_columns,
    potential_column,
)
from shifan.rulebook.loader import Reading
from shifan.rulebook.model import Measures
from shifan.rulebook.rules import (
    INPUT_TYPES,
    DeductPer,
    Graded,
    Linear,
    PerCount,
    Steps,
)
from shifan.rulebook.yaml_lines import Place

LARGEST = 10**9
"""The largest number a fact can be."""
PERCENT = ("%", "％", "百分", "percent", "per cent")
FORBIDDEN_SUBJECTS = re.compile(
    r"ethnic|minzu_of|nationalit|religio|faith|belief|identity_(no|number|card)|id_(card|number)"
    r"|passport|biometr|fingerprint|(?<![a-z])(face|iris|dna)(?![a-z])|movement|whereabouts|geoloc"
    r"|person_name",
)
"""Input names that would be about a person. Shifan rates units, so no input may carry one."""


def findings(reading: Reading, unit_type: str) -> list[Finding]:
    """Everything wrong with the indicators of ``unit_type``."""
    indicators = reading.indicators[unit_type]
    report = Report(reading.documents[reading.files[unit_type]])
    reach.findings(indicators, report)
    _ids(indicators, report)
    _budget(indicators, report)
    asked.findings(list(places(indicators)), report)
    for place, provision in places(indicators):
        _provision(indicators, provision, place, report)
        if reading.measures is not None:
            _sources(provision, place, reading.measures, report)
    if reading.measures is not None:
        if unit_type not in {kind.id for kind in reading.measures.unit_types}:
            report.add(("unit_type",), "", f"unit type {unit_type} is not in the measures")
        known = {reference.id for reference in reading.measures.references}
        for place, provision in places(indicators):
            _basis(provision, place, known, report)
    return report.findings


def places(indicators: IndicatorSet) -> Iterator[tuple[Place, Provision]]:
    """Every provision with its place in the file."""
    for c, category in enumerate(indicators.categories):
        for i, item in enumerate(category.items):
            for k, clause in enumerate(item.clauses):
                yield ("categories", c, "items", i, "clauses", k), clause
    for e, entry in enumerate(indicators.adjustments.entries):
        yield ("adjustments", "entries", e), entry
    for v, veto in enumerate(indicators.vetoes):
        yield ("vetoes", v), veto


def _ids(indicators: IndicatorSet, report: Report) -> None:
    seen: dict[str, str] = {}
    alike: dict[str, str] = {}

    def once(id_: str, place: Place, where: str) -> None:
        name = re.sub(r"[.-]", "_", where).casefold()
        if id_ in seen:
            report.add((*place, "id"), where, f"id {id_} is already used by {seen[id_]}")
        elif name in alike:
            message = f"id {id_} gives the same column of results as {alike[name]}"
            report.add((*place, "id"), where, message)
        seen.setdefault(id_, where)
        alike.setdefault(name, where)

    for t, theme in enumerate(indicators.themes):
        if theme.id in {earlier.id for earlier in indicators.themes[:t]}:
            report.add(("themes", t), "", f"theme {theme.id} is listed twice")
    for c, category in enumerate(indicators.categories):
        once(category.id, ("categories", c), f"category {category.id}")
        for i, item in enumerate(category.items):
            once(item.id, ("categories", c, "items", i), f"item {item.id}")
            _under(item.id, category.id, ("categories", c, "items", i), "item", report)
            for k, clause in enumerate(item.clauses):
                place: Place = ("categories", c, "items", i, "clauses", k)
                _under(clause.id, item.id, place, "clause", report)
    used: dict[str, str] = {}
    for place, provision in places(indicators):
        once(provision.id, place, noun(provision))
        if _read_before(indicators, provision, place, report):
            continue
        for name in _columns(provision):
            if name == "unit":
                message = "column unit holds the units' ids"
                report.add((*place, "input"), noun(provision), message)
            if name in used:
                message = f"column {name} is already used by {used[name]}"
                report.add((*place, "input"), noun(provision), message)
            used.setdefault(name, noun(provision))


def _columns(provision: Provision) -> tuple[str, ...]:
    """All columns of a facts table that the provision has."""
    names = columns(provision)
    if isinstance(provision, Clause):
        names += not_applicable_columns(provision)
        names += (potential_column(provision),) if provision.potential is not None else ()
    return names


def _read_before(
    indicators: IndicatorSet, provision: Provision, place: Place, report: Report
) -> bool:
    """Whether an earlier provision asks for the input; it must be the very same there."""
    first = indicators.leaders[provision.input.name]
    if first.id == provision.id:
        return False
    if first.input != provision.input or _columns(first) != _columns(provision):
        message = f"input {provision.input.name} is read by {noun(first)} already, but not the same"
        report.add((*place, "input"), noun(provision), message)
    return True


def _under(id_: str, parent: str, place: Place, kind: str, report: Report) -> None:
    if not id_.startswith(f"{parent}."):
        report.add((*place, "id"), f"{kind} {id_}", f"stands under {parent} but is named {id_}")


def _budget(indicators: IndicatorSet, report: Report) -> None:
    count, budget = indicators.evidence_asked, indicators.evidence_budget
    if count > budget:
        message = f"{count} documents are asked for; the budget is {budget}"
        report.add(("evidence_budget",), "", message)
    for place, provision in places(indicators):
        doubled = [id_ for id_, n in Counter(e.id for e in provision.evidence).items() if n > 1]
        for id_ in doubled:
            report.add((*place, "evidence"), noun(provision), f"evidence {id_} is listed twice")


def _provision(
    indicators: IndicatorSet, provision: Provision, place: Place, report: Report
) -> None:
    where = noun(provision)
    if FORBIDDEN_SUBJECTS.search(provision.input.name):
        message = f"input {provision.input.name} is about a person; Shifan rates units only"
        report.add((*place, "input", "name"), where, message)
    lowest, highest = provision.input.minimum, reach.highest(provision)
    if provision.input.type == "count":
        for name, bound in (("minimum", lowest), ("maximum", highest)):
            if bound is not None and (bound < 0 or bound != int(bound)):
                message = f"a count is whole and not negative; its {name} is {shown(bound)}"
                report.add((*place, "input", name), where, message)
    if abs(lowest) > LARGEST or (highest is not None and abs(highest) > LARGEST):
        report.add((*place, "input"), where, f"no fact is larger than {LARGEST}")
    _unit(provision, (*place, "input", "unit"), report)
    if highest is not None and lowest > highest:
        message = f"nothing lies between {shown(lowest)} and {shown(highest)}"
        report.add((*place, "input"), where, message)
    if isinstance(provision, Clause) and provision.not_applicable is not None:
        _within(indicators, provision, place, report)
    if isinstance(provision, Clause) and provision.theme not in {t.id for t in indicators.themes}:
        report.add((*place, "theme"), where, f"theme {provision.theme} is not in themes")
    _statements(provision, place, report)
    if isinstance(provision, ScoredProvision):
        _rule(provision, place, report)
        if not provision.golden:
            report.add(place, where, "has no golden case", "warning")
    elif provision.input.type != "boolean":
        report.add((*place, "input", "type"), where, "a veto reads a boolean input")


def _statements(provision: Provision, place: Place, report: Report) -> None:
    """Only what has a middle can be averaged, and only for a rule that reads what lies between."""
    read, at = provision.input, (*place, "input", "statements")
    if read.statements is None:
        return
    if read.type in ("checklist", "satisfaction"):
        report.add(at, noun(provision), f"a {read.type} input has one statement")
        return
    how = read.statements.combine
    if how not in ("mean", "median"):
        return
    kind = provision.rule.kind if isinstance(provision, ScoredProvision) else "veto"
    if kind not in ("steps", "linear"):
        message = f"{how} gives numbers in between, which {kind} does not read"
        report.add(at, noun(provision), message)
    if read.minimum < 0:
        report.add(at, noun(provision), f"{how} is of numbers that are not negative")


def _within(indicators: IndicatorSet, clause: Clause, place: Place, report: Report) -> None:
    """A clause of a scaled category cannot be taken out of the whole, which has not its points."""
    said = clause.not_applicable
    assert said is not None
    category = next(each for each in indicators.categories if clause in each.clauses)
    if said.treatment == "exclude" and said.within == "whole" and category.scale is not None:
        message = "stands in a scaled category: say `within: category` or `within: item`"
        report.add((*place, "not_applicable"), noun(clause), message)
    if said.treatment == "full" and said.within != "whole":
        message = "awards all its points, so nothing is taken out `within` anything"
        report.add((*place, "not_applicable"), noun(clause), message)
    elif said.within == "clause" and clause.rule.kind != "checklist":
        message = f"only a checklist has parts that may not apply, not {clause.rule.kind}"
        report.add((*place, "not_applicable"), noun(clause), message)


def _unit(provision: Provision, place: Place, report: Report) -> None:
    """A unit says what a number counts: a share is in percent, and a word has none."""
    read = provision.input
    if read.unit is None:
        return
    if read.type in ("boolean", "checklist", "grade"):
        report.add(place, noun(provision), f"a {read.type} input has no unit")
    elif read.type in ("percent", "satisfaction"):
        said = f"{read.unit.zh} {read.unit.en}"
        if not any(word in said for word in PERCENT):
            report.add(
                place, noun(provision), f"a {read.type} input is in %, not in {said.strip()}"
            )


def _rule(provision: ScoredProvision, place: Place, report: Report) -> None:
    where, rule, read = noun(provision), provision.rule, provision.input
    allowed = INPUT_TYPES[rule.kind]
    if read.type not in allowed:
        expected = " or ".join(sorted(allowed))
        message = f"rule {rule.kind} reads {expected}, not {read.type}"
        report.add((*place, "input", "type"), where, message)
    whole = {"all_or_nothing", "checklist", "per_count", "deduct_per", "graded"}
    if rule.kind in whole and read.decimals:
        report.add((*place, "input"), where, f"a {read.type} input has no decimal places")
    if isinstance(rule, Steps):
        _top(rule.steps[-1].points, provision, place, report)
        _bounds([step.at for step in rule.steps], provision, place, report)
    elif isinstance(rule, Linear):
        _bounds([rule.low, rule.full], provision, place, report)
    elif isinstance(rule, Graded):
        _top(rule.grades[0].points, provision, place, report)
    elif isinstance(rule, PerCount):
        top = read.maximum * rule.each if read.maximum is not None else provision.points
        if top < provision.points:
            message = f"at most {read.maximum} count, which earns {top} of {provision.points}"
            report.add((*place, "rule"), where, f"cannot be earned in full: {message}")
    elif isinstance(rule, DeductPer) and getattr(provision, "effect", "") == "penalty":
        message = "as a penalty it costs most where nothing fails: per_count grows with each"
        report.add((*place, "rule"), where, message, "warning")
    elif isinstance(rule, DeductPer) and rule.floor >= provision.points:
        message = f"floor {rule.floor} is not below the clause's {provision.points} points"
        report.add((*place, "rule", "floor"), where, message)


def _top(top: Decimal, provision: ScoredProvision, place: Place, report: Report) -> None:
    if top != provision.points:
        message = f"its best result earns {top}, the clause is worth {provision.points}"
        report.add((*place, "rule"), noun(provision), message)


def _bounds(
    bounds: list[Decimal], provision: ScoredProvision, place: Place, report: Report
) -> None:
    read = provision.input
    maximum = read.maximum
    if read.type == "percent":
        maximum = min(Decimal(100), maximum) if maximum is not None else Decimal(100)
    places_kept = Decimal(1).scaleb(-read.decimals)
    for bound in bounds:
        if bound < read.minimum or (maximum is not None and bound > maximum):
            message = f"bound {bound} lies outside what {read.name} can be"
            report.add((*place, "rule"), noun(provision), f"cannot be reached: {message}")
        elif bound % places_kept:
            message = f"bound {bound} is finer than the {read.decimals} decimals {read.name} keeps"
            report.add((*place, "rule"), noun(provision), message)


def _sources(provision: Provision, place: Place, measures: Measures, report: Report) -> None:
    known = {source.id: source for source in measures.fact_sources}
    writable = {
        source for way in measures.procedures for stage in way.stages for source in stage.writes
    }
    for name in provision.input.from_:
        if name not in known:
            message = f"fact source {name} is not in the measures"
            report.add((*place, "input", "from"), noun(provision), message)
    if provision.input.type == "satisfaction":
        _asked(provision, place, measures, report)
    if not any(
        name in writable or (known[name].by == "computed" and provision.input.name in COMPUTED)
        for name in provision.input.from_
        if name in known
    ):
        message = "no stage lets any of its fact sources speak, so it can never be scored"
        report.add((*place, "input", "from"), noun(provision), message)


def _asked(provision: Provision, place: Place, measures: Measures, report: Report) -> None:
    """A survey of the book asks for a surveyed share; without one an office brings the figure."""
    name, where = provision.input.name, noun(provision)
    if any(asked.input == name for survey in measures.surveys for asked in survey.questions):
        return
    if measures.surveys:
        report.add((*place, "input"), where, f"no survey has a question for {name}")
    else:
        message = f"no survey of the book asks for {name}: its office states the share itself"
        report.add((*place, "input"), where, message, "warning")


def _basis(provision: Provision, place: Place, known: set[str], report: Report) -> None:
    source = provision.source
    if source.status == "drafted" or not known:
        return
    if re.split(r"[\s,:;，：；]", source.basis, maxsplit=1)[0] not in known:
        message = f"is {source.status}, but its basis {source.basis!r} names no reference"
        report.add((*place, "source"), noun(provision), message)
