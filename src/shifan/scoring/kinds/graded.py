"""The points of the grade given."""

from __future__ import annotations

from fractions import Fraction

from shifan.rulebook.base import Millipoints, Text, millipoints
from shifan.rulebook.indicators import Input
from shifan.rulebook.rules import Grade, Graded
from shifan.scoring.arithmetic import points_text
from shifan.scoring.kinds.change import Change


def award(rule: Graded, value: str, points: Millipoints) -> Millipoints:
    """Millipoints of the grade whose id is ``value``."""
    return millipoints(_grade(rule, value).points)


def _grade(rule: Graded, value: str) -> Grade:
    return next(grade for grade in rule.grades if grade.id == value)


def explain(rule: Graded, value: str, points: Millipoints, read: Input) -> Text:
    text, won, worth = _grade(rule, value).text, award(rule, value, points), points_text(points)
    return Text(
        zh=f"评为“{text.zh}”，得 {points_text(won)} 分（满分 {worth} 分）。",
        en=f"Graded “{text.en or text.zh}”: {points_text(won)} of {worth} points.",
    )


def improve(
    rule: Graded, value: str, points: Millipoints, gain: Millipoints, read: Input
) -> Change | None:
    ids = [grade.id for grade in rule.grades]
    at, now = ids.index(value), award(rule, value, points)
    better = rule.grades[:at]
    if not better:
        return None
    enough = [grade for grade in better if millipoints(grade.points) - now >= gain]
    to = enough[-1] if enough else better[0]
    effort = Fraction(at - ids.index(to.id), len(ids) - 1)
    text = Text(zh=f"达到“{to.text.zh}”", en=f"Reach “{to.text.en or to.text.zh}”")
    return Change(to.id, millipoints(to.points) - now, effort, text)


def worst(rule: Graded) -> str:
    return rule.grades[-1].id
