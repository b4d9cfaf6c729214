"""An office runs its programme in the browser: rule books, rounds, units, titles."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shifan.accounts.actor import SYSTEM
from shifan.accounts.models import User
from shifan.cycles.actions import publish
from shifan.cycles.models import Cycle, Proposal, PublishedRuleBook
from shifan.people.models import Membership
from shifan.rulebook.loader import load
from shifan.titles.models import Title
from shifan.units.models import Division, Unit
from tests.book import rewrite
from tests.conftest import NOW

OFFICE = "/programmes/example/office/"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "book"
    shutil.copytree("src/shifan/rulebook/starter", path)
    for extra in path.glob("__*"):
        shutil.rmtree(extra, ignore_errors=True) if extra.is_dir() else extra.unlink()
    return path


@pytest.fixture
def office(world, folder):
    """Two officers of the programme, whose first version is published; the first one's browser."""
    publish(book=load(str(folder)), actor=SYSTEM, now=NOW)
    for name in ("ann", "ben"):
        world.users[name] = User.objects.create(username=name)
        Membership.objects.create(
            user=world.users[name], role="officer", programme="example", tier="office",
            area=Division.objects.get(code="0"),
        )  # fmt: skip
    return world.client("ann")


def zipped(folder: Path, name: str = "book", **more: bytes) -> SimpleUploadedFile:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*.yaml")):
            archive.writestr(f"{name}/{path.relative_to(folder)}", path.read_bytes())
        for key, value in more.items():
            archive.writestr(key, value)
    return SimpleUploadedFile("book.zip", content.getvalue())


def test_next_version_is_checked_compared_and_published(office, folder):
    rewrite(folder, ('version: "1"', 'version: "2"'), ("years: 3", "years: 4"))

    sent = office.post(f"{OFFICE}propose/", {"file": zipped(folder)}, follow=True)

    content = sent.content.decode()
    assert "环节“" in content
    assert "办理“" in content
    assert "<code>effects/" in content
    proposal = Proposal.objects.get()
    office.post(f"{OFFICE}proposals/{proposal.pk}/")
    made = PublishedRuleBook.objects.get(programme="example", version="2")
    proposal.refresh_from_db()
    assert (made.digest, proposal.published) == (proposal.digest, made)
    again = office.post(f"{OFFICE}proposals/{proposal.pk}/")
    assert again.status_code == 409


def test_findings_are_named_by_file_and_line_and_nothing_kept(office, folder):
    rewrite(folder, ("to: review", "to: nowhere"))

    answer = office.post(f"{OFFICE}propose/", {"file": zipped(folder)})

    assert answer.status_code == 422
    assert "measures.yaml:" in answer.content.decode()
    assert not Proposal.objects.exists()


def test_where_two_must_publish_who_proposed_does_not(office, world, folder):
    two = ("two_publish: false", "two_publish: true")
    rewrite(folder, ('version: "1"', 'version: "2"'), two)
    publish(book=load(str(folder)), actor=SYSTEM, now=NOW)
    rewrite(folder, ('version: "2"', 'version: "3"'))
    office.post(f"{OFFICE}propose/", {"file": zipped(folder)})
    proposal = Proposal.objects.get()

    alone = office.post(f"{OFFICE}proposals/{proposal.pk}/")
    assert alone.status_code == 400
    assert not PublishedRuleBook.objects.filter(version="3").exists()
    world.client("ben").post(f"{OFFICE}proposals/{proposal.pk}/")

    assert PublishedRuleBook.objects.filter(version="3").exists()


@pytest.mark.parametrize(
    ("name", "more", "sentence"),
    [
        ("../book", {}, "通向外部"),
        ("/etc/book", {}, "通向外部"),
        ("book", {"b/measures.yaml": b"x: 1"}, "恰有一部"),
        ("book", {"bomb.yaml": bytes(40_000_000)}, "过大"),
    ],
    ids=["outside", "absolute", "two books", "bomb"],
)
def test_archive_that_cannot_be_is_refused_in_a_sentence(office, folder, name, more, sentence):
    answer = office.post(f"{OFFICE}propose/", {"file": zipped(folder, name, **more)})

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_what_is_no_archive_is_refused(office, content):
    sent = SimpleUploadedFile("a.zip", content) if content else None
    data = {"file": sent} if sent else {}

    assert office.post(f"{OFFICE}propose/", data).status_code == 400


def test_book_of_another_programme_is_refused(office, folder):
    rewrite(folder, ("programme: example", "programme: other"))

    answer = office.post(f"{OFFICE}propose/", {"file": zipped(folder)})

    assert answer.status_code == 400
    assert not Proposal.objects.exists()


def test_round_is_opened_while_another_keeps_its_book(office, folder):
    for year in (2027, 2028):
        sent = {"year": year, "batch": year - 2026, "practice": ""}
        assert office.post(f"{OFFICE}cycles/", sent).status_code == 302
    rewrite(folder, ('version: "1"', 'version: "2"'))
    publish(book=load(str(folder)), actor=SYSTEM, now=NOW)

    rounds = Cycle.objects.filter(rulebook__programme="example").order_by("year")
    assert [(each.year, each.batch, each.rulebook.version) for each in rounds] == [
        (2027, 1, "1"), (2028, 2, "1"),
    ]  # fmt: skip
    assert office.post(f"{OFFICE}cycles/", {"year": "x"}).status_code == 422


def test_units_and_titles_are_entered_one_by_one_and_by_table(office):
    unit = {"name": "抚仙湖管理局", "unit_type": "organisation", "place": "5304"}
    assert office.post(f"{OFFICE}units/", unit).status_code == 302
    title = {**unit, "tier": "office", "since": "2024-05-01", "until": "", "source": "2024年第5号"}
    assert office.post(f"{OFFICE}titles/", title).status_code == 302

    made = Title.objects.get(programme="example")
    assert (made.unit.name, made.events.get().source) == ("抚仙湖管理局", "2024年第5号")
    table = "name,unit_type,place\n石林管理局,organisation,53\n".encode()
    office.post(f"{OFFICE}units/", {"file": SimpleUploadedFile("u.csv", table)})
    assert Unit.objects.filter(name="石林管理局").exists()


def test_bad_rows_are_named_and_nothing_enters(office):
    table = "name,unit_type,place\n甲,organisation,53\n乙,town,53\n".encode()

    answer = office.post(f"{OFFICE}units/", {"file": SimpleUploadedFile("u.csv", table)})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "第 3 行" in page
    assert "必填" not in page, "the form for one was not sent"
    assert not Unit.objects.filter(name="甲").exists()
    unknown = {"name": "丙", "unit_type": "organisation", "place": "nowhere"}
    answer = office.post(f"{OFFICE}units/", unknown)
    assert answer.status_code == 422
    assert "没有地区 nowhere" in answer.content.decode()
    assert "第 2 行" not in answer.content.decode(), "who typed one has no rows"


@pytest.mark.parametrize("name", ["national_officer", "stranger", "clerk", "auditor"])
def test_nobody_of_another_programme_enters_the_office(office, world, folder, name):
    client = world.client(name)

    for address in ("", "units/", "titles/"):
        assert client.get(f"{OFFICE}{address}").status_code == 403
    assert client.post(f"{OFFICE}propose/", {"file": zipped(folder)}).status_code == 403
    assert client.post(f"{OFFICE}cycles/", {"year": 2027, "batch": 1}).status_code == 403
    assert client.get("/programmes/nowhere/office/").status_code == 404
