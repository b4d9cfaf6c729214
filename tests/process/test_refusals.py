"""What a refusal says: the sentence in both languages, and the article behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from tests.process.conftest import EARLY

from shifan.process.deadlines import Moments, due
from shifan.process.guards import (
    clauses_reviewed,
    facts_complete,
    input_at_least,
    missing_required,
    not_barred,
    nothing_adjusted,
    something_adjusted,
    threshold_reached,
    title_held,
)
from shifan.process.moves import MoveRefused, require
from shifan.process.situation import Made, Refusal, Situation
from shifan.process.timing import closes, expected, in_time
from shifan.rulebook.base import Text
from shifan.rulebook.deadlines import Days, StageEntered
from shifan.rulebook.needs import (
    ClausesReviewed,
    FactsComplete,
    InputAtLeast,
    NotBarred,
    NothingAdjusted,
    SomethingAdjusted,
    TitleHeld,
)
from shifan.rulebook.procedures import ByOffice, Move
from shifan.scoring.evaluate import score

NEED = FactsComplete(guard="facts_complete", article=7)
NINE = ClausesReviewed(guard="clauses_reviewed", article=9)
LEAD = frozenset({ByOffice(office="applicant", role="lead")})
OPENED = datetime(2027, 6, 1, 2, 0, tzinfo=UTC)


def stated(situation: Situation, **facts: object) -> Situation:
    """The situation with some facts changed; None takes a fact away."""
    held = {
        name: value for name, value in {**situation.facts, **facts}.items() if value is not None
    }
    return replace(situation, facts=held, score=score(situation.indicators, held))


def without(situation: Situation, *ids: str) -> Situation:
    """The situation without the facts of these provisions."""
    names = [p.input.name for p in situation.indicators.provisions if p.id in ids]
    gone = {n: None for n in situation.facts if any(n == m or n.startswith(f"{m}_") for m in names)}
    return stated(situation, **gone)


def move(situation: Situation, stage: str, name: str) -> Move:
    return next(m for m in situation.procedure.stage(stage).moves if m.id == name)


def ids(situation: Situation) -> list[str]:
    return [provision.id for provision in situation.indicators.provisions]


# --- facts ---------------------------------------------------------------------------------------


def test_complete_file_lacks_nothing(situation):
    assert missing_required(situation) == []
    assert facts_complete(NEED, situation) is None


def test_one_missing_fact_is_named(situation):
    assert facts_complete(NEED, without(situation, "1.1.1")) == Refusal(
        "facts_missing",
        Text(zh="还有 1 条必填项未填：1.1.1。", en="Required entries without a fact: 1 (1.1.1)."),
        7,
    )


@pytest.mark.parametrize(("gone", "zh", "en"), [
    (8, "1.1.1、1.1.2、1.1.3、1.2.1、1.2.2、1.2.3、1.3.1、1.3.2",
     "1.1.1, 1.1.2, 1.1.3, 1.2.1, 1.2.2, 1.2.3, 1.3.1, 1.3.2"),
    (10, "1.1.1、1.1.2、1.1.3、1.2.1、1.2.2、1.2.3、1.3.1、1.3.2…",
     "1.1.1, 1.1.2, 1.1.3, 1.2.1, 1.2.2, 1.2.3, 1.3.1, 1.3.2…"),
])  # fmt: skip
def test_eight_missing_facts_are_named_and_more_are_counted(situation, gone, zh, en):
    """The ninth clause is optional, so the tenth is the ninth that is missing."""
    refused = facts_complete(NEED, without(situation, *ids(situation)[:gone]))

    count = {8: 8, 10: 9}[gone]
    assert refused is not None
    assert refused.text == Text(
        zh=f"还有 {count} 条必填项未填：{zh}。",
        en=f"Required entries without a fact: {count} ({en}).",
    )


def test_what_is_missing_depends_on_who_writes_at_the_stage(situation):
    """A clause, a penalty and a veto of the province; an optional clause never counts."""
    bare = without(situation, "1.3.3", "2.2.2", "7.1.1", "P1", "V1")
    inspected = replace(bare, stage_id="provincial_inspection")

    assert missing_required(bare) == []
    assert [p.id for p in missing_required(inspected)] == ["2.2.2", "7.1.1", "P1", "V1"]


# --- the threshold -------------------------------------------------------------------------------


def refused_score(situation: Situation) -> tuple[str, str, str, int | None]:
    refusal = threshold_reached(NEED, situation)
    assert refusal is not None
    return refusal.code, refusal.text.zh, refusal.text.en, refusal.article


def test_reached_threshold_is_no_obstacle(situation):
    assert threshold_reached(NEED, situation) is None


def test_veto_is_named_before_everything_else(situation):
    assert refused_score(stated(situation, grave_incident_by_neglect=True)) == (
        "score_vetoed", "存在一票否决情形。", "A veto fact holds.", 7,
    )  # fmt: skip


def test_category_below_its_minimum_is_named(situation):
    surveyed = {p.input.name: Decimal(0) for p in situation.indicators.provisions if p.id[0] == "7"}
    low = stated(situation, **{name: value for name, value in surveyed.items() if "satis" in name})

    assert refused_score(low) == (
        "score_below_minimum", "有大类未达到最低分。",
        "A category does not reach its minimum.", 7,
    )  # fmt: skip


def test_total_below_the_line_stands_beside_it(situation):
    gone = {
        p.input.name: False for p in situation.indicators.provisions
        if p.id[0] in "1234" and p.input.type == "boolean"
    }  # fmt: skip
    low = stated(situation, **gone, township_coverage=Decimal(0), village_coverage=Decimal(0))

    assert refused_score(low) == (
        "score_not_reached", f"总分 {low.score.total / 1000:.2f} 分，低于 90.00 分。",
        f"The total {low.score.total / 1000:.2f} is below 90.00.", 7,
    )  # fmt: skip


TWELVE = ["1.1.1", "1.1.2", "1.1.3", "1.2.1", "1.2.2", "1.2.3", "1.3.1", "1.3.2", "1.3.3",
          "2.1.1", "2.1.2", "2.1.3"]  # fmt: skip


@pytest.mark.parametrize(("gone", "total", "more"), [(12, "81.50", ""), (13, "79.50", "…")])
def test_twelve_open_provisions_are_named(situation, gone, total, more):
    assert refused_score(without(situation, *ids(situation)[:gone])) == (
        "score_incomplete",
        f"总分 {total} 分（申报线 90.00 分），仍有未定事项：{'、'.join(TWELVE)}{more}。",
        f"The total is {total} (threshold 90.00); still open: {', '.join(TWELVE)}{more}.",
        7,
    )


def test_open_penalties_and_vetoes_are_named_too(situation):
    code, _zh, en, _article = refused_score(without(situation, "7.2.2", "P1", "V3"))

    assert (code, en.split(": ")[1]) == ("score_incomplete", "7.2.2, P1, V3.")


# --- titles and inputs ---------------------------------------------------------------------------


def test_title_of_another_tier_does_not_serve(situation):
    need = TitleHeld(guard="title_held", level="provincial", article=4)

    assert title_held(need, situation) is None
    assert title_held(need, replace(situation, until={"national": None})) == Refusal(
        "title_missing",
        Text(
            zh="登记簿中没有该单位有效的称号（省级主管部门）。",
            en="The register shows no valid title of this unit at the tier “Provincial office”.",
        ),
        4,
    )


COVERAGE = InputAtLeast(
    guard="input_at_least", input="township_coverage", at_least=Decimal("60"), article=8
)


@pytest.mark.parametrize(("value", "shown"), [(Decimal("59.9"), "59.9"), (None, "—")])
def test_input_below_its_bound_is_shown_beside_it(situation, value, shown):
    assert input_at_least(COVERAGE, stated(situation, township_coverage=value)) == Refusal(
        "input_below",
        Text(
            zh=f"“乡镇（街道）创建工作覆盖面”应不低于 60，现为 {shown}。",
            en=f"“Townships with creation work under way” must be at least 60; it is {shown}.",
        ),
        8,
    )


def test_input_at_its_bound_serves(situation):
    assert input_at_least(COVERAGE, stated(situation, township_coverage=Decimal(60))) is None


# --- time ----------------------------------------------------------------------------------------


def test_deadline_with_a_date_closes_in_the_rule_books_zone(situation):
    last = closes(move(situation, "draft", "submit"), situation)

    assert last is not None and last.provisional is False
    assert last.at.isoformat() == "2027-02-28T23:59:59+08:00"
    assert last.deadline.id == "provincial_intake"


def test_refusal_after_closing_says_when_it_closed(situation):
    submit = move(situation, "draft", "submit")
    late = datetime(2027, 2, 28, 16, 30, tzinfo=UTC)

    assert in_time(submit, situation, late) == Refusal(
        "too_late",
        Text(
            zh="“申报单位提交初验的截止日”已于 2027-02-28 23:59:59 截止（宽限 30 分钟）。",
            en="“Last day to hand in for the initial inspection” closed on 2027-02-28 23:59:59 "
            "(with 30 minutes of grace).",
        ),
        7,
    )


def test_file_handed_in_again_meets_the_deadline_of_returns(situation):
    """Fifteen working days from the day it came back, provisional while 2027 is not announced."""
    back = replace(
        situation,
        history=(Made("application", "submit", OPENED, own=True),),
        entered={"draft": OPENED},
    )

    last = closes(move(situation, "draft", "submit"), back)

    assert last is not None
    assert (last.at.isoformat(), last.provisional) == ("2027-06-22T23:59:59+08:00", True)
    assert last.deadline.id == "supplement"


def test_return_before_the_first_submission_changes_no_deadline(situation):
    other = replace(situation, history=(Made("application", "return", OPENED),))

    last = closes(move(situation, "draft", "submit"), other)

    assert last is not None and last.deadline.id == "provincial_intake"


def test_move_without_a_deadline_never_closes(situation):
    withdraw = move(situation, "draft", "withdraw")

    assert closes(withdraw, situation) is None
    assert in_time(withdraw, situation, datetime(2099, 1, 1, tzinfo=UTC)) is None


@pytest.fixture
def listed(situation):
    """The situation of a batch of the first programme."""
    return replace(situation, procedure=situation.measures.procedure("batch"))


def test_deadline_counts_from_the_day_in_the_rule_books_zone(listed):
    """20:00 in London is four in the morning of the next day in Beijing."""
    entered = {"public_notice": datetime(2021, 6, 6, 20, 0, tzinfo=UTC)}

    last = due(listed.measures, listed.procedure, "notice", Moments(2021, entered))

    assert last is not None
    assert last.at.isoformat() == "2021-06-17T23:59:59+08:00"  # the Dragon Boat Festival between
    assert last.provisional is False


def test_calendar_days_are_counted_through_holidays(listed):
    notice = listed.procedure.deadline("notice")
    when = Days(days=7, after=StageEntered(stage="public_notice"), at=time(12, 0))
    plain = notice.model_copy(update={"when": when})
    others = tuple(d for d in listed.procedure.deadlines if d.id != "notice")
    procedure = listed.procedure.model_copy(update={"deadlines": (*others, plain)})

    last = due(listed.measures, procedure, "notice", Moments(2027, {"public_notice": OPENED}))

    assert last is not None
    assert (last.at.isoformat(), last.provisional) == ("2027-06-08T12:00:00+08:00", False)


def test_release_before_the_notice_ends_says_until_when_it_runs(listed):
    noticed = replace(listed, stage_id="public_notice", entered={"public_notice": OPENED})
    name = move(noticed, "public_notice", "release")
    last = datetime(2027, 6, 10, 15, 59, 59, tzinfo=UTC)

    assert in_time(name, noticed, last) == Refusal(
        "too_early",
        Text(
            zh="“公示期满”到 2027-06-10 23:59:59 才结束。",
            en="“End of the public notice” runs until 2027-06-10 23:59:59.",
        ),
        11,
    )
    assert in_time(name, noticed, last + timedelta(seconds=1)) is None


def test_release_without_a_notice_waits_for_one(listed):
    never = replace(listed, stage_id="public_notice", entered={})

    assert due(listed.measures, listed.procedure, "notice", Moments(2027)) is None
    assert in_time(move(never, "public_notice", "release"), never, OPENED) == Refusal(
        "too_early",
        Text(zh="“公示期满”到 — 才结束。", en="“End of the public notice” runs until —."),
        11,
    )


def test_stage_that_is_due_is_late_after_that_and_bars_nothing(situation):
    objection = replace(
        situation, procedure=situation.measures.procedure("objection"), stage_id="received",
        known={"opened": OPENED},
    )  # fmt: skip

    until = expected(objection)

    assert until is not None
    assert (until.deadline.id, until.at.date()) == ("answer", date(2027, 6, 29))
    assert until.provisional  # the holidays of 2027 are not announced
    late = until.at + timedelta(days=30)
    assert in_time(move(objection, "received", "take_up"), objection, late) is None
    assert expected(replace(objection, stage_id="statement")) is None


# --- several reasons at once ---------------------------------------------------------------------


def test_refused_move_gives_every_reason_in_one_go(situation):
    late = datetime(2027, 3, 1, tzinfo=UTC)
    poor = replace(without(situation, "1.1.1"), until={})

    with pytest.raises(MoveRefused) as refused:
        require(poor, "submit", LEAD, "", late)

    assert refused.value.move_id == "submit"
    codes = [refusal.code for refusal in refused.value.refusals]
    assert codes == ["too_late", "facts_missing", "title_missing"]
    assert str(refused.value) == " ".join(r.text.en for r in refused.value.refusals)


def test_later_move_of_the_stage_is_found(situation):
    assert require(situation, "withdraw", LEAD, "改期申报", EARLY).id == "withdraw"


def test_move_of_another_stage_is_refused_in_both_languages(situation):
    with pytest.raises(MoveRefused) as refused:
        require(situation, "name", LEAD, "", EARLY)

    text = Text(
        zh="此操作在当前阶段不可用，或不由您办理。",
        en="This step is not available at the present stage, or not yours to take.",
    )
    assert refused.value.move_id == "name"
    assert refused.value.refusals == (Refusal("not_open", text),)


# --- reviews -------------------------------------------------------------------------------------


def said(refusal: Refusal | None) -> tuple[str, str, str, int | None]:
    assert refusal is not None
    return refusal.code, refusal.text.zh, refusal.text.en, refusal.article


def test_revocation_bars_until_the_named_years_are_over(situation):
    need = NotBarred(guard="not_barred", years=3, article=20)
    year = situation.year

    assert not_barred(need, replace(situation, revoked_on=None)) is None
    assert not_barred(need, replace(situation, revoked_on=date(year - 3, 1, 1))) is None
    assert said(not_barred(need, replace(situation, revoked_on=date(year - 3, 1, 2)))) == (
        "barred",
        f"该单位的称号已于 {year - 3}-01-02 撤销，{year}-01-02 之前不得申报。",
        f"A title of this unit was revoked on {year - 3}-01-02; it cannot apply before "
        f"{year}-01-02.",
        20,
    )


def test_clauses_without_an_opinion_come_before_those_to_go_back(situation):
    need = NINE
    back = replace(situation, unreviewed=(), returned={"1.1.2": "update", "1.1.3": "incorrect"})

    assert clauses_reviewed(need, replace(situation, unreviewed=(), returned={})) is None
    assert said(clauses_reviewed(need, replace(back, unreviewed=("1.1.1",)))) == (
        "not_reviewed", "还有 1 条未审核：1.1.1。", "Clauses without an opinion: 1 (1.1.1).", 9,
    )  # fmt: skip
    assert said(clauses_reviewed(need, back)) == (
        "marked_for_return", "有 2 条标记为退回：1.1.2、1.1.3。",
        "Clauses marked to go back: 2 (1.1.2, 1.1.3).", 9,
    )  # fmt: skip


def test_eight_clauses_without_an_opinion_are_named(situation):
    left = tuple(f"1.1.{number}" for number in range(1, 10))

    refusal = clauses_reviewed(NINE, replace(situation, unreviewed=left))

    assert said(refusal)[1].endswith("9 条未审核：" + "、".join(left[:8]) + "…。")


def test_adjusted_file_is_heard_and_no_other(situation):
    heard = SomethingAdjusted(guard="something_adjusted", article=11)
    passed = NothingAdjusted(guard="nothing_adjusted", article=11)
    adjusted = replace(situation, adjusted=frozenset({"2.1.1", "1.1.1"}))
    followed = replace(situation, adjusted=frozenset())

    assert (something_adjusted(heard, adjusted), nothing_adjusted(passed, followed)) == (None, None)
    assert said(nothing_adjusted(passed, adjusted)) == (
        "adjusted", "有 2 条经调整（1.1.1、2.1.1），应先征求申报单位意见。",
        "Clauses adjusted: 2 (1.1.1, 2.1.1); the applicant is heard first.", 11,
    )  # fmt: skip
    assert said(something_adjusted(heard, followed)) == (
        "nothing_to_hear", "没有调整任何一条，无须征求意见。",
        "No clause is adjusted; nobody is to be heard.", 11,
    )  # fmt: skip
