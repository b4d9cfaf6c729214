"""What is published never changes its meaning, whatever the code becomes."""

from __future__ import annotations

import json
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from tools.formats import table
from typer.testing import CliRunner

from shifan.cli import app
from shifan.rulebook import formats, yaml_lines
from shifan.rulebook.check import check
from shifan.rulebook.deadlines import Deadline
from shifan.rulebook.lists import with_lists
from shifan.rulebook.loader import document, from_document, load
from shifan.rulebook.model import Measures
from shifan.rulebook.procedures import Gathers, Move, Procedure, Stage
from shifan.rulebook.rewrite import rewritten
from shifan.rulebook.upgrade import is_old, upgrade

MINIMAL = Path(__file__).parents[1] / "books" / "minimal"
FORMAT_1 = Path(__file__).parent / "format_1"
PUBLISHED_1 = json.loads((FORMAT_1 / "published.json").read_text("utf-8"))
"""What the last version in format 1 stored of the minimal book."""
DIGEST_1 = "a8d685e1c77429da9b414f9d542bed6171f322a15e1652d2770985bbc31653a5"
"""The digest it stored beside."""


def stored(name: str | Path) -> dict[str, Any]:
    """What publishing stores of a book, as it comes back from the database."""
    book = load(name)
    return json.loads(json.dumps(document(book.measures, book.indicators, book.golden)))


def test_digest_of_a_book_of_format_1_is_still_that_of_its_day():
    assert formats.format_of(PUBLISHED_1) == 1
    assert from_document(PUBLISHED_1).digest == formats.digest_of(PUBLISHED_1) == DIGEST_1


def test_book_of_format_1_says_in_the_present_format_what_the_upgraded_file_says():
    now = stored(MINIMAL)
    now["measures"]["surveys"] = []  # the book was published before it had a survey

    assert formats.present(PUBLISHED_1) == now


@pytest.mark.parametrize("name", ["neac/2020", str(MINIMAL)])
def test_stored_book_reads_back_as_it_was_with_its_digest(name):
    book, content = load(name), stored(name)

    again = from_document(content)
    assert (again.measures, again.indicators) == (book.measures, book.indicators)
    assert again.digest == book.digest
    assert formats.present(content) == content
    assert formats.digest_of(content) == book.digest


@pytest.mark.parametrize("number", [1, 2])
def test_changed_default_in_the_code_reaches_no_published_book(number, monkeypatch):
    """Grace, a rule's parameter and a move's reason get other defaults; the books stay."""
    content = PUBLISHED_1 if number == 1 else stored(MINIMAL)
    before, digest = from_document(content), formats.digest_of(content)

    with monkeypatch.context() as patch:
        changed(patch, Deadline, "grace_minutes", 90)
        changed(patch, Move, "reason", True)
        changed(patch, Stage, "public", True)
        after = from_document(content)

        assert (
            Deadline.model_validate({**plain(before, "intake"), "grace_minutes": 1}).id == "intake"
        )
        bare = plain(before, "intake")
        del bare["grace_minutes"]
        assert Deadline.model_validate(bare).grace_minutes == 90
        assert after.measures.model_dump() == before.measures.model_dump()
        assert (after.digest, formats.digest_of(content)) == (before.digest, digest)


def plain(book: Any, name: str) -> dict[str, Any]:
    found: dict[str, Any] = book.measures.application.deadline(name).model_dump(mode="json")
    return found


def changed(monkeypatch: Any, model: type[BaseModel], field: str, default: object) -> None:
    """Give a field of the format another default, in every class that holds it."""
    monkeypatch.setattr(model.model_fields[field], "default", default)
    for each in (model, Stage, Procedure, Measures):
        each.model_rebuild(force=True)


@pytest.fixture(autouse=True)
def _rebuilt():
    yield
    for each in (Deadline, Move, Stage, Procedure, Measures):
        each.model_rebuild(force=True)


def test_defaults_of_the_present_format_are_those_on_record():
    """A default that changes needs a new format; a new field is recorded with the old ones."""
    path = Path(formats.__file__).parent / "defaults" / f"format_{formats.FORMAT}.json"

    assert json.loads(path.read_text("utf-8")) == table()


def test_one_changed_value_changes_the_digest():
    content = stored(MINIMAL)
    other = deepcopy(content)
    other["measures"]["procedures"][0]["deadlines"][0]["grace_minutes"] = 1

    assert formats.digest_of(other) != formats.digest_of(content)


def test_upgraded_file_says_what_the_old_one_said_and_keeps_its_words(tmp_path):
    """The parts that did not change stay byte for byte, comments above those that went stay."""
    text = (FORMAT_1 / "measures.yaml").read_text("utf-8")
    text = text.replace("deadlines:\n", "# Dates are drafted.\ndeadlines:\n", 1)
    old = tmp_path / "old.yaml"
    old.write_text(text, "utf-8")
    content = yaml_lines.read(old, old.name).content
    new = tmp_path / "new.yaml"

    new.write_text(rewritten(text, upgrade(content)), "utf-8")

    written = new.read_text("utf-8")
    assert yaml_lines.read(new, new.name).content == upgrade(content)
    assert is_old(content) and not is_old(yaml_lines.read(new, new.name).content)
    assert written.startswith(text[: text.index("# Dates are drafted.")])
    assert "# Dates are drafted.\nprocedures:" in written
    assert text[text.index("quotas:") : text.index("\nvalidity:")] in written


def test_folder_in_format_1_loads_as_its_upgraded_self(tmp_path):
    shutil.copytree(MINIMAL, tmp_path / "book")
    shutil.copy(FORMAT_1 / "measures.yaml", tmp_path / "book" / "measures.yaml")
    (tmp_path / "book" / "programme.yaml").unlink()

    assert load(tmp_path / "book").digest == load(MINIMAL).digest


def test_author_s_upgrade_makes_the_notice_of_each_file_that_of_a_list(tmp_path):
    """What is published in format 1 keeps its own notice: loading never does this."""
    shutil.copytree(MINIMAL, tmp_path / "book")
    shutil.copy(FORMAT_1 / "measures.yaml", tmp_path / "book" / "measures.yaml")
    (tmp_path / "book" / "programme.yaml").unlink()
    assert load(tmp_path / "book").measures.application.stage("review").public

    told = CliRunner().invoke(app, ["rulebook", "upgrade", str(tmp_path / "book"), "--json"])

    assert json.loads(told.stdout)["upgraded"] is True
    book = load(tmp_path / "book")
    assert check(tmp_path / "book")[1] == []
    batch, application = book.measures.procedure("batch"), book.measures.application
    assert not application.stage("review").public
    assert {move.id: move.by == "move" for move in application.stage("review").moves} == {
        "return": False, "name": True, "decline": False,
    }  # fmt: skip
    assert [each.id for each in application.deadlines] == ["intake"]
    assert batch.stage("gathering").gathers == Gathers(of="application", at="review")
    release = batch.stage("on_notice").moves[0]
    assert (release.after, release.effects[0].said.move) == ("notice", "name")
    again = CliRunner().invoke(app, ["rulebook", "upgrade", str(tmp_path / "book"), "--json"])
    assert json.loads(again.stdout)["upgraded"] is False


@pytest.mark.parametrize("spoil", [
    lambda stages: stages[1].pop("public"),
    lambda stages: stages[1]["moves"].append({**stages[1]["moves"][1], "id": "name_too"}),
    lambda stages: stages.clear(),
])  # fmt: skip
def test_book_whose_list_cannot_be_told_keeps_what_it_has(spoil):
    measures = upgrade(yaml_lines.read(FORMAT_1 / "measures.yaml", "x").content)
    spoil(measures["procedures"][0]["stages"])

    assert with_lists(measures) == measures
