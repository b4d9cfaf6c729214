"""The clause's points times the ticked share of the parts' weights.

A part that does not apply is None, and counts neither as ticked nor as there.
"""

from __future__ import annotations

from fractions import Fraction

from shifan.rulebook.base import Millipoints, Text
from shifan.rulebook.indicators import Input
from shifan.rulebook.rules import Checklist
from shifan.scoring.arithmetic import points_text, round_half_up
from shifan.scoring.kinds.change import Change

Parts = tuple[bool | None, ...]


def award(rule: Checklist, value: Parts, points: Millipoints) -> Millipoints:
    """Millipoints: ``points × ticked weight ÷ all weight``, rounded half-up; some part applies."""
    ticked = sum(part.weight for part, done in zip(rule.parts, value, strict=True) if done)
    there = (part.weight for part, done in zip(rule.parts, value, strict=True) if done is not None)
    return round_half_up(Fraction(points * ticked, sum(there)))


def explain(rule: Checklist, value: Parts, points: Millipoints, read: Input) -> Text:
    plain, out = _said(rule, value, points), value.count(None)
    if not out:
        return plain
    return Text(zh=f"{out} 项不适用；{plain.zh}", en=f"{out} not applicable; {plain.en}")


def _said(rule: Checklist, value: Parts, points: Millipoints) -> Text:
    done, of = value.count(True), len(value) - value.count(None)
    won, worth = points_text(award(rule, value, points)), points_text(points)
    open_ = [part.text for part, ticked in zip(rule.parts, value, strict=True) if ticked is False]
    if not open_:
        return Text(
            zh=f"{of} 项全部具备，得满分 {worth} 分。", en=f"All {of} parts: all {worth} points."
        )
    zh = "、".join(text.zh for text in open_)
    en = "; ".join(text.en or text.zh for text in open_)
    return Text(
        zh=f"{of} 项中具备 {done} 项，得 {won} 分（满分 {worth} 分）；尚缺：{zh}。",
        en=f"{done} of {of} parts: {won} of {worth} points; not yet: {en}.",
    )


def improve(
    rule: Checklist, value: Parts, points: Millipoints, gain: Millipoints, read: Input
) -> Change | None:
    now = award(rule, value, points)
    to = list(value)
    open_ = sorted(
        (i for i, done in enumerate(value) if done is False), key=lambda i: -rule.parts[i].weight
    )
    added: list[int] = []
    for index in open_:
        if award(rule, tuple(to), points) - now >= gain:
            break
        to[index] = True
        added.append(index)
    if not added:
        return None
    zh = "、".join(rule.parts[i].text.zh for i in added)
    en = "; ".join(rule.parts[i].text.en or rule.parts[i].text.zh for i in added)
    effort = Fraction(len(added), len(rule.parts))
    text = Text(zh=f"补齐：{zh}", en=f"Add: {en}")
    return Change(tuple(to), award(rule, tuple(to), points) - now, effort, text)


def worst(rule: Checklist) -> Parts:
    return (False,) * len(rule.parts)
