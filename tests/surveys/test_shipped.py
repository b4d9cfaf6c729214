"""The form that belongs to a rule book is there when the folder it came in is gone."""

from __future__ import annotations

import shutil

import pytest
from tests.book import rewrite
from tests.conftest import NOW

from shifan.accounts.actor import SYSTEM
from shifan.cycles.actions import open_cycle, publish
from shifan.cycles.models import SurveyForm
from shifan.errors import BadInput
from shifan.rulebook.loader import load, locate
from shifan.surveys.forms import shipped
from shifan.surveys.instrument.read import read


@pytest.fixture
def folder(divisions, tmp_path):
    made = tmp_path / "other"
    shutil.copytree(locate("neac/2020"), made)
    rewrite(made, ("programme: neac", "programme: other"))
    return made


def opened(folder):
    published = publish(book=load(folder), actor=SYSTEM, now=NOW)
    shutil.rmtree(folder)
    return open_cycle(
        rulebook=published, year=2027, batch=1, actor=SYSTEM, now=NOW, exercise=True
    )  # fmt: skip


def test_form_outlives_the_folder(folder):
    cycle = opened(folder)

    found = shipped(cycle, cycle.measures.surveys[0])

    assert found == read(locate("neac/2020") / "surveys" / "satisfaction.xlsx")


def test_form_that_is_not_the_book_s_is_not_kept(folder):
    (folder / "surveys" / "satisfaction.xlsx").write_bytes(b"another")
    cycle = opened(folder)

    assert not SurveyForm.objects.exists()
    with pytest.raises(BadInput):
        shipped(cycle, cycle.measures.surveys[0])
