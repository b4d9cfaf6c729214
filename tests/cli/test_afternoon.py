"""Whoever follows "Run a programme in an afternoon" word for word gets what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shifan.cli import app
from shifan.people.models import Membership

PAGE = Path("docs/run-a-programme.md").read_text("utf-8")
SAYS = re.compile(
    r"`(?P<file>[a-z]+\.csv)`[^`]*```\n(?P<table>.*?)```|```\n(?P<commands>\.venv.*?)```", re.S
)


def said(commands: str) -> list[tuple[list[str], str]]:
    """The commands of a block, each with what the page says that it prints."""
    found: list[tuple[list[str], str]] = []
    for line in commands.splitlines(keepends=True):
        if line.startswith(".venv/bin/shifan "):
            found.append((line.split()[1:], ""))
        else:
            found[-1] = (found[-1][0], found[-1][1] + line)
    return found


def test_page_is_followed_word_for_word(db, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = []
    for block in SAYS.finditer(PAGE):
        if block["file"]:
            Path(block["file"]).write_text(block["table"])
        for words, prints in said(block["commands"] or ""):
            done = CliRunner().invoke(app, words, input="correct horse battery\n" * 2)
            assert done.exit_code == 0, (words, done.output)
            assert done.output == prints or not prints, words
            ran.append(" ".join(words[:2]))

    assert ran == [
        "rulebook new", "rulebook check", "places load", "rulebook publish", "accounts create",
        "accounts grant", "cycle open", "units import", "titles import", "titles list",
        "titles list",
    ]  # fmt: skip
    assert Membership.objects.get().user.username == "ann"


@pytest.mark.parametrize("cause", ["UndefinedTable", "UndefinedColumn"])
def test_database_of_an_earlier_version_is_said_in_a_sentence(db, monkeypatch, cause):
    def broken(*words, **more):
        raise RuntimeError("x") from type(cause, (Exception,), {})()

    monkeypatch.setattr("shifan.register.queries.titles", broken)
    done = CliRunner().invoke(app, ["register", "list"])

    assert done.exit_code == 1
    assert "shifan serve" in done.output
