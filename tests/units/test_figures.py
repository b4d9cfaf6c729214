"""What the system computes from its own records is what the rule-book check takes for computed."""

from __future__ import annotations

import shutil

from shifan.rulebook.check import check
from shifan.rulebook.indicators import COMPUTED
from shifan.rulebook.loader import locate
from shifan.units.queries import REGISTRY_FIGURES


def test_figures_the_check_knows_are_those_there_are():
    assert set(REGISTRY_FIGURES) == COMPUTED


def test_input_that_nothing_computes_is_found(tmp_path):
    folder = tmp_path / "book"
    shutil.copytree(locate("neac/2020"), folder)
    file = folder / "indicators/prefecture.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("name: township_coverage,", "name: tree_coverage,"), "utf-8")

    said = [each.message for each in check(folder)[1] if each.severity == "error"]

    assert "no stage lets any of its fact sources speak, so it can never be scored" in said
