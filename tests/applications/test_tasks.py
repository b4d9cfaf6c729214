"""The clauses split among departments: who sees and edits what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.conftest import NOW

from shifan.accounts import policy
from shifan.errors import BadInput, NotAllowed
from shifan.statements.actions import give_tasks, state_fact
from shifan.statements.models import Task
from shifan.units.models import Department


@pytest.fixture
def proceeding(world):
    return world.proceeding()


@pytest.fixture
def department(world) -> Department:
    return world.unit.departments.get()


def give(world, proceeding, ids, department, by="clerk", due=date(2026, 12, 10)) -> int:
    return give_tasks(
        proceeding=proceeding, provision_ids=ids, department=department, due_on=due,
        actor=world.actors[by], now=NOW,
    )  # fmt: skip


def test_clause_has_one_department_and_moves_to_the_last(world, proceeding, department):
    other = Department.objects.create(unit=world.unit, name="市交通运输局")

    assert give(world, proceeding, ["1.1.1", "1.1.2"], department) == 2
    assert give(world, proceeding, ["1.1.2"], other) == 1
    assert give(world, proceeding, ["1.1.2"], other) == 0

    assert dict(Task.objects.values_list("provision", "department__name")) == {
        "1.1.1": department.name, "1.1.2": "市交通运输局",
    }  # fmt: skip


def test_tasks_are_taken_back(world, proceeding, department):
    give(world, proceeding, ["1.1.1"], department)

    assert give(world, proceeding, ["1.1.1"], None) == 1
    assert Task.objects.count() == 0


@pytest.mark.parametrize("name", ["contributor", "other_lead", "reviewer", "auditor"])
def test_only_leads_and_clerks_give_tasks(world, proceeding, department, name):
    with pytest.raises(NotAllowed):
        give(world, proceeding, ["1.1.1"], department, by=name)


def test_department_of_another_unit_is_refused(world, proceeding):
    foreign = Department.objects.create(unit=world.neighbour, name="外单位")

    with pytest.raises(BadInput):
        give(world, proceeding, ["1.1.1"], foreign)


@pytest.mark.parametrize("ids", [[], ["7.1.1"], ["nonsense"]])
def test_only_what_the_unit_states_is_given(world, proceeding, department, ids):
    with pytest.raises(BadInput):
        give(world, proceeding, ids, department)


def test_contributor_states_its_own_clauses_and_no_other(world, proceeding, department):
    give(world, proceeding, ["1.1.1"], department)
    actor = world.actors["contributor"]

    assert policy.provisions(actor, proceeding) == {"1.1.1"}
    state_fact(proceeding=proceeding, provision_id="1.1.1", source="self",
               raw={"leading_group_in_place": "是"}, actor=actor, now=NOW)  # fmt: skip
    with pytest.raises(NotAllowed):
        state_fact(proceeding=proceeding, provision_id="1.2.1", source="self",
                   raw={"implementation_plan_issued": "是"}, actor=actor, now=NOW)  # fmt: skip


def test_contributor_reads_its_own_clauses_and_no_other(world, proceeding, department, monkeypatch):
    """The other clause's text and remark are there to leak."""
    give(world, proceeding, ["1.1.1"], department)
    state_fact(
        proceeding=proceeding, provision_id="1.2.1", source="self", note="机密备注",
        raw={"implementation_plan_issued": "是"}, actor=world.actors["clerk"], now=NOW,
    )  # fmt: skip
    client = world.client("contributor")
    base = f"/applications/{proceeding.pk}/"

    pages = {path: client.get(base + path) for path in ("", "tasks/", "sheet/self/?all=1")}

    assert {page.status_code for page in pages.values()} == {200}
    for page in pages.values():
        body = page.content.decode()
        assert "1.1.1" in body
        assert "机密备注" not in body
        assert proceeding.indicators.by_id["1.2.1"].text.zh not in body
    assert client.get(base + "clauses/1.2.1/").status_code == 403
    assert client.get(base + "clauses/1.1.1/").status_code == 200
    assert client.get(base + "steps/").status_code == 403
    assert client.get(base + "review/").status_code == 403


def test_overdue_shows_after_the_day_and_not_on_it(world, proceeding, department):
    give(world, proceeding, ["1.1.1"], department, due=NOW.date())
    client = world.client("clerk")
    address = f"/applications/{proceeding.pk}/tasks/"

    assert b'class="is-lacking">1<' not in client.get(address).content
    world.monkeypatch.setattr("shifan.site.middleware.now", lambda: NOW + timedelta(days=1))
    assert b'class="is-lacking">1<' in client.get(address).content


def test_page_of_tasks_has_the_same_number_of_queries_for_three_and_fifty(
    world, proceeding, department, monkeypatch
):
    client = world.client("clerk")
    address = f"/applications/{proceeding.pk}/tasks/"
    counts = []
    for ids in (["1.1.1", "1.1.2", "1.1.3"], _own(proceeding)[:50]):
        give(world, proceeding, ids, department)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 20


def _own(proceeding) -> list[str]:
    return [p.id for p in proceeding.indicators.provisions if "self" in p.input.from_]


@pytest.mark.parametrize(
    ("chosen", "status"), [("²", 400), ("", 400), ("-1", 400), ("9" * 40, 404), ("９", 404)]
)
def test_department_that_is_no_number_or_none_is_no_fault(world, proceeding, chosen, status):
    sent = {"department": chosen, "provision": "1.1.1"}
    answer = world.client("lead").post(f"/applications/{proceeding.pk}/tasks/", sent)

    assert answer.status_code == status
