"""Typing is kept while it is typed, seen by its writer alone, and stated only on purpose."""

from datetime import timedelta

import pytest
from tests.conftest import NOW
from tests.titled import at

from shifan.applications.actions import start
from shifan.ledger.models import Entry
from shifan.people.models import Membership
from shifan.proceedings.models import Proceeding
from shifan.statements.actions import state_fact
from shifan.statements.models import Draft, Fact, Task
from shifan.units.models import Division


@pytest.fixture
def proceeding(world) -> Proceeding:
    return world.proceeding()


@pytest.fixture
def clause(proceeding):
    return next(
        c for c in proceeding.indicators.clauses
        if c.input.type == "count" and "self" in c.input.from_
    )  # fmt: skip


def address(proceeding, clause, source="self") -> str:
    return f"/applications/{proceeding.pk}/clauses/{clause.id}/draft/{source}/"


def page_of(proceeding, clause) -> str:
    return f"/applications/{proceeding.pk}/clauses/{clause.id}/"


def test_draft_shows_what_it_would_earn_and_states_nothing(world, proceeding, clause):
    entries = Entry.objects.count()

    answer = world.client("clerk").post(address(proceeding, clause), {clause.input.name: "999"})

    assert f"得 {clause.points:.2f} 分（满分 {clause.points:.2f} 分）" in answer.content.decode()
    assert (Fact.objects.count(), Entry.objects.count()) == (0, entries)
    proceeding.refresh_from_db()
    assert proceeding.total == 0


def test_draft_comes_back_in_the_form_of_its_writer_and_nobody_elses(world, proceeding, clause):
    clerk, lead = world.client("clerk"), world.client("lead")
    clerk.post(address(proceeding, clause), {clause.input.name: "17", "note": "见附件二"})

    assert 'value="17"' in clerk.get(page_of(proceeding, clause)).content.decode()
    assert "见附件二" not in lead.get(page_of(proceeding, clause)).content.decode()
    assert 'value="17"' in clerk.get(
        f"/applications/{proceeding.pk}/sheet/self/"
    ).content.decode()  # fmt: skip


def test_wrong_typing_is_kept_too_and_told(world, proceeding, clause):
    answer = world.client("clerk").post(address(proceeding, clause), {clause.input.name: "两个"})

    assert Draft.objects.get().values == {clause.input.name: "两个"}
    assert answer.status_code == 200
    assert "分" not in answer.content.decode()


def test_stating_drops_the_draft(world, proceeding, clause):
    clerk = world.client("clerk")
    clerk.post(address(proceeding, clause), {clause.input.name: "17"})

    clerk.post(
        page_of(proceeding, clause) + "state/",
        {clause.input.name: "18", "source": "self", "seen": "0"},
    )

    assert Draft.objects.count() == 0
    assert Fact.objects.get().values == {clause.input.name: "18"}


def test_typing_what_is_stated_already_is_no_draft(world, proceeding, clause):
    clerk = world.client("clerk")
    clerk.post(address(proceeding, clause), {clause.input.name: "17"})
    state_fact(
        proceeding=proceeding, provision_id=clause.id, source="self",
        raw={clause.input.name: "18"}, actor=world.actors["lead"], now=NOW, seen=0,
    )  # fmt: skip

    clerk.post(address(proceeding, clause), {clause.input.name: "18", "note": ""})

    assert Draft.objects.count() == 0


def test_after_a_conflict_both_versions_are_there(world, proceeding, clause):
    state_fact(
        proceeding=proceeding, provision_id=clause.id, source="self",
        raw={clause.input.name: "18"}, actor=world.actors["lead"], now=NOW, seen=0,
    )  # fmt: skip
    clerk = world.client("clerk")

    answer = clerk.post(
        page_of(proceeding, clause) + "state/",
        {clause.input.name: "17", "source": "self", "seen": "0", "note": "我的"},
    )

    assert answer.status_code == 409
    later = clerk.get(page_of(proceeding, clause)).content.decode()
    assert 'value="17"' in later, "the clerk's own, as a draft"
    assert "我的" in later
    assert Fact.objects.get(superseded_at=None).values == {clause.input.name: "18"}


def test_after_a_conflict_on_the_sheet_the_typing_is_a_draft(world, proceeding, clause):
    state_fact(
        proceeding=proceeding, provision_id=clause.id, source="self",
        raw={clause.input.name: "18"}, actor=world.actors["lead"], now=NOW, seen=0,
    )  # fmt: skip

    answer = world.client("clerk").post(
        f"/applications/{proceeding.pk}/sheet/self/",
        {f"seen:{clause.id}": "0", clause.input.name: "17"},
    )

    assert answer.status_code == 409
    assert Draft.objects.get().values[clause.input.name] == "17"


def test_draft_typed_before_somebody_elses_statement_says_so(world, proceeding, clause):
    clerk = world.client("clerk")
    clerk.post(address(proceeding, clause), {clause.input.name: "17"})
    state_fact(
        proceeding=proceeding, provision_id=clause.id, source="self",
        raw={clause.input.name: "18"}, actor=world.actors["lead"], now=NOW, seen=0,
    )  # fmt: skip

    assert "此后已有人另行填报" in clerk.get(page_of(proceeding, clause)).content.decode()


def test_draft_can_be_dropped(world, proceeding, clause):
    clerk = world.client("clerk")
    clerk.post(address(proceeding, clause), {clause.input.name: "17"})

    clerk.post(address(proceeding, clause), {"drop": "1"})

    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "source", "status"),
    [("reviewer", "self", 404), ("clerk", "survey", 403), ("clerk", "nowhere", 404),
     ("auditor", "self", 403), ("contributor", "self", 403)],
)  # fmt: skip
def test_draft_is_for_those_who_may_state(world, proceeding, clause, name, source, status):
    answer = world.client(name).post(address(proceeding, clause, source), {clause.input.name: "17"})

    assert answer.status_code == status
    assert Draft.objects.count() == 0


def test_contributor_sees_its_own_clause_and_no_total(world, proceeding, clause):
    Task.objects.create(
        proceeding=proceeding, provision=clause.id, given_at=NOW,
        department=world.unit.departments.get(),
    )  # fmt: skip
    contributor = world.client("contributor")

    answer = contributor.post(address(proceeding, clause), {clause.input.name: "999"})
    workspace = contributor.get(f"/applications/{proceeding.pk}/").content.decode()
    listed = contributor.get("/applications/").content.decode()

    assert "→" not in answer.content.decode()
    assert 'class="panel score"' not in workspace
    assert 'class="moves"' not in workspace
    assert 'class="against"' not in listed


def test_sheet_keeps_the_remark_made_on_the_clause(world, proceeding, clause):
    state_fact(
        proceeding=proceeding, provision_id=clause.id, source="self", note="见附件二",
        raw={clause.input.name: "18"}, actor=world.actors["lead"], now=NOW, seen=0,
    )  # fmt: skip
    fact = Fact.objects.get()

    world.client("clerk").post(
        f"/applications/{proceeding.pk}/sheet/self/?all=1",
        {f"seen:{clause.id}": str(fact.pk), clause.input.name: "19"},
    )

    now = Fact.objects.get(superseded_at=None)
    assert (now.values, now.note) == ({clause.input.name: "19"}, "见附件二")


def test_list_puts_what_waits_for_the_reader_first(world):
    mine = world.proceeding()
    other = start(
        unit=world.neighbour, cycle=world.cycle, actor=world.actors["other_lead"], now=NOW
    )
    for row, stage, since in (
        (mine, "provincial_inspection", NOW - timedelta(days=9)), (other, "declined", NOW),
    ):  # fmt: skip
        at(row, stage, ["provincial", "national"], since)
    Membership.objects.filter(user__username="reviewer").update(area=Division.objects.get(code="0"))

    page = world.client("reviewer").get("/applications/").content.decode()

    assert page.index(world.unit.name) < page.index(world.neighbour.name)
