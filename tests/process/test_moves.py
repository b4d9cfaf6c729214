"""Which moves are open, and why not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.process.conftest import EARLY

from shifan.process.moves import MoveRefused, options, require
from shifan.process.situation import Made, Situation
from shifan.process.timing import may_write
from shifan.rulebook.procedures import ByOffice
from shifan.scoring.evaluate import score

LEAD, CLERK = ByOffice(office="applicant", role="lead"), ByOffice(office="applicant", role="clerk")
REVIEWER = ByOffice(office="provincial", role="reviewer")
APPROVER = ByOffice(office="provincial", role="approver")
OFFICER = ByOffice(office="national", role="officer")
BOSS = ByOffice(office="national", role="approver")


def without(situation: Situation, *names: str) -> Situation:
    facts = {key: value for key, value in situation.facts.items() if key not in names}
    return replace(situation, facts=facts, score=score(situation.indicators, facts))


def codes(situation: Situation, move_id: str, by: ByOffice, now: datetime = EARLY) -> list[str]:
    found = next(o for o in options(situation, frozenset({by}), now) if o.move.id == move_id)
    return [refusal.code for refusal in found.refusals]


def test_lead_may_submit_a_complete_file(situation):
    assert codes(situation, "submit", LEAD) == []


def test_clerk_has_no_moves(situation):
    assert options(situation, frozenset({CLERK}), EARLY) == ()


def test_missing_required_fact_of_the_applicant_stops_submission(situation):
    clause = next(
        c for c in situation.indicators.clauses if c.duty == "required" and "self" in c.input.from_
    )
    refused = without(situation, *[n for n in situation.facts if n.startswith(clause.input.name)])

    assert codes(refused, "submit", LEAD) == ["facts_missing"]


def test_facts_only_others_can_state_do_not_stop_submission(situation):
    others = [
        name
        for clause in situation.indicators.clauses
        if "self" not in clause.input.from_
        for name in situation.facts
        if name.startswith(clause.input.name)
    ]

    assert len(others) > 5
    assert codes(without(situation, *others), "submit", LEAD) == []


def test_missing_title_stops_submission(situation):
    assert codes(replace(situation, until={}), "submit", LEAD) == ["title_missing"]


def test_deadline_holds_to_the_second_in_the_rule_books_zone(situation):
    last = datetime(2027, 2, 28, 16, 29, 59, tzinfo=UTC)  # half an hour of grace

    assert codes(situation, "submit", LEAD, last) == []
    assert codes(situation, "submit", LEAD, last + timedelta(seconds=1)) == ["too_late"]


def test_facts_may_change_to_the_end_of_the_grace(situation):
    last = datetime(2027, 2, 28, 16, 29, 59, tzinfo=UTC)

    assert may_write("1.1.1", situation, last) is None
    refusal = may_write("1.1.1", situation, last + timedelta(seconds=1))
    assert refusal is not None and refusal.code == "too_late"


def test_returned_file_has_its_own_deadline(situation):
    back = datetime(2027, 3, 15, 4, 0, tzinfo=UTC)
    returned = replace(
        situation,
        history=(Made("application", "submit", EARLY, own=True),),
        entered={"draft": back},
    )

    assert codes(returned, "submit", LEAD, back) == []
    assert codes(returned, "submit", LEAD, back + timedelta(days=40)) == ["too_late"]


def test_approval_needs_the_threshold_and_the_coverage(situation):
    held = replace(situation, stage_id="provincial_approval")
    low = without(held, "township_coverage")

    assert codes(held, "approve_area", APPROVER) == []
    assert codes(low, "approve_area", APPROVER) == ["input_below"]


def test_unknown_veto_keeps_the_approval_shut_although_points_suffice(situation):
    held = replace(situation, stage_id="provincial_approval")
    veto = held.indicators.vetoes[0].input.name

    assert codes(without(held, veto), "approve_area", APPROVER) == ["score_incomplete"]


def test_veto_shuts_the_approval(situation):
    facts = {**situation.facts, situation.indicators.vetoes[0].input.name: True}
    held = replace(
        situation, stage_id="provincial_approval", facts=facts,
        score=score(situation.indicators, facts),
    )  # fmt: skip

    assert codes(held, "approve_area", APPROVER) == ["score_vetoed"]


def test_move_for_other_unit_types_is_not_offered(situation):
    held = replace(situation, stage_id="provincial_approval")

    offered = [o.move.id for o in options(held, frozenset({APPROVER}), EARLY)]

    assert offered == ["return", "approve_area", "decline"]


def test_naming_waits_for_the_end_of_the_notice(situation):
    opened = datetime(2027, 6, 1, 2, 0, tzinfo=UTC)
    batch = situation.measures.procedure("batch")
    noticed = replace(
        situation, procedure=batch, stage_id="public_notice", entered={"public_notice": opened}
    )

    assert codes(noticed, "release", BOSS, opened + timedelta(days=3)) == ["too_early"]
    assert codes(noticed, "release", BOSS, opened + timedelta(days=20)) == []


def test_file_is_named_by_its_list_alone(situation):
    """Whoever asks for it: the office, the applicant, the one who releases the list."""
    proposed = replace(situation, stage_id="proposed")

    offered = [o.move.id for o in options(proposed, frozenset({OFFICER, BOSS, LEAD}), EARLY)]

    assert offered == ["decline"]


def test_return_needs_a_reason(situation):
    held = replace(situation, stage_id="provincial_inspection")

    with pytest.raises(MoveRefused) as refused:
        require(held, "return", frozenset({REVIEWER}), "  ", EARLY)

    assert [refusal.code for refusal in refused.value.refusals] == ["reason_missing"]
    assert require(held, "return", frozenset({REVIEWER}), "补材料", EARLY).to == "draft"


def test_move_of_another_office_is_not_open(situation):
    with pytest.raises(MoveRefused) as refused:
        require(situation, "submit", frozenset({REVIEWER}), "", EARLY)

    assert [refusal.code for refusal in refused.value.refusals] == ["not_open"]
