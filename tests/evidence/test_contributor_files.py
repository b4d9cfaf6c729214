"""A contributor attaches to and reads the files of its own clauses only."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.conftest import NOW

from shifan.applications.actions import DeadlinePassed, give_tasks
from shifan.errors import NotAllowed
from shifan.evidence.actions import attach
from shifan.evidence.queries import attachments_for

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def put(world, application, provision_id, by, now=NOW):
    upload = SimpleUploadedFile("a.pdf", PDF + provision_id.encode())
    return attach(
        application=application, provision_id=provision_id, upload=upload, name="a.pdf",
        actor=world.actors[by], now=now,
    )  # fmt: skip


@pytest.fixture
def application(world):
    made = world.application()
    give_tasks(
        application=made, provision_ids=["1.1.1"], department=world.unit.departments.get(),
        due_on=None, actor=world.actors["clerk"], now=NOW,
    )  # fmt: skip
    return made


def test_contributor_attaches_to_its_own_clauses(world, application):
    put(world, application, "1.1.1", "contributor")

    with pytest.raises(NotAllowed):
        put(world, application, "1.2.1", "contributor")


def test_contributor_sees_no_file_of_another_clause(world, application):
    own = put(world, application, "1.1.1", "clerk")
    other = put(world, application, "1.2.1", "clerk")

    assert list(attachments_for(world.actors["contributor"])) == [own]
    assert list(attachments_for(world.actors["clerk"])) == [own, other]


def test_nothing_is_attached_after_the_deadline(world, application):
    with pytest.raises(DeadlinePassed):
        put(world, application, "1.1.1", "clerk", now=NOW.replace(year=2027, month=3, day=2))
