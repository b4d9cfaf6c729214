"""Why a unit scored what it did: one sentence per provision, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shifan.rulebook.base import Text, millipoints
from shifan.rulebook.indicators import (
    Adjustment,
    Clause,
    IndicatorSet,
    Provision,
    ScoredProvision,
    columns,
)
from shifan.scoring.arithmetic import points_text
from shifan.scoring.combine import WORDS, given
from shifan.scoring.facts import ALL, Facts, plain
from shifan.scoring.kinds import kind
from shifan.scoring.moves import Move, cheapest
from shifan.scoring.result import ProvisionScore, State, UnitScore


@dataclass(frozen=True)
class Reason:
    """One provision with its score, the facts it read (column → value) and the sentence."""

    provision: Provision
    score: ProvisionScore
    facts: Facts
    text: Text


@dataclass(frozen=True)
class Explanation:
    """The whole account of one unit's score."""

    score: UnitScore
    reasons: tuple[Reason, ...]
    summary: Text
    moves: tuple[Move, ...]


def explain(indicators: IndicatorSet, facts: Facts, result: UnitScore) -> Explanation:
    """Account for ``result``, which must be the score of ``facts``."""
    parts = (*result.clauses, *result.adjustments, *result.vetoes)
    reasons = tuple(
        Reason(
            provision,
            part,
            {name: facts.get(name) for name in columns(provision)},
            _reason(provision, part, facts),
        )
        for provision, part in zip(indicators.provisions, parts, strict=True)
    )
    moves = tuple(cheapest(indicators, result))
    return Explanation(result, reasons, summary(indicators, result), moves)


def _reason(provision: Provision, part: ProvisionScore, facts: Facts) -> Text:
    """The reason, after how several statements were combined."""
    said, why = provision.input.statements, reason(provision, part)
    if said is None or part.state is State.NOT_APPLICABLE:
        return why
    count, how = len(given(provision, facts)), WORDS[said.combine]
    if part.value is None and count:
        return Text(
            zh=f"已有 {count} 份填报，尚不能合并（至少 {said.least} 份，{how.zh}）。{why.zh}",
            en=f"{count} stated, which cannot be combined (at least {said.least}, {how.en}). "
            f"{why.en}",
        )
    if part.value is None:
        return why
    return Text(zh=f"{count} 份填报（{how.zh}）：{why.zh}", en=f"Of {count} ({how.en}): {why.en}")


def reason(provision: Provision, part: ProvisionScore) -> Text:
    """Why the provision earned what it did."""
    if isinstance(provision, Clause) and part.state is State.NOT_APPLICABLE:
        return _not_applicable(provision)
    if isinstance(provision, ScoredProvision):
        if part.value is None:
            return _unstated(provision, part)
        penalty = isinstance(provision, Adjustment) and provision.effect == "penalty"
        if penalty and part.state is State.SCORED:
            return _penalty(part)
        sentence: Text = kind(provision.rule).explain(
            provision.rule, part.value, provision.millipoints, provision.input
        )
        return sentence if part.potential == ALL else _potential(sentence, part)
    return _veto(part)


def _potential(sentence: Text, part: ProvisionScore) -> Text:
    """The reason where the clause counts for the unit's own potential."""
    own, won, worth = plain(part.potential), points_text(part.won), points_text(part.possible)
    return Text(
        zh=f"{sentence.zh}按本单位潜力 {own}% 计，得 {won} 分（满分 {worth} 分）。",
        en=f"{sentence.en} Of the unit's own potential of {own}%: {won} of {worth} points.",
    )


def _not_applicable(clause: Clause) -> Text:
    assert clause.not_applicable is not None
    worth = points_text(clause.millipoints)
    if clause.not_applicable.treatment == "full":
        return Text(
            zh=f"不适用，按规则计满分 {worth} 分。", en=f"Not applicable: all {worth} points count."
        )
    scope = SCOPES.get(clause.within)
    if scope is not None:
        return Text(
            zh=f"不适用，其 {worth} 分由本{scope.zh}其余条款按比例承担。",
            en=f"Not applicable: the other clauses of its {scope.en} count for its {worth} points.",
        )
    return Text(
        zh=f"不适用，{worth} 分不计入总分和满分。",
        en=f"Not applicable: its {worth} points count neither as won nor as possible.",
    )


SCOPES = {"item": Text(zh="项", en="item"), "category": Text(zh="大类", en="category")}


def _unstated(provision: ScoredProvision, part: ProvisionScore) -> Text:
    worth = points_text(part.possible)
    if part.state is State.UNCLAIMED:
        return Text(zh=f"未申报（最多加 {worth} 分）。", en=f"Not claimed (up to {worth} points).")
    if isinstance(provision, Adjustment):
        return Text(
            zh=f"尚未核查（最多扣 {worth} 分）。", en=f"Not checked yet (up to {worth} points off)."
        )
    return Text(zh=f"尚缺数据，{worth} 分待定。", en=f"No fact yet: {worth} points are open.")


def _penalty(part: ProvisionScore) -> Text:
    if part.won == 0:
        return Text(zh="经核查无此情形，不扣分。", en="Checked: does not apply, nothing deducted.")
    cost = points_text(part.won)
    return Text(zh=f"经核查有此情形，扣 {cost} 分。", en=f"Checked: applies, {cost} points off.")


def _veto(part: ProvisionScore) -> Text:
    if part.value is None:
        return Text(zh="尚未核查。", en="Not checked yet.")
    if part.value:
        return Text(zh="经核查存在，一票否决。", en="Checked: it holds, which rules the unit out.")
    return Text(zh="经核查不存在。", en="Checked: it does not hold.")


def summary(indicators: IndicatorSet, result: UnitScore) -> Text:
    """The total in one sentence: how it is made up and how it stands to the threshold."""
    total, base = points_text(result.total), points_text(result.base)
    bonus, penalty = points_text(result.bonus), points_text(result.penalty)
    threshold = points_text(millipoints(indicators.apply_from))
    zh = f"总分 {total} 分（基础 {base}，加 {bonus}，扣 {penalty}），申报线 {threshold} 分"
    en = (
        f"{total} points (base {base}, bonus {bonus}, penalty {penalty}); "
        f"applications need {threshold}"
    )
    if result.open:
        zh += f"；另有 {points_text(result.open)} 分待定，最高可达 {points_text(result.best)} 分"
        en += f"; {points_text(result.open)} points are open, at best {points_text(result.best)}"
    for scaled in _scales(indicators, result):
        zh, en = f"{zh}；{scaled.zh}", f"{en}; {scaled.en}"
    grade = next((each.name for each in indicators.grades if each.id == result.grade), None)
    if grade is not None:
        zh, en = f"{zh}；等次：{grade.zh}", f"{en}; grade: {grade.in_('en')}"
    return Text(zh=zh + "。", en=en + ".")


def _scales(indicators: IndicatorSet, result: UnitScore) -> Iterator[Text]:
    """What the categories that count for other points than their clauses' are worth."""
    items = {each.id: each for each in result.items}
    for category, counts in zip(indicators.categories, result.categories, strict=True):
        own = [items[item.id] for item in category.items]
        possible = sum(each.possible for each in own)
        if counts.possible == possible:
            continue
        won, of = points_text(sum(each.won for each in own)), points_text(possible)
        here, full = points_text(counts.won), points_text(counts.possible)
        yield Text(
            zh=f"“{category.name.zh}”得 {won}/{of} 分，折算为 {here}/{full} 分",
            en=f"{won} of {of} points in “{category.name.in_('en')}” count as {here} of {full}",
        )
