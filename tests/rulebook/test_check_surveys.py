"""What the checker finds about the surveys of the measures."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from shifan.rulebook.check import check

SHIPPED = Path(str(files("shifan"))) / "programmes" / "neac" / "2020"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED, tmp_path / "book")
    return tmp_path / "book"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sha256: d198", "sha256: 0198", "surveys/satisfaction.xlsx hashes to d198e6e17"),
        ("surveys/satisfaction.xlsx", "surveys/gone.xlsx", "there is no file surveys/gone.xlsx"),
        ("surveys/satisfaction.xlsx", "../satisfaction.xlsx", "there is no file ../satisfaction"),
        ("source: survey\n", "source: poll\n", "fact source poll is not there"),
        ("source: survey\n", "source: self\n", "satisfaction_environment is not read from self"),
        ("input: satisfaction_effect}\n    sat", "input: effect}\n    sat",
         "no clause reads a satisfaction share effect"),
        ("excluded: [cannot_say]", "excluded: [satisfied]", "satisfied is both satisfied and"),
        ("id: straight_line", "id: too_fast", "too_fast is listed twice"),
        ("article: 9\n    instrument", "article: 99\n    instrument", "cites article 99"),
    ],
)  # fmt: skip
def test_survey_that_does_not_hold_together_is_found(book, old, new, message):
    measures = book / "measures.yaml"
    assert old in measures.read_text()
    measures.write_text(measures.read_text().replace(old, new))

    _, found = check(book)

    errors = [
        f.message for f in found if f.severity == "error" and f.where == "survey satisfaction"
    ]
    assert errors
    assert errors[0].startswith(message)
