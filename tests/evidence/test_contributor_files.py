"""A contributor attaches to and reads the files of its own clauses only."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.conftest import NOW

from shifan.errors import NotAllowed
from shifan.evidence.actions import attach
from shifan.evidence.queries import attachments_for
from shifan.statements.actions import DeadlinePassed, give_tasks

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def put(world, proceeding, provision_id, by, now=NOW):
    upload = SimpleUploadedFile("a.pdf", PDF + provision_id.encode())
    return attach(
        proceeding=proceeding, provision_id=provision_id, upload=upload, name="a.pdf",
        actor=world.actors[by], now=now,
    )  # fmt: skip


@pytest.fixture
def proceeding(world):
    made = world.proceeding()
    give_tasks(
        proceeding=made, provision_ids=["1.1.1"], department=world.unit.departments.get(),
        due_on=None, actor=world.actors["clerk"], now=NOW,
    )  # fmt: skip
    return made


def test_contributor_attaches_to_its_own_clauses(world, proceeding):
    put(world, proceeding, "1.1.1", "contributor")

    with pytest.raises(NotAllowed):
        put(world, proceeding, "1.2.1", "contributor")


def test_contributor_sees_no_file_of_another_clause(world, proceeding):
    own = put(world, proceeding, "1.1.1", "clerk")
    other = put(world, proceeding, "1.2.1", "clerk")

    assert list(attachments_for(world.actors["contributor"])) == [own]
    assert list(attachments_for(world.actors["clerk"])) == [own, other]


def test_nothing_is_attached_after_the_deadline(world, proceeding):
    with pytest.raises(DeadlinePassed):
        put(world, proceeding, "1.1.1", "clerk", now=NOW.replace(year=2027, month=3, day=2))
