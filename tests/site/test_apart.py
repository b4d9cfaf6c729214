"""What strangers send is read in a process apart: its death is an answer, and few run at once."""

from __future__ import annotations

import io
import time
from threading import BoundedSemaphore
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from shifan import apart
from shifan.errors import BadInput
from shifan.statements.models import Fact

HERE = "tests.site.tasks:"


@pytest.fixture
def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("survey").write_row(0, 0, ["type", "name", "label"])
    return out.getvalue()


def test_function_gets_the_file_and_says_what_it_found():
    file = io.BytesIO(b"content")
    file.read()

    assert apart.run(f"{HERE}answers", file, "its ") == b"its content"
    assert file.tell() == 0


@pytest.mark.parametrize("task", ["takes_it_all", "dies", "nothing_of_that_name"])
def test_its_death_is_an_answer(task):
    assert apart.run(HERE + task, io.BytesIO(b"x")) is None
    with pytest.raises(BadInput, match="within the time and memory"):
        apart.require(HERE + task, io.BytesIO(b"x"))


def test_it_ends_when_its_time_is_up(monkeypatch):
    monkeypatch.setattr(apart, "SECONDS", 1)
    started = time.monotonic()

    assert apart.run(f"{HERE}takes_for_ever", io.BytesIO(b"x")) is None
    assert time.monotonic() - started < 8


def test_few_run_at_once_and_who_waits_too_long_is_told(monkeypatch):
    monkeypatch.setattr(apart, "AT_ONCE", BoundedSemaphore(1))
    monkeypatch.setattr(apart, "WAIT", 0.1)

    with apart.AT_ONCE, pytest.raises(apart.Busy, match="in a minute"):
        apart.run(f"{HERE}answers", io.BytesIO(b"x"), "its ")
    assert apart.run(f"{HERE}answers", io.BytesIO(b"x"), "its ") == b"its x"


@pytest.mark.parametrize("task", [apart.TABLE, apart.FORM, apart.SUBMISSION, apart.ARCHIVE])
@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"<a>", b"type,name\nx,y\n", b"\xff\xfe\0"])
def test_what_is_wrong_with_a_file_is_left_to_its_reader_to_say(task, content):
    assert apart.run(task, io.BytesIO(content)) == b""


def test_sheet_of_a_billion_cells_is_read_apart_and_ends(workbook):
    out = io.BytesIO()
    with ZipFile(io.BytesIO(workbook)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                cells = b'<row r="9">' + b'<c r="XFD9"/>' * 3_000_000 + b"</row></sheetData>"
                content = content.replace(b"</sheetData>", cells)
            new.writestr(name, content)
    started = time.monotonic()

    apart.require(apart.FORM, out)

    assert time.monotonic() - started < 20


def test_workbook_that_kills_its_reader_is_refused_and_changes_nothing(
    world, monkeypatch, workbook
):
    proceeding, clerk = world.proceeding(), world.client("clerk")
    monkeypatch.setattr(apart, "UPLOAD", 30_000_000)  # too little for any
    sent = {"workbook": SimpleUploadedFile("a.xlsx", workbook)}
    clerk.cookies["django_language"] = "en"

    answer = clerk.post(f"/workbook/{proceeding.pk}/self/", sent)

    assert answer.status_code == 400
    assert "within the time and memory" in answer.content.decode()
    assert Fact.objects.count() == 0
