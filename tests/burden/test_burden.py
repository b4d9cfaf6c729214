"""What the assessed are asked for is counted, and an auditor can add it up by hand."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.conftest import NOW, write_facts
from tests.titled import begun, came_to

from shifan.burden.queries import reckon
from shifan.evidence.actions import attach
from shifan.proceedings.models import Proceeding
from shifan.statements.actions import state_fact
from shifan.statements.models import Opinion
from shifan.vault.actions import look_at_new
from shifan.vault.models import StoredFile

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
CLAUSE = "neac/2020:prefecture:1.1.1"


@pytest.fixture
def proceeding(world) -> Proceeding:
    """Clause 1.1.1 stated twice, with one picture and one file taken over, and sent back once."""
    made = world.proceeding()
    for value in ("是", "否"):
        state_fact(
            proceeding=made, provision_id="1.1.1", source="self", now=NOW,
            raw={"leading_group_in_place": value}, actor=world.actors["clerk"],
        )  # fmt: skip
    attach(
        proceeding=made, provision_id="1.1.1", name="a.png", actor=world.actors["clerk"], now=NOW,
        upload=SimpleUploadedFile("a.png", PIXEL),
    )  # fmt: skip
    look_at_new(now=NOW)
    old = StoredFile.objects.create(
        sha256="d" * 64, size=1, media_type="application/pdf", stored_at=NOW, pages=9
    )
    made.evidence.create(provision="1.1.1", file=old, name="b.pdf", attached_at=NOW, reused=True)
    Opinion.objects.create(
        proceeding=made, provision="1.1.1", office="provincial", verdict="return",
        kind="incorrect", reason="x", basis="0" * 64, at=NOW,
    )  # fmt: skip
    return made


def test_burden_of_a_clause_counts_what_was_made_anew(proceeding):
    made = reckon(Proceeding.objects.all()).clauses[CLAUSE]

    assert vars(made) == {
        "asked": 1, "entries": 2, "entries_reused": 0, "documents": 1, "documents_reused": 1,
        "pages": 1, "sent_back": 1, "minutes": 2 * 10 + 30 + 1 * 2,
    }  # fmt: skip
    assert made.hours == 0.9


def test_burden_is_the_same_by_clause_by_unit_and_in_all(proceeding, world):
    ledger = reckon(Proceeding.objects.all())

    assert {key: vars(made) for key, made in ledger.units.items()} == {
        str(world.unit.pk): vars(ledger.total)
    }
    assert ledger.total.minutes == ledger.clauses[CLAUSE].minutes
    assert ledger.costliest()[0][0] == CLAUSE
    assert {key: made.sent_back for key, made in ledger.tiers.items()} == {
        "national": 0, "provincial": 1,
    }  # fmt: skip


def test_what_other_offices_state_is_no_burden_of_the_applicant(proceeding):
    before = vars(reckon(Proceeding.objects.all()).total).copy()

    write_facts(proceeding, {"provincial_check", "survey"})

    assert vars(reckon(Proceeding.objects.all()).total) == before


def test_number_of_queries_does_not_grow_with_the_applications(proceeding, world):
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            reckon(Proceeding.objects.all())
        return len(made)

    one = queries()
    begun(world.neighbour, world.cycle, "draft", [])

    assert queries() == one
    assert one <= 8


def test_page_shows_an_office_its_own_area_only(proceeding, world):
    """The other province's page must not name this unit."""
    came_to(proceeding, ["provincial"])
    proceeding.save()

    def page(name: str) -> str:
        return world.client(name).get("/burden/").content.decode()

    assert world.unit.name in page("reviewer")
    assert world.unit.name not in page("other_reviewer")


def test_command_prints_totals_by_tier_clause_and_unit(proceeding, world, capsys):
    from shifan.cli.burden import burden

    burden(as_json=True)

    content = json.loads(capsys.readouterr().out)
    assert set(content) == {"applications", "total", "tiers", "clauses", "units"}
    assert content["units"][str(world.unit.pk)]["hours"] == 0.9
    assert content["clauses"][CLAUSE]["documents"] == 1
