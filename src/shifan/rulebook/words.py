"""A procedure in sentences: who makes a move, when a deadline falls, what a move brings about."""

from __future__ import annotations

from decimal import Decimal

from shifan.rulebook.base import Text
from shifan.rulebook.deadlines import (
    MOMENT_NAMES,
    Days,
    Hours,
    Months,
    OnDay,
    Span,
    StageEntered,
    When,
    WorkingDays,
)
from shifan.rulebook.effects import (
    Annul,
    Award,
    Bar,
    Decline,
    Keyed,
    Lapse,
    MoveOthers,
    Open,
    Reinstate,
    Revoke,
    Stay,
    Suspend,
)
from shifan.rulebook.model import Measures
from shifan.rulebook.procedures import (
    ByAnyone,
    ByCapacity,
    ByClock,
    ByMove,
    ByOffice,
    Move,
    Procedure,
    ToSupport,
    ToVote,
)

ROLES = {
    "lead": Text(zh="负责人", en="lead"),
    "clerk": Text(zh="专员", en="clerk"),
    "contributor": Text(zh="承办人员", en="contributor"),
    "reviewer": Text(zh="审核人员", en="reviewer"),
    "approver": Text(zh="审定人员", en="approver"),
    "officer": Text(zh="经办人员", en="officer"),
}
SUBJECTS = {
    "unit": Text(zh="申报单位", en="a unit"),
    "batch": Text(zh="一个批次", en="a batch"),
    "line": Text(zh="批次中的一项", en="a line of a batch"),
    "title": Text(zh="称号", en="a title"),
    "finding": Text(zh="查实的问题", en="a finding"),
    "round": Text(zh="一轮抽取或者配对", en="a round of draws or pairings"),
}


def _en(text: Text) -> str:
    return text.en or text.zh


def office(by: ByOffice, measures: Measures) -> Text:
    """An office and a role in it."""
    role = ROLES[by.role]
    name = (
        Text(zh="申报单位", en="Applicant")
        if by.office == "applicant"
        else measures.office_name(by.office)
    )
    return Text(zh=f"{name.zh}（{role.zh}）", en=f"{_en(name)} ({role.en})")


def maker(move: Move, procedure: Procedure, measures: Measures) -> Text:
    """Who makes the move."""
    if isinstance(move.by, ByOffice):
        return office(move.by, measures)
    if isinstance(move.by, ByCapacity):
        return _capacity(move.by, procedure)
    if move.by == "move":
        return Text(
            zh="随批次等一并办理", en="only together with others, as a batch moves its files"
        )
    return Text(zh="到时由系统办理", en="the clock, when the time has come")


def _capacity(by: ByCapacity, procedure: Procedure) -> Text:
    party = procedure.party(by.capacity)
    name = party.name if party is not None else Text(zh=by.capacity, en=by.capacity)
    if by.voices is None:
        return name
    if isinstance(by.voices, ToSupport):
        asked = by.voices.support
        share = _percent(asked.percent) if asked.percent else str(asked.number)
        return Text(
            zh=f"{name.zh}，须有 {share} 支持", en=f"{_en(name)}, with the support of {share}"
        )
    if isinstance(by.voices, ToVote):
        vote = by.voices.vote
        least = _percent(vote.quorum) if vote.quorum else str(vote.quorum_number or 1)
        rules = [
            (each.turnout_below, _percent(each.more_than)) for each in vote.majorities
        ]  # fmt: skip
        zh = "；".join(
            f"投票率低于 {_percent(below)} 时须超过 {more}" if below else f"须超过 {more}"
            for below, more in rules
        )
        en = "; ".join(
            f"more than {more} while the turnout is below {_percent(below)}"
            if below
            else f"more than {more}"
            for below, more in rules
        )
        return Text(
            zh=f"{name.zh}表决（法定人数 {least}；{zh}）",
            en=f"{_en(name)} by vote (quorum {least}; {en})",
        )
    return Text(zh=f"{name.zh}，须全体一致", en=f"{_en(name)}, all agreeing")


def _percent(share: Decimal) -> str:
    return f"{share.normalize():f}%"


def when(said: When, procedure: Procedure) -> Text:
    """When a deadline falls."""
    if isinstance(said, OnDay):
        month, day = map(int, said.on.split("-"))
        return Text(
            zh=f"周期当年 {month} 月 {day} 日，至 {said.at:%H:%M}",
            en=f"{said.on} of the cycle's year, until {said.at:%H:%M}",
        )
    length, start = _length(said), _start(said, procedure)
    if said.sign > 0:
        return Text(zh=f"{start.zh}之后 {length.zh}", en=f"{length.en} after {_en(start)}")
    return Text(zh=f"{start.zh}之前 {length.zh}", en=f"{length.en} before {_en(start)}")


def _start(span: Span, procedure: Procedure) -> Text:
    if not isinstance(span.moment, StageEntered):
        name = MOMENT_NAMES[span.moment]
        return Text(zh=name.zh, en=f"the {name.en[:1].lower()}{name.en[1:]}")
    stage = procedure.stage(span.moment.stage).name
    return Text(zh=f"进入“{stage.zh}”", en=f"entering “{_en(stage)}”")


def _length(span: Span) -> Text:
    if isinstance(span, Hours):
        return _count(span.hours, "小时", "hour")
    if isinstance(span, WorkingDays):
        return _count(span.working_days, "个工作日", "working day")
    if isinstance(span, Days):
        return _count(span.days, "日", "day")
    if isinstance(span, Months):
        return _count(span.months, "个月", "month")
    return _count(span.years, "年", "year")


def _count(number: int, zh: str, en: str) -> Text:
    return Text(zh=f"{number} {zh}", en=f"{number} {en}{'' if number == 1 else 's'}")


def opening(procedure: Procedure, measures: Measures) -> Text:
    """Who or what begins a proceeding."""
    opens = procedure.opens
    if isinstance(opens, ByMove):
        return Text(zh="由其他程序的决定启动", en="Begun by a decision of another procedure")
    if isinstance(opens, ByAnyone):
        of = measures.procedure(opens.of)
        stage = of.stage(opens.while_at).name
        return Text(
            zh=f"“{of.name.zh}”处于“{stage.zh}”时，任何人可以提出",
            en=f"Begun by anyone while “{_en(of.name)}” is at “{_en(stage)}”",
        )
    if isinstance(opens, ByClock):
        first = when(opens.when, procedure)
        zh, en = f"到期自动启动：{first.zh}", f"Begun by the clock: {first.en}"
        if opens.every_months is not None:
            every = _count(opens.every_months, "个月", "month")
            zh, en = f"{zh}，此后每 {every.zh}一次", f"{en}, then again every {every.en}"
        if opens.at_most is not None:
            zh, en = f"{zh}，至多 {opens.at_most} 次", f"{en}, at most {opens.at_most} times"
        return Text(zh=zh, en=en)
    by = office(opens.by, measures)
    return Text(zh=f"由{by.zh}启动", en=f"Begun by: {by.en}")


def effect(made: Keyed, measures: Measures) -> Text:
    """What a move brings about."""
    said = made.said
    if isinstance(said, Award):
        return _award(said)
    if isinstance(said, Open):
        name = measures.procedure(said.procedure).name
        return Text(zh=f"启动“{name.zh}”", en=f"opens “{_en(name)}”")
    if isinstance(said, Decline) and said.deferred_months is not None:
        length = _count(said.deferred_months, "个月", "month")
        return Text(
            zh=f"暂缓，{length.zh}内可以补正", en=f"put off; may come back within {length.en}"
        )
    if isinstance(said, Bar):
        length = _count(said.months, "个月", "month")
        if said.on == "nominating_office":
            return Text(
                zh=f"推荐的主管部门 {length.zh}内不得推荐",
                en=f"the office that put it forward may put forward nobody for {length.en}",
            )
        return Text(zh=f"{length.zh}内不得申报", en=f"may not apply for {length.en}")
    if isinstance(said, MoveOthers):
        name = _move_name(said.move, measures)
        if said.of == "lines":
            return Text(
                zh=f"对所列各件同时办理“{name.zh}”",
                en=f"makes the move “{_en(name)}” for all files in it at once",
            )
        return Text(
            zh=f"对该单位的其他称号同时办理“{name.zh}”",
            en=f"makes the move “{_en(name)}” for the holder's other titles at once",
        )
    return PLAIN[type(said)]


def _move_name(move_id: str, measures: Measures) -> Text:
    moves = (move for procedure in measures.procedures for _, move in procedure.moves())
    return next(move.name for move in moves if move.id == move_id)


PLAIN: dict[type, Text] = {
    Decline: Text(zh="不授予称号", en="no title is awarded"),
    Suspend: Text(zh="暂停称号", en="the title is suspended"),
    Reinstate: Text(zh="恢复称号", en="the title is reinstated"),
    Stay: Text(zh="原决定暂缓执行，至本程序办结", en="the earlier decision rests while this runs"),
    Annul: Text(zh="原决定无效", en="the earlier decision is void"),
    Revoke: Text(zh="撤销称号", en="the title is revoked"),
    Lapse: Text(zh="称号终止", en="the title lapses"),
}


def _award(said: Award) -> Text:
    grade = f"“{said.grade}”" if said.grade else ""
    if said.years is not None:
        length = _count(said.years, "年", "year")
    elif said.months is not None:
        length = _count(said.months, "个月", "month")
    elif said.until is not None:
        length = Text(zh=f"至 {said.until}", en=f"until {said.until}")
    else:
        length = Text(zh="长期", en="without an end")
    zh, en = f"授予称号{grade}，有效期 {length.zh}", f"a title {grade} is awarded: {length.en}"
    if said.from_ == "old_end":
        zh, en = f"{zh}，自原有效期满起算", f"{en}, counted from the end of the old term"
    elif said.from_ != "decision":
        zh, en = f"{zh}，自 {said.from_} 起", f"{en}, from {said.from_}"
    return Text(zh=zh, en=en.replace("  ", " "))
