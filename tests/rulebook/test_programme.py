"""Who runs a programme stands in a file of its own; its findings are named there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shifan.cli import app
from shifan.rulebook.check import check
from shifan.rulebook.loader import load

MINIMAL = Path(__file__).parents[1] / "books" / "minimal"


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(MINIMAL, tmp_path / "book"))


def add(folder: Path, name: str, line: str) -> None:
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


@pytest.mark.parametrize(
    ("name", "line", "where", "sentence"),
    [
        ("programme.yaml", "tiers: []", "programme.yaml", "tiers is not a field here"),
        ("measures.yaml", "time_zone: Europe/London", "measures.yaml", "stands in programme.yaml"),
        (
            "programme.yaml",
            "two_publish: maybe",
            "programme.yaml",
            "two_publish must be true",
        ),
        ("programme.yaml", "languages: [fr]", "programme.yaml", "languages must be zh or en"),
        ("programme.yaml", "- no map", "programme.yaml", "is not YAML"),
    ],
)
def test_what_is_wrong_is_named_in_its_file_and_line(folder, name, line, where, sentence):
    add(folder, name, line)
    last = len((folder / name).read_text("utf-8").splitlines())

    every = check(folder)[1]

    found = [(each.file, each.line) for each in every if sentence in each.message]
    assert found[:1] == [(where, last)], every


def test_same_book_with_all_in_its_measures_has_the_same_digest(folder):
    own = (folder / "programme.yaml").read_text("utf-8")
    (folder / "programme.yaml").unlink()
    measures = (folder / "measures.yaml").read_text("utf-8")
    (folder / "measures.yaml").write_text(own + measures, "utf-8")
    assert load(folder).digest == load(MINIMAL).digest

    told = CliRunner().invoke(app, ["rulebook", "upgrade", str(folder), "--json"])

    assert json.loads(told.stdout)["upgraded"] is True
    assert (folder / "programme.yaml").read_text("utf-8") == own
    assert (folder / "measures.yaml").read_text("utf-8") == measures
    assert load(folder).digest == load(MINIMAL).digest


def test_working_days_of_nobody_are_refused(folder):
    own = folder / "programme.yaml"
    own.write_text(own.read_text("utf-8").replace("calendar: {country: CN}\n", ""), "utf-8")

    (found,) = check(folder)[1]

    assert (found.severity, found.where) == ("error", "deadline notice")
    assert "no calendar says whose" in found.message
