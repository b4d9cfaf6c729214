"""One file in many places: its versions, the time it holds for, taking it again."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.conftest import NOW

from shifan.applications.presentation.reviews import changes
from shifan.errors import BadInput, Conflict, DomainError, NotAllowed
from shifan.evidence import queries
from shifan.evidence.actions import (
    attach,
    attach_known,
    remove,
    revise,
    set_period,
    tell_of_refused,
)
from shifan.evidence.models import Attachment
from shifan.mailbox.models import Message
from shifan.proceedings.actions import make_move
from shifan.proceedings.models import Proceeding
from shifan.statements.assessment import assess
from shifan.vault.models import StoredFile

PDF = b"%PDF-1.4\nhello"


def upload(content=PDF, name="计划.pdf"):
    return SimpleUploadedFile(name, content)


def put(world, proceeding, clause="1.1.1", content=PDF, name="计划.pdf"):
    return attach(
        proceeding=proceeding, provision_id=clause, upload=upload(content, name), name=name,
        actor=world.actors["clerk"], now=NOW,
    )  # fmt: skip


def revised(world, old, content=PDF + b"2", actor="clerk"):
    return revise(
        attachment=old, upload=upload(content), name="计划 修订.pdf", actor=world.actors[actor],
        now=NOW,
    )  # fmt: skip


def dated(world, attachment, first, last, actor="clerk"):
    set_period(
        attachment=attachment, effective_from=first, effective_until=last,
        actor=world.actors[actor], now=NOW,
    )  # fmt: skip
    attachment.refresh_from_db()


# Versions.


def test_new_version_stands_in_the_place_of_the_old_which_stays_on_record(world):
    first = put(world, world.proceeding())
    second = revised(world, first)
    third = revised(world, second, PDF + b"3")

    assert list(queries.attachments_for(world.actors["clerk"])) == [third]
    assert queries.versions(world.actors["clerk"], third) == [third, second, first]
    assert StoredFile.objects.count() == 3


def test_two_new_versions_at_once_do_not_fork(world):
    first = put(world, world.proceeding())
    revised(world, first)

    with pytest.raises(Conflict):
        revised(world, first, PDF + b"3")
    with pytest.raises(Conflict):
        remove(attachment=first, actor=world.actors["clerk"], now=NOW)
    assert Attachment.objects.filter(removed_at=None).count() == 1


def test_version_with_the_same_content_is_none(world):
    first = put(world, world.proceeding())

    with pytest.raises(BadInput):
        revised(world, first, PDF)
    assert queries.attachments_for(world.actors["clerk"]).get() == first


@pytest.mark.parametrize("actor", ["reviewer", "other_lead", "stranger", "contributor"])
def test_only_those_who_may_attach_revise_and_date(world, actor):
    first = put(world, world.proceeding())

    for change in (
        lambda: revised(world, first, actor=actor),
        lambda: dated(world, first, None, None, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_office_sees_the_versions_that_were_handed_in_and_no_others(world):
    """What a clerk attached by mistake and took back before handing in stays the unit's own."""
    proceeding = world.proceeding(facts=True)
    mistaken = put(world, proceeding, content=PDF + b"CANARY")
    second = revised(world, mistaken)
    make_move(
        proceeding=proceeding, move_id="submit", actor=world.actors["lead"],
        now=NOW + timedelta(minutes=1),
    )  # fmt: skip
    Proceeding.objects.update(stage="draft")
    third = revise(
        attachment=second, upload=upload(PDF + b"3"), name="c.pdf", actor=world.actors["clerk"],
        now=NOW + timedelta(minutes=2),
    )  # fmt: skip

    reviewer = world.actors["reviewer"]
    assert queries.versions(reviewer, third) == [third, second]
    assert queries.versions(world.actors["clerk"], third) == [third, second, mistaken]
    for page in (f"/evidence/{mistaken.pk}/", f"/evidence/{mistaken.pk}/file/"):
        assert world.client("reviewer").get(page).status_code == 404
        assert world.client("clerk").get(page).status_code == 200
    assert world.client("reviewer").get(f"/evidence/{second.pk}/").status_code == 200


# The time a document holds for.


def test_time_a_document_holds_for_is_apart_from_when_it_came(world):
    attachment = put(world, world.proceeding())
    dated(world, attachment, date(2024, 1, 1), date(2025, 12, 31))

    assert attachment.attached_at == NOW
    assert (attachment.effective_from, attachment.effective_until) == (
        date(2024, 1, 1), date(2025, 12, 31),
    )  # fmt: skip
    assert revised(world, attachment).effective_until == date(2025, 12, 31)


def test_time_that_ends_before_it_begins_is_refused(world):
    attachment = put(world, world.proceeding())

    with pytest.raises(BadInput):
        dated(world, attachment, date(2025, 1, 2), date(2025, 1, 1))


def test_changed_time_is_a_change_to_the_reviewer(world):
    proceeding = world.proceeding(facts=True)
    attachment = put(world, proceeding)
    before = assess(proceeding, NOW)
    snapshot, basis = before.snapshot, before.bases["1.1.1"]

    dated(world, attachment, date(2024, 1, 1), None)

    after = assess(proceeding, NOW)
    assert changes(snapshot, after) == {"1.1.1"}
    assert after.bases["1.1.1"] != basis


# From the vault.


def test_file_is_taken_from_another_clause_without_uploading_it(world):
    proceeding = world.proceeding()
    first = put(world, proceeding)
    dated(world, first, date(2024, 1, 1), None)

    def take():
        return attach_known(
            proceeding=proceeding, provision_id="1.1.2", files=[first.file_id],
            actor=world.actors["clerk"], now=NOW,
        )  # fmt: skip

    assert (take(), take()) == (1, 0)
    taken = Attachment.objects.get(provision="1.1.2")
    assert (taken.file_id, taken.name, taken.reused, taken.effective_from) == (
        first.file_id, "计划.pdf", True, date(2024, 1, 1),
    )  # fmt: skip


def test_nobody_takes_a_file_of_another_unit_by_its_hash(world):
    from shifan.applications.actions import start

    foreign = start(
        unit=world.neighbour, cycle=world.cycle, actor=world.actors["other_lead"], now=NOW
    )
    secret = attach(
        proceeding=foreign, provision_id="1.1.1", upload=upload(PDF + b"secret"), name="s.pdf",
        actor=world.actors["other_lead"], now=NOW,
    )  # fmt: skip

    with pytest.raises(DomainError):
        attach_known(
            proceeding=world.proceeding(), provision_id="1.1.1", files=[secret.file_id],
            actor=world.actors["clerk"], now=NOW,
        )  # fmt: skip
    assert list(queries.elsewhere(world.actors["clerk"], secret)) == []


def test_vault_lists_each_content_once_and_finds_by_name(world):
    proceeding = world.proceeding()
    put(world, proceeding)
    put(world, proceeding, "1.1.2")
    put(world, proceeding, "1.1.2", PDF + b"x", "方案.pdf")

    clerk = world.actors["clerk"]
    assert sorted(row.name for row in queries.of_unit(clerk, world.unit.pk)) == [
        "方案.pdf", "计划.pdf",
    ]  # fmt: skip
    assert [row.name for row in queries.of_unit(clerk, world.unit.pk, "方案")] == ["方案.pdf"]
    assert list(queries.of_unit(world.actors["other_lead"], world.unit.pk)) == []


# Pages.


def test_page_of_a_file_shows_versions_places_and_time(world):
    proceeding = world.proceeding()
    first = put(world, proceeding)
    put(world, proceeding, "1.1.2")
    second = revised(world, first)
    client = world.client("clerk")

    saved = client.post(
        f"/evidence/{second.pk}/file/", {"effective_from": "2024-01-01", "effective_until": ""}
    )
    page = client.get(f"/evidence/{second.pk}/file/").content.decode()
    old = client.get(f"/evidence/{first.pk}/file/").content.decode()

    assert saved.status_code == 302
    assert "2024-01-01" in page and f"/evidence/{first.pk}/file/" in page
    assert f"/evidence/{second.pk}/file/" in old and "1.1.2" in old
    wrong = client.post(f"/evidence/{second.pk}/file/", {"effective_from": "明天"})
    assert wrong.status_code == 422


def test_files_are_taken_from_the_vault_in_the_browser(world):
    proceeding = world.proceeding()
    first = put(world, proceeding)
    client, address = world.client("clerk"), f"/evidence/{proceeding.pk}/1.1.2/vault/"
    assert "计划.pdf" in client.get(address).content.decode()

    client.post(address, {"file": [first.file_id]})

    assert proceeding.evidence.filter(provision="1.1.2").count() == 1
    assert "计划.pdf" not in client.get(address).content.decode()


def test_preview_is_for_those_who_see_the_file(world):
    drawn = BytesIO()
    Image.new("RGB", (30, 30)).save(drawn, "PNG")
    picture = put(world, world.proceeding(), content=drawn.getvalue(), name="a.png")

    answer = world.client("clerk").get(f"/evidence/{picture.pk}/pages/1/small/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert world.client("clerk").get(f"/evidence/{picture.pk}/pages/1/huge/").status_code == 404
    assert (
        world.client("other_lead").get(f"/evidence/{picture.pk}/pages/1/small/").status_code == 404
    )


def test_file_waiting_for_the_scanner_is_shown_as_such_and_not_given(world):
    attachment = put(world, world.proceeding())
    StoredFile.objects.update(scan="waiting")
    client = world.client("clerk")

    assert client.get(f"/evidence/{attachment.pk}/").status_code == 423
    assert client.get(f"/evidence/{attachment.pk}/pages/1/small/").status_code == 423
    page = client.get(f"/evidence/{attachment.pk}/file/").content.decode()
    assert "病毒扫描" in page and f'href="/evidence/{attachment.pk}/"' not in page
    StoredFile.objects.update(scan="refused")
    assert client.get(f"/evidence/{attachment.pk}/").status_code == 423


def test_whoever_attached_a_refused_file_is_told_once(world):
    attachment = put(world, world.proceeding())
    put(world, attachment.proceeding, "1.1.2", PDF + b"clean")
    StoredFile.objects.filter(pk=attachment.file_id).update(scan="refused")

    assert (tell_of_refused(now=NOW), tell_of_refused(now=NOW)) == (1, 0)

    message = Message.objects.get()
    assert (message.receiver, message.params["clause"]) == (world.users["clerk"], "1.1.1")
    assert "计划.pdf" in world.client("clerk").get("/messages/").content.decode()


def test_page_that_is_no_number_is_the_first(world):
    attachment = put(world, world.proceeding())

    for page in ("0", "x", "９", "9" * 30, "-1"):
        answer = world.client("clerk").get(f"/evidence/{attachment.pk}/file/", {"page": page})
        assert answer.status_code == 200
