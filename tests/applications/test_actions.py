"""Starting, stating facts, moving: what the actions promise."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.conftest import NOW, agree, write_facts
from tests.titled import listed, released

from shifan.applications.actions import start
from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.ledger.models import Entry
from shifan.ledger.queries import verify
from shifan.proceedings.actions import Refused, make_move
from shifan.proceedings.models import Proceeding
from shifan.statements.actions import BadFact, state_fact, state_sheet
from shifan.statements.assessment import assess
from shifan.statements.models import Fact
from shifan.titles.models import Title


@pytest.fixture
def yes_no(world):
    """A yes/no clause of the shipped book that the applicant states."""
    clauses = world.cycle.indicators("prefecture").clauses
    clause = next(c for c in clauses if c.input.type == "boolean" and "self" in c.input.from_)
    return clause.id, clause.input.name


def state(proceeding, yes_no, value, actor, **more):
    clause, column = yes_no
    return state_fact(
        proceeding=proceeding, provision_id=clause, source=more.pop("source", "self"),
        raw={column: value}, actor=actor, now=NOW, **more,
    )  # fmt: skip


def test_start_makes_one_application_a_cycle(world):
    world.proceeding()

    with pytest.raises(Conflict):
        world.proceeding()

    assert Proceeding.objects.count() == 1


def test_start_for_another_unit_is_not_allowed(world):
    with pytest.raises(NotAllowed):
        start(unit=world.neighbour, cycle=world.cycle, actor=world.actors["lead"], now=NOW)


def test_fact_raises_the_total_by_what_the_clause_is_worth(world, yes_no):
    proceeding = world.proceeding()
    before = assess(proceeding, NOW).situation.score

    state(proceeding, yes_no, "是", world.actors["clerk"])

    after = assess(Proceeding.objects.get(), NOW).situation.score
    worth = proceeding.indicators.by_id[yes_no[0]].millipoints
    assert after.total == before.total + worth
    assert Proceeding.objects.get().total == after.total


def test_later_statement_supersedes_and_keeps_the_earlier(world, yes_no):
    proceeding = world.proceeding()

    state(proceeding, yes_no, "是", world.actors["clerk"])
    state(proceeding, yes_no, "否", world.actors["lead"])

    facts = Fact.objects.order_by("id")
    assert [(f.values[yes_no[1]], f.superseded_at) for f in facts] == [
        ("true", NOW),
        ("false", None),
    ]


def test_same_statement_twice_changes_nothing(world, yes_no):
    proceeding = world.proceeding()
    state(proceeding, yes_no, "是", world.actors["clerk"])
    entries = Entry.objects.count()

    state(proceeding, yes_no, "yes", world.actors["clerk"])

    assert (Fact.objects.count(), Entry.objects.count()) == (1, entries)


def test_statement_over_one_not_seen_is_refused(world, yes_no):
    proceeding = world.proceeding()
    state(proceeding, yes_no, "是", world.actors["clerk"], seen=0)

    with pytest.raises(Conflict):
        state(proceeding, yes_no, "否", world.actors["lead"], seen=0)

    assert Fact.objects.get().values == {yes_no[1]: "true"}


def test_bad_value_says_which_column_and_writes_nothing(world, yes_no):
    proceeding = world.proceeding()

    with pytest.raises(BadFact) as bad:
        state(proceeding, yes_no, "maybe", world.actors["clerk"])

    assert list(bad.value.by_column) == [yes_no[1]]
    assert Fact.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["anonymous", "stranger", "other_lead", "reviewer", "national_officer", "auditor"]
)
def test_only_the_units_people_state_its_own_facts(world, yes_no, name):
    proceeding = world.proceeding()

    with pytest.raises(NotAllowed):
        state(proceeding, yes_no, "是", world.actors[name])


def test_clerk_cannot_speak_for_the_province(world, yes_no):
    proceeding = world.proceeding()

    with pytest.raises(NotAllowed):
        state(proceeding, yes_no, "是", world.actors["clerk"], source="provincial_check")


def test_registry_figure_cannot_be_typed_in(world):
    proceeding = world.proceeding()

    with pytest.raises(NotAllowed):
        state_fact(
            proceeding=proceeding, provision_id="3.2.4", source="self",
            raw={"township_coverage": "100"}, actor=world.actors["clerk"], now=NOW,
        )  # fmt: skip


def test_coverage_comes_from_the_registry(world):
    from shifan.units.models import CreationRecord

    proceeding = world.proceeding()
    assert assess(proceeding, NOW).situation.facts["township_coverage"] == 100

    CreationRecord.objects.filter(division_id="530402002").update(ended_on=date(2026, 1, 1))

    assert assess(proceeding, NOW).situation.facts["township_coverage"] == 50


def test_province_does_not_state_by_itself_what_the_applicant_stated(world, yes_no):
    """It would skip the reason and the hearing: the office gives an opinion instead."""
    proceeding = world.proceeding(facts=True)
    make_move(proceeding=proceeding, move_id="submit", actor=world.actors["lead"], now=NOW)
    clause, column = yes_no

    with pytest.raises(BadInput) as refused:
        state(proceeding, yes_no, "否", world.actors["reviewer"], source="provincial_check")
    with pytest.raises(BadInput):
        state_sheet(
            proceeding=proceeding, source="provincial_check", actor=world.actors["reviewer"],
            now=NOW, sheet={clause: ({column: "否"}, 0)},
        )  # fmt: skip

    assert refused.value.sentences()[0].en == (
        f"The applicant stated {clause}: agree, adjust or return it on the review page."
    )
    assert not proceeding.facts.filter(source="provincial_check").exists()


def test_sheet_is_all_or_nothing(world, yes_no):
    proceeding = world.proceeding()
    clause, column = yes_no
    percent = next(c for c in proceeding.indicators.clauses
                   if c.input.type == "percent" and "self" in c.input.from_)  # fmt: skip

    with pytest.raises(BadFact):
        state_sheet(
            proceeding=proceeding, source="self", actor=world.actors["clerk"], now=NOW,
            sheet={clause: ({column: "是"}, 0), percent.id: ({percent.input.name: "1000"}, 0)},
        )  # fmt: skip

    assert Fact.objects.count() == 0


def test_submission_a_second_late_is_refused_and_says_why(world):
    proceeding = world.proceeding(facts=True)
    late = NOW.replace(year=2027, month=2, day=28, hour=16, minute=30)  # half an hour of grace over

    with pytest.raises(Refused) as refused:
        make_move(proceeding=proceeding, move_id="submit", actor=world.actors["lead"], now=late)

    assert [r.code for r in refused.value.refusals] == ["too_late"]
    assert Proceeding.objects.get().stage == "draft"


def test_clerk_may_not_submit(world):
    proceeding = world.proceeding(facts=True)

    with pytest.raises(Refused) as refused:
        make_move(proceeding=proceeding, move_id="submit", actor=world.actors["clerk"], now=NOW)

    assert [r.code for r in refused.value.refusals] == ["not_open"]


def test_naming_keeps_the_document_of_its_list(world):
    batch = listed(noticed(world))

    released(batch, NOW + timedelta(days=30))
    title = Title.objects.get(level="national")

    assert title.events.get().step.document == "民委发〔2027〕1号"


def test_whole_line_ends_in_a_title_with_rule_book_and_validity(world):
    batch = listed(noticed(world))

    released(batch, NOW + timedelta(days=30))
    title = Title.objects.get(level="national")
    term = title.events.get()

    assert (title.unit, title.level, title.number, title.exercise) == (
        world.unit, "national", 1, True,
    )  # fmt: skip
    assert (term.holds_from, term.until) == (date(2026, 12, 31), date(2031, 12, 30))
    assert (term.rulebook, term.batch) == ("neac/2020", 1)
    assert term.rulebook_digest == world.cycle.rulebook.digest
    assert (term.step.move, term.step.to_stage) == ("name", "designated")
    assert Proceeding.objects.get(pk=term.step.proceeding_id).stage == "designated"
    assert verify()["ok"] is True


def test_designation_before_the_notice_ends_leaves_nothing_half_done(world):
    batch = listed(noticed(world))

    with pytest.raises(Refused):
        released(batch, NOW + timedelta(days=1))

    assert Title.objects.filter(level="national").count() == 0
    assert set(Proceeding.objects.values_list("stage", flat=True)) == {"proposed", "public_notice"}


def test_submission_is_short_and_holds_the_ledger_only_at_its_end(world):
    """Many submit in the last hour, and all of them wait for who holds the chain."""
    proceeding = world.proceeding(facts=True)

    with CaptureQueriesContext(connection) as queries:
        make_move(proceeding=proceeding, move_id="submit", actor=world.actors["lead"], now=NOW)

    written = [each["sql"] for each in queries if not each["sql"].startswith("RELEASE")]
    assert len(written) <= 23
    assert ["pg_advisory_xact_lock" in sql for sql in written].index(True) == len(written) - 2


def noticed(world) -> Proceeding:
    """The unit's application, brought to the list of those to be named by everyone in turn."""
    proceeding = world.proceeding(facts=True)
    actors = world.actors
    make_move(proceeding=proceeding, move_id="submit", actor=actors["lead"], now=NOW)
    write_facts(proceeding, {"provincial_check", "survey"})
    agree(world, proceeding)
    for move, by in (
        ("pass", "reviewer"), ("approve_area", "approver"), ("pass", "national_reviewer"),
        ("recommend", "national_officer"),
    ):  # fmt: skip
        proceeding = make_move(
            proceeding=proceeding, move_id=move, actor=actors[by], now=NOW,
            document="云民委发〔2026〕1号",
        ).proceeding  # fmt: skip
    return proceeding
