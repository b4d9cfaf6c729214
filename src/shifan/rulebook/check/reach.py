"""Checks on what an indicator set can come to: sums, minima, grades, the threshold."""

from __future__ import annotations

from decimal import Decimal

from shifan.rulebook.check.place import Report, shown
from shifan.rulebook.indicators import (
    Category,
    Clause,
    IndicatorSet,
    Item,
    Provision,
    ScoredProvision,
    ScoreGrade,
)
from shifan.rulebook.rules import DeductPer, Graded, Linear, PerCount, Satisfaction, Steps
from shifan.rulebook.yaml_lines import Place


def findings(indicators: IndicatorSet, report: Report) -> None:
    """Sums that do not come out, and points, minima or grades that nobody can reach."""
    total = sum((_worth(category) for category in indicators.categories), Decimal(0))
    if total != indicators.base_points:
        base, found = shown(indicators.base_points), shown(total)
        message = f"clauses add up to {found} points, the base is {base}"
        if any(each.scale for each in indicators.categories):
            message = f"categories add up to {found} points, the base is {base}"
        report.add(("base_points",), "", message)
    bonuses = (most(e) for e in indicators.adjustments.entries if e.effect == "bonus")
    bonus = min(indicators.adjustments.bonus_cap, sum(bonuses, Decimal(0)))
    earned = sum(
        (sum(map(_at_best, each.clauses)) * _worth(each) / sum(c.points for c in each.clauses)
         for each in indicators.categories), Decimal(0),
    )  # fmt: skip
    reachable = min(earned, indicators.base_points) + bonus
    if indicators.apply_from == 0:
        report.add(("apply_from",), "", "from 0 points on everybody passes")
    elif indicators.apply_from > reachable:
        wanted, top = shown(indicators.apply_from), shown(reachable)
        message = f"nobody can reach {wanted}: at most {top} can be earned"
        report.add(("apply_from",), "", message)
    if all(clause.lessens for clause in indicators.clauses):
        report.add(("categories",), "", "every clause may be excluded, which leaves no base")
    for c, category in enumerate(indicators.categories):
        place: Place = ("categories", c)
        _minimum(category, _worth(category), place, f"category {category.id}", report)
        for i, item in enumerate(category.items):
            points = sum((clause.points for clause in item.clauses), Decimal(0))
            _minimum(item, points, (*place, "items", i), f"item {item.id}", report)
    _grades(indicators, reachable, report)


def _worth(category: Category) -> Decimal:
    """What the category counts for if everything applies."""
    if category.scale is not None:
        return category.scale.to
    return sum((clause.points for clause in category.clauses), Decimal(0))


def _minimum(
    part: Category | Item, points: Decimal, place: Place, where: str, report: Report
) -> None:
    if part.minimum is not None and part.minimum > points:
        least, most_ = shown(part.minimum), shown(points)
        message = f"minimum {least} is more than its clauses' {most_} points"
        if isinstance(part, Category) and part.scale:
            message = f"minimum {least} is more than its {most_} points"
        report.add((*place, "minimum"), where, message)


def _grades(indicators: IndicatorSet, reachable: Decimal, report: Report) -> None:
    before: ScoreGrade | None = None
    for g, grade in enumerate(indicators.grades):
        where = f"grade {grade.id}"
        if grade.id in {earlier.id for earlier in indicators.grades[:g]}:
            report.add(("grades", g), where, f"grade {grade.id} is listed twice")
        if grade.from_ > reachable:
            wanted, top = shown(grade.from_), shown(reachable)
            message = f"nobody can reach {wanted}: at most {top} can be earned"
            report.add(("grades", g, "from"), where, message)
        if before is not None and grade.from_ >= before.from_:
            message = f"grades stand best first: {shown(grade.from_)} follows {shown(before.from_)}"
            report.add(("grades", g, "from"), where, message)
        before = grade


def _at_best(clause: Clause) -> Decimal:
    """The most a clause can bring; all of it where it can be left out instead."""
    return clause.points if clause.not_applicable else most(clause)


def most(provision: ScoredProvision) -> Decimal:
    """The most points that a fact within the input's bounds earns.

    >>> from shifan.rulebook.base import Source, Text
    >>> from shifan.rulebook.indicators import Adjustment, Input
    >>> read = Input(name="parks", type="count", **{"from": ("self",)}, maximum=Decimal(3))
    >>> most(Adjustment(id="B1", text=Text(en="Parks"), input=read, checked_by=("materials",),
    ...                 source=Source(status="drafted", basis="none"), points=Decimal(5),
    ...                 rule=PerCount(kind="per_count", each=Decimal(1)), effect="bonus"))
    Decimal('3')
    """
    rule, low, high = provision.rule, provision.input.minimum, highest(provision)
    if isinstance(rule, Steps):
        rising = rule.direction == "at_least"
        met = [each.points for each in rule.steps
               if (high is None or each.at <= high if rising else each.at >= low)]  # fmt: skip
        return max(met, default=Decimal(0))
    if isinstance(rule, Linear):
        end = high if rule.full > rule.low else low
        if end is None:
            return provision.points
        share = (end - rule.low) / (rule.full - rule.low)
        return provision.points * min(max(share, Decimal(0)), Decimal(1))
    if isinstance(rule, PerCount) and high is not None:
        return min(provision.points, high * rule.each)
    if isinstance(rule, DeductPer):
        return max(rule.floor, provision.points - low * rule.each)
    if isinstance(rule, Satisfaction) and high is not None:
        share = (high - rule.zero_at) / (rule.full_at - rule.zero_at)
        return provision.points * min(max(share, Decimal(0)), Decimal(1))
    return rule.grades[0].points if isinstance(rule, Graded) else provision.points


def highest(provision: Provision) -> Decimal | None:
    """The largest number the input can be, if there is one."""
    most_ = provision.input.maximum
    if provision.input.type in ("percent", "satisfaction"):
        return min(Decimal(100), Decimal(100) if most_ is None else most_)
    return most_
