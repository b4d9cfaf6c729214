"""Files are taken by content, stored once, and shown only to those who see the application."""

import hashlib
import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import NOW

from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.evidence.actions import attach, remove
from shifan.evidence.models import Attachment
from shifan.evidence.queries import attachments_for
from shifan.ledger.models import Entry
from shifan.vault.actions import plain_name
from shifan.vault.models import StoredFile

PDF = b"%PDF-1.4\nhello"


def office(*names: str, size: int = 10) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"0" * size)
    return buffer.getvalue()


def bomb() -> bytes:
    """A small file that unpacks to more than is taken."""
    return office("word/document.xml", size=401_000_000)


def put(proceeding, actor, content=PDF, name="计划.pdf", clause="1.1.1"):
    return attach(
        proceeding=proceeding, provision_id=clause, upload=SimpleUploadedFile(name, content),
        name=name, actor=actor, now=NOW,
    )  # fmt: skip


def test_file_is_stored_once_under_its_hash(world):
    proceeding, clerk = world.proceeding(), world.actors["clerk"]

    put(proceeding, clerk)
    put(proceeding, clerk, clause="1.1.2")
    put(proceeding, clerk)

    assert [stored.sha256 for stored in StoredFile.objects.all()] == [
        hashlib.sha256(PDF).hexdigest()
    ]
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script>", "photo.jpg"),
        (b"MZ\x90\x00", "plan.pdf"),
        (office("word/document.xml", "word/vbaProject.bin"), "plan.docx"),
        (office("anything.txt"), "files.zip"),
        (b"PK\x03\x04 not a zip at all", "plan.docx"),
        (bomb, "bomb.docx"),
        (b"", "empty.pdf"),
    ],
    ids=["html", "exe", "macros", "archive", "damaged", "bomb", "empty"],
)
def test_unaccepted_content_is_refused_whatever_its_name(world, content, name):
    proceeding = world.proceeding()
    content = content if isinstance(content, bytes) else content()

    with pytest.raises(BadInput):
        put(proceeding, world.actors["clerk"], content, name)

    assert (Attachment.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_oversized_file_is_refused(world, settings):
    settings.EVIDENCE_MAX_BYTES = 5

    with pytest.raises(BadInput):
        put(world.proceeding(), world.actors["clerk"])


def test_word_and_excel_files_are_taken(world):
    proceeding, clerk = world.proceeding(), world.actors["clerk"]

    put(proceeding, clerk, office("word/document.xml"), "a.docx")
    put(proceeding, clerk, office("xl/workbook.xml"), "b.xlsx")

    assert Attachment.objects.count() == 2


@pytest.mark.parametrize("name", ["stranger", "other_lead", "reviewer", "auditor"])
def test_only_the_units_people_attach(world, name):
    with pytest.raises(NotAllowed):
        put(world.proceeding(), world.actors[name])


def test_neighbour_does_not_see_the_file(world):
    put(world.proceeding(), world.actors["clerk"])

    assert attachments_for(world.actors["other_lead"]).count() == 0
    assert attachments_for(world.actors["clerk"]).count() == 1


def test_removed_file_leaves_the_clause_but_not_the_vault(world):
    attachment = put(world.proceeding(), world.actors["clerk"])

    remove(attachment=attachment, actor=world.actors["clerk"], now=NOW)

    assert attachments_for(world.actors["clerk"]).count() == 0
    assert StoredFile.objects.count() == 1


def test_file_is_removed_once(world):
    """Two people have it before them and press the button."""
    attachment = put(world.proceeding(), world.actors["clerk"])
    same = Attachment.objects.get()
    remove(attachment=attachment, actor=world.actors["clerk"], now=NOW)

    with pytest.raises(Conflict):
        remove(attachment=same, actor=world.actors["lead"], now=NOW)

    assert Entry.objects.filter(verb="evidence.removed").count() == 1


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\年度计划.pdf", "年度计划.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("", "file"),
        ("/", "file"),
    ],
)
def test_file_name_is_reduced_to_its_last_plain_part(given_name, kept):
    assert plain_name(given_name) == kept


@given(st.text())
def test_no_file_name_keeps_a_separator_or_control_character(name):
    kept = plain_name(name)

    assert 0 < len(kept) <= 200
    assert not set(kept) & {"/", "\x00", "\n", "\r", "\u202e"}


def test_write_that_was_cut_off_is_mended_by_the_next_upload(world):
    first = put(world.proceeding(), world.actors["clerk"])
    default_storage.delete(first.file.path)
    default_storage.save(first.file.path, ContentFile(PDF[:5]))

    put(first.proceeding, world.actors["clerk"], clause="1.1.2")

    with default_storage.open(first.file.path) as stored:
        assert stored.read() == PDF


@pytest.mark.parametrize("name", ["report.hta", "报告.bat", "page.html", "报告"])
def test_name_ends_as_the_content_says(world, name):
    attachment = put(world.proceeding(), world.actors["clerk"], name=name)

    assert attachment.name == f"{name}.pdf"


@pytest.mark.parametrize("at", [8, 6])
def test_strange_office_file_is_refused_plainly(world, at):
    """A directory with a broken UTF-8 name, and one that needs a version no reader has."""
    content = bytearray(office("word/document.xml"))
    entry = content.index(b"PK\x01\x02")
    if at == 8:
        content[entry + 8 : entry + 10] = (0x800).to_bytes(2, "little")
        content[entry + 46] = 0xFF
    else:
        content[entry + 6] = 99

    with pytest.raises(BadInput):
        put(world.proceeding(), world.actors["clerk"], bytes(content), "a.docx")
