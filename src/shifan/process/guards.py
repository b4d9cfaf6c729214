"""The conditions a move can have. Each guard returns a refusal, or None when it is content."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta

from shifan.process.situation import Made, Refusal, Situation
from shifan.rulebook.base import Text, millipoints
from shifan.rulebook.indicators import Provision
from shifan.rulebook.needs import (
    ClausesReviewed,
    FactsComplete,
    InputAtLeast,
    Need,
    NoneRunning,
    NotBarred,
    NothingAdjusted,
    PartiesAssigned,
    PartnersAgreed,
    RenewalWindow,
    SomethingAdjusted,
    ThresholdReached,
    TitleHeld,
    TitleIs,
    WasBefore,
    WasNotBefore,
)
from shifan.scoring.arithmetic import points_text
from shifan.scoring.facts import plain
from shifan.scoring.result import State, Verdict


def facts_complete(need: FactsComplete, situation: Situation) -> Refusal | None:
    """Every required clause, penalty and veto that this stage's sources may state has a fact."""
    missing = missing_required(situation)
    if not missing:
        return None
    ids, count = [provision.id for provision in missing], len(missing)
    return Refusal(
        "facts_missing",
        Text(
            zh=f"还有 {count} 条必填项未填：{_listed(ids, 8, '、')}。",
            en=f"Required entries without a fact: {count} ({_listed(ids, 8, ', ')}).",
        ),
        need.article,
    )


def missing_required(situation: Situation) -> list[Provision]:
    """Required clauses, penalties and vetoes still missing that the present stage could fill."""
    writes, score = set(situation.stage.writes), situation.score
    parts = (*score.clauses, *score.adjustments, *score.vetoes)
    return [
        provision
        for provision, part in zip(situation.indicators.provisions, parts, strict=True)
        if part.state is State.MISSING
        and situation.indicators.leads(provision)
        and getattr(provision, "duty", "required") == "required"
        and writes & set(provision.input.from_)
    ]


def threshold_reached(need: ThresholdReached, situation: Situation) -> Refusal | None:
    """The verdict is ``reached``: threshold, minima and vetoes are settled in the unit's favour."""
    score = situation.score
    if score.verdict is Verdict.REACHED:
        return None
    total = points_text(score.total)
    line = points_text(millipoints(situation.indicators.apply_from))
    sentences = {
        Verdict.VETOED: Text(zh="存在一票否决情形。", en="A veto fact holds."),
        Verdict.BELOW_MINIMUM: Text(
            zh="有大类未达到最低分。", en="A category does not reach its minimum."
        ),
        Verdict.NOT_REACHED: Text(
            zh=f"总分 {total} 分，低于 {line} 分。", en=f"The total {total} is below {line}."
        ),
        Verdict.INCOMPLETE: Text(
            zh=f"总分 {total} 分（申报线 {line} 分），仍有未定事项：{_open(situation, '、')}。",
            en=f"The total is {total} (threshold {line}); still open: {_open(situation, ', ')}.",
        ),
    }
    return Refusal(f"score_{score.verdict}", sentences[score.verdict], need.article)


def _open(situation: Situation, comma: str) -> str:
    score = situation.score
    parts = (*score.clauses, *score.adjustments, *score.vetoes)
    return _listed([part.id for part in parts if part.state is State.MISSING], 12, comma)


def _listed(ids: list[str], most: int, comma: str) -> str:
    return comma.join(ids[:most]) + ("…" if len(ids) > most else "")


def title_held(need: TitleHeld, situation: Situation) -> Refusal | None:
    """The unit, and every unit that applies with it, holds a valid title of the named tier.

    For an application through a channel that replaces the tier, the channel's own title counts.
    """
    level = situation.measures.office_of(need.level, situation.channel)
    name = situation.measures.office_name(level)
    if level not in situation.titles:
        return Refusal(
            "title_missing",
            Text(
                zh=f"登记簿中没有该单位有效的称号（{name.zh}）。",
                en=f"The register shows no valid title of this unit at the tier "
                f"“{name.en or name.zh}”.",
            ),
            need.article,
        )
    without = [each.name for each in situation.partners if level not in each.titles]
    if not without:
        return None
    return Refusal(
        "title_missing",
        Text(
            zh=f"登记簿中没有联合申报单位有效的称号（{name.zh}）：{_listed(without, 8, '、')}。",
            en=f"The register shows no valid title at the tier “{name.en or name.zh}” of units "
            f"applying jointly: {_listed(without, 8, ', ')}.",
        ),
        need.article,
    )


def input_at_least(need: InputAtLeast, situation: Situation) -> Refusal | None:
    """A numeric input has at least the value the measures ask for."""
    value, bound = situation.facts.get(need.input), plain(need.at_least)
    if isinstance(value, Decimal) and value >= need.at_least:
        return None
    provision = next(
        each for each in situation.indicators.provisions if each.input.name == need.input
    )
    text = provision.text
    shown = plain(value) if isinstance(value, Decimal) else "—"
    return Refusal(
        "input_below",
        Text(
            zh=f"“{text.zh}”应不低于 {bound}，现为 {shown}。",
            en=f"“{text.en or text.zh}” must be at least {bound}; it is {shown}.",
        ),
        need.article,
    )


def not_barred(need: NotBarred, situation: Situation) -> Refusal | None:
    """No title of the unit, or of one that applies with it, was revoked in the last years that the
    measures name."""
    lost: list[tuple[str | None, date | None]] = [(None, situation.revoked_on)]
    lost += [(each.name, each.revoked_on) for each in situation.partners]
    for name, day in lost:
        if day is None:
            continue
        free = day + relativedelta(years=need.years)
        if date(situation.year, 1, 1) < free:
            return Refusal(
                "barred",
                Text(
                    zh=f"{name or '该单位'}的称号已于 {day} 撤销，{free} 之前不得申报。",
                    en=f"A title of {name or 'this unit'} was revoked on {day}; it cannot apply "
                    f"before {free}.",
                ),
                need.article,
            )
    until = situation.barred_until
    if until is not None and situation.today <= until:
        return Refusal(
            "barred",
            Text(
                zh=f"{until} 以前不得申报。",
                en=f"A bar lies on this unit or on the office that puts it forward until {until}.",
            ),
            need.article,
        )
    return None


def partners_agreed(need: PartnersAgreed, situation: Situation) -> Refusal | None:
    """Every unit named as a partner has agreed to apply jointly."""
    waiting = [each.name for each in situation.partners if not each.agreed]
    if not waiting:
        return None
    return Refusal(
        "partners_waiting",
        Text(
            zh=f"以下单位尚未同意联合申报：{_listed(waiting, 8, '、')}。",
            en=f"These units have not agreed to apply jointly: {_listed(waiting, 8, ', ')}.",
        ),
        need.article,
    )


def clauses_reviewed(need: ClausesReviewed, situation: Situation) -> Refusal | None:
    """Every clause the applicant stated has an opinion, and none is marked to go back."""
    left, back = list(situation.unreviewed), list(situation.returned)
    if left:
        return Refusal(
            "not_reviewed",
            Text(
                zh=f"还有 {len(left)} 条未审核：{_listed(left, 8, '、')}。",
                en=f"Clauses without an opinion: {len(left)} ({_listed(left, 8, ', ')}).",
            ),
            need.article,
        )
    if back:
        return Refusal(
            "marked_for_return",
            Text(
                zh=f"有 {len(back)} 条标记为退回：{_listed(back, 8, '、')}。",
                en=f"Clauses marked to go back: {len(back)} ({_listed(back, 8, ', ')}).",
            ),
            need.article,
        )
    return None


def nothing_adjusted(need: NothingAdjusted, situation: Situation) -> Refusal | None:
    """The office follows the applicant everywhere, so there is nothing to reply to."""
    ids = sorted(situation.adjusted)
    if not ids:
        return None
    return Refusal(
        "adjusted",
        Text(
            zh=f"有 {len(ids)} 条经调整（{_listed(ids, 8, '、')}），应先征求申报单位意见。",
            en=f"Clauses adjusted: {len(ids)} ({_listed(ids, 8, ', ')}); the applicant is heard "
            "first.",
        ),
        need.article,
    )


def something_adjusted(need: SomethingAdjusted, situation: Situation) -> Refusal | None:
    """The office adjusted a clause; otherwise there is nothing to hear the applicant about."""
    if situation.adjusted:
        return None
    return Refusal(
        "nothing_to_hear",
        Text(
            zh="没有调整任何一条，无须征求意见。",
            en="No clause is adjusted; nobody is to be heard.",
        ),
        need.article,
    )


def title_is(need: TitleIs, situation: Situation) -> Refusal | None:
    """The title this is about is in one of the states, and has one of the grades named."""
    title = situation.title
    if title is not None and title.state in need.states:
        if not need.grades or title.grade in need.grades:
            return None
    state, grade = (title.state, title.grade) if title is not None else ("none", "")
    grades = "/".join(need.grades)
    return Refusal(
        "title_is_not",
        Text(
            zh=f"称号现为“{_state(state, grade, 'zh')}”，"
            f"须为：{_listed([_state(each, grades, 'zh') for each in need.states], 8, '、')}。",
            en=f"The title is {_state(state, grade, 'en')}; this needs: "
            f"{_listed([_state(each, grades, 'en') for each in need.states], 8, ', ')}.",
        ),
        need.article,
    )


def _state(state: str, grade: str, language: str) -> str:
    name = STATES[state].zh if language == "zh" else STATES[state].en
    return f"{name} ({grade})" if grade else str(name)


STATES = {
    "none": Text(zh="尚未命名", en="not awarded"),
    "valid": Text(zh="有效", en="valid"),
    "suspended": Text(zh="已暂停", en="suspended"),
    "revoked": Text(zh="已撤销", en="revoked"),
    "surrendered": Text(zh="已交回", en="surrendered"),
    "expired": Text(zh="已到期", en="expired"),
}
"""What the states of a title are called."""


def renewal_window(need: RenewalWindow, situation: Situation) -> Refusal | None:
    """The unit holds no title of the highest tier, or one that ends within so many months."""
    highest = situation.measures.tiers[0].id
    until = situation.until.get(highest)
    if until is None:
        return None
    opens = until - relativedelta(months=need.months)
    if situation.today > opens:
        return None
    return Refusal(
        "renewal_early",
        Text(
            zh=f"现有称号有效期至 {until}，{opens} 之后方可重新申报。",
            en=f"The present title stands until {until}; it can be applied for after {opens}.",
        ),
        need.article,
    )


def parties_assigned(need: PartiesAssigned, situation: Situation) -> Refusal | None:
    """As many act in the capacity as the procedure asks for."""
    party = situation.procedure.party(need.capacity)
    asked = party.number if party is not None else 1
    found = situation.assigned.get(need.capacity, 0)
    if found >= asked:
        return None
    name = party.name if party is not None else Text(zh=need.capacity, en=need.capacity)
    return Refusal(
        "parties_missing",
        Text(
            zh=f"“{name.zh}”应有 {asked} 名，现有 {found} 名。",
            en=f"“{name.en or name.zh}”: {asked} are needed, {found} are assigned.",
        ),
        need.article,
    )


def was_before(need: WasBefore, situation: Situation) -> Refusal | None:
    """The move was made at least so many times before."""
    found = _times(need, situation)
    if found >= need.times:
        return None
    return Refusal(
        "not_before",
        Text(
            zh=f"此前须已作出“{need.move}”{need.times} 次，实为 {found} 次。",
            en=f"“{need.move}” must have been made {need.times} times before; it was {found}.",
        ),
        need.article,
    )


def was_not_before(need: WasNotBefore, situation: Situation) -> Refusal | None:
    """The move was made fewer than so many times before."""
    found = _times(need, situation)
    if found < need.times:
        return None
    return Refusal(
        "before_already",
        Text(
            zh=f"此前已作出“{need.move}”{found} 次，不得再次作出。",
            en=f"“{need.move}” was made {found} times before and cannot be made again.",
        ),
        need.article,
    )


def _times(need: WasBefore | WasNotBefore, situation: Situation) -> int:
    since = situation.today - relativedelta(months=need.months) if need.months is not None else None
    return sum(
        made.move == need.move
        and _meant(made, need, situation)
        and (since is None or made.at.date() >= since)
        and (not need.same_finding or made.finding == situation.finding != "")
        for made in situation.history
    )


def _meant(made: Made, need: WasBefore | WasNotBefore, situation: Situation) -> bool:
    """Without a procedure this very proceeding is meant, or every run of its procedure about the
    same finding."""
    if need.procedure is not None:
        return made.procedure == need.procedure
    return made.own or (need.same_finding and made.procedure == situation.procedure.id)


def none_running(need: NoneRunning, situation: Situation) -> Refusal | None:
    """No proceeding of that procedure runs over the same subject."""
    if need.procedure not in situation.running:
        return None
    name = situation.measures.procedure(need.procedure).name
    return Refusal(
        "still_running",
        Text(
            zh=f"“{name.zh}”尚未办结。",
            en=f"“{name.en or name.zh}” is still running.",
        ),
        need.article,
    )


def against(need: Need, situation: Situation) -> Refusal | None:
    """What stands against a move by one of its conditions."""
    return GUARDS[need.guard](need, situation)


GUARDS: dict[str, Callable[[Any, Situation], Refusal | None]] = {
    "facts_complete": facts_complete,
    "threshold_reached": threshold_reached,
    "title_held": title_held,
    "title_is": title_is,
    "renewal_window": renewal_window,
    "input_at_least": input_at_least,
    "not_barred": not_barred,
    "partners_agreed": partners_agreed,
    "clauses_reviewed": clauses_reviewed,
    "nothing_adjusted": nothing_adjusted,
    "something_adjusted": something_adjusted,
    "parties_assigned": parties_assigned,
    "was_before": was_before,
    "was_not_before": was_not_before,
    "none_running": none_running,
}
"""The guards by the name of the condition; each takes its own parameters."""
