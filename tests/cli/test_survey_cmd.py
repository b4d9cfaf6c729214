"""``shifan survey check``."""

from __future__ import annotations

import json

import xlsxwriter
from tests.cli.test_rulebook_cmds import ZH, shifan
from tools.instruments import PROGRAMMES, SATISFACTION

FORM = PROGRAMMES / "neac/2020/surveys/satisfaction.xlsx"


def test_sound_form_exits_with_0_and_says_what_it_asks():
    result = shifan("survey", "check", FORM)

    assert (result.exit_code, result.stdout) == (
        0, f"{FORM}: sound, 8 questions in 中文, English\n",
    )  # fmt: skip


def test_json_names_the_form_by_its_digest():
    content = json.loads(shifan("survey", "check", FORM, "--json").stdout)

    assert content == {
        "file": str(FORM), "ok": True, "questions": 8, "languages": ["中文", "English"],
        "digest": SATISFACTION.digest, "findings": [], "notes": [],
    }  # fmt: skip


def test_form_that_cannot_be_asked_exits_with_1_row_by_row(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "f.xlsx") as book:
        sheet = book.add_worksheet("survey")
        for row, cells in enumerate([("type", "name", "label"), ("begin_repeat", "r", "家人")]):
            sheet.write_row(row, 0, cells)

    result = shifan("survey", "check", tmp_path / "f.xlsx", env=ZH)

    assert (result.exit_code, result.stdout) == (
        1, f"{tmp_path}/f.xlsx:survey 2 type：“begin_repeat”：不支持重复组。\n",
    )  # fmt: skip
