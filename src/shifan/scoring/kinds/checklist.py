"""The clause's points times the ticked share of the parts' weights."""

from __future__ import annotations

from fractions import Fraction

from shifan.rulebook.base import Millipoints, Text
from shifan.rulebook.indicators import Input
from shifan.rulebook.rules import Checklist
from shifan.scoring.arithmetic import points_text, round_half_up
from shifan.scoring.kinds.change import Change


def award(rule: Checklist, value: tuple[bool, ...], points: Millipoints) -> Millipoints:
    """Millipoints: ``points × ticked weight ÷ all weight``, rounded half-up."""
    ticked = sum(part.weight for part, done in zip(rule.parts, value, strict=True) if done)
    return round_half_up(Fraction(points * ticked, sum(part.weight for part in rule.parts)))


def explain(rule: Checklist, value: tuple[bool, ...], points: Millipoints, read: Input) -> Text:
    done, of = sum(value), len(value)
    won, worth = points_text(award(rule, value, points)), points_text(points)
    open_ = [part.text for part, ticked in zip(rule.parts, value, strict=True) if not ticked]
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
    rule: Checklist, value: tuple[bool, ...], points: Millipoints, gain: Millipoints, read: Input
) -> Change | None:
    now = award(rule, value, points)
    to = list(value)
    open_ = sorted(
        (i for i, done in enumerate(value) if not done), key=lambda i: -rule.parts[i].weight
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


def worst(rule: Checklist) -> tuple[bool, ...]:
    return (False,) * len(rule.parts)
