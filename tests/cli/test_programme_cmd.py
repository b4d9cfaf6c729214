"""From an empty database to an open round, by command."""

from __future__ import annotations

import json

import pytest
from tests.conftest import lay_divisions
from typer.testing import CliRunner

from shifan.cli import app
from shifan.cycles.models import Cycle, PublishedRuleBook

pytestmark = pytest.mark.django_db


def run(*words):
    return CliRunner().invoke(app, [*words])


@pytest.fixture
def folder(tmp_path):
    made = run("rulebook", "new", str(tmp_path / "Dark Skies"), "--time-zone", "Europe/London")
    assert made.exit_code == 0, made.output
    return tmp_path / "Dark Skies"


def test_new_book_is_sound_and_bears_its_name(folder):
    checked = json.loads(run("rulebook", "check", str(folder), "--json").stdout)

    assert (checked["ok"], checked["books"][0]["findings"]) == (True, [])
    text = (folder / "programme.yaml").read_text()
    assert "programme: dark_skies\n" in text
    assert "time_zone: Europe/London\n" in text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["{}/parks", "--time-zone", "Europe/Londn"], "no time zone"),
        (["{}/公园"], "must begin with a Latin letter"),
        (["{}"], "is there already"),
    ],
)
def test_new_book_that_cannot_be_is_refused_and_nothing_written(tmp_path, words, sentence):
    refused = run("rulebook", "new", *(word.format(tmp_path) for word in words), "--lang", "en")

    assert refused.exit_code == 1
    assert sentence in refused.output
    assert list(tmp_path.iterdir()) == []


def test_published_opened_and_listed(folder):
    published = run("rulebook", "publish", str(folder), "--lang", "en")
    again = run("rulebook", "publish", str(folder), "--lang", "en")
    opened = run("cycle", "open", "dark_skies/1", "--year", "2027", "--practice", "--lang", "en")

    book = PublishedRuleBook.objects.get()
    assert book.digest in published.output
    assert again.output == published.output
    assert opened.output == "Batch 1 of dark_skies/1 is open for 2027.\n"
    (row,) = json.loads(run("programme", "list", "--json").stdout)["programmes"]
    assert (row["programme"], row["version"], row["time_zone"], row["cycles"], row["titles"]) == (
        "dark_skies", "1", "Europe/London", 1, 0,
    )  # fmt: skip
    (row,) = json.loads(run("cycle", "list", "--json").stdout)["cycles"]
    assert (row["programme"], row["year"], row["practice"]) == ("dark_skies", 2027, True)
    assert "dark_skies" in run("programme", "list").stdout


def test_book_with_errors_is_not_published_and_its_findings_are_named(folder):
    path = folder / "measures.yaml"
    path.write_text(path.read_text().replace("to: review", "to: nowhere"))

    refused = run("rulebook", "publish", str(folder), "--lang", "en")

    assert refused.exit_code == 1
    assert "measures.yaml:" in refused.output
    assert not PublishedRuleBook.objects.exists()


def test_round_of_what_is_not_published_is_refused_with_what_is(folder):
    lay_divisions()
    run("rulebook", "publish", str(folder))

    refused = run("cycle", "open", "dark_skies/2", "--year", "2027", "--lang", "en")

    assert refused.exit_code == 1
    assert "dark_skies/2 is not published; published are: dark_skies/1" in refused.output
    assert not Cycle.objects.exists()


def test_account_gets_a_role_and_a_second_of_its_name_is_refused(world):
    words = ["accounts", "create", "boss", "--password", "a long enough pass phrase"]

    assert run(*words).exit_code == 0
    assert run(*words).exit_code == 1
    granted = run("accounts", "grant", "boss", "--role", "officer", "--programme", "neac",
                  "--tier", "national", "--area", "0")  # fmt: skip
    assert granted.stdout == "boss is now officer.\n"
    wrong = run("accounts", "grant", "boss", "--role", "emperor")
    assert (wrong.exit_code, "Traceback" in wrong.output) == (1, False)
