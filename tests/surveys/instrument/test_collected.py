"""Answers collected with KoboToolbox or ODK, in every arrangement their exports offer."""

from __future__ import annotations

import io
import uuid
from datetime import datetime

import pytest
import xlsxwriter
from tools.instruments import SATISFACTION

from shifan.surveys.instrument.collected import NotCollected, from_submission, from_table
from shifan.surveys.instrument.model import Choice, Instrument, Language, Question

UUID = "11111111-2222-4333-8444-555555555555"
OTHER = "22222222-2222-4333-8444-555555555555"
PARTS = ("transport", "schools", "environment")
FORM = Instrument(
    id="f", title="f", languages=(Language(code="en", name="English"),),
    questions=(
        Question(name="remark", type="text"),
        Question(name="environment", type="select_one",
                 choices=(Choice(name="good", label={}), Choice(name="bad", label={}))),
        Question(name="more", type="group", questions=(
            Question(name="improve", type="select_multiple",
                     choices=tuple(Choice(name=each, label={}) for each in PARTS)),
        )),
    ),
)  # fmt: skip
"""A question of several choices, one of which is called like another question."""


def csv_of(tmp_path, text: str, encoding: str = "utf-8"):
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode(encoding))
    return path


def xlsx_of(tmp_path, rows, formats=None):
    """A workbook; ``formats`` maps a cell (row, column) to the format it shows its number in."""
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("form")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                code = (formats or {}).get((number, column))
                kept = book.add_format({"num_format": code}) if code else None
                sheet.write(number, column, cell, kept)
    return path


def answers(path, form=FORM):
    return [row.raw for row in from_table(path, form)]


def test_csv_of_kobotoolbox_is_read_without_who_and_where(tmp_path):
    path = csv_of(
        tmp_path,
        "\ufeffstart;end;area;age_band;environment;livelihood;effect;heard;group/heard_from;"
        "heard_from/work;heard_from/media;_id;_uuid;_submission_time;_submitted_by\n"
        f"2026-01-01;2026-01-01;urban;30_44;satisfied;satisfied;neutral;yes;work media;1;1;7;{UUID}"
        ";2026-01-01;somebody\n;;;;;;;;;;;;;;\n",
    )

    rows = list(from_table(path, SATISFACTION))

    assert [(row.number, row.submission) for row in rows] == [(2, uuid.UUID(UUID))]
    assert rows[0].raw == {
        "area": "urban", "age_band": "30_44", "environment": "satisfied",
        "livelihood": "satisfied", "effect": "neutral", "heard": "yes",
        "heard_from": "work media",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("area,favourite_colour\nurban,red\n", "columns not of this form: favourite_colour"),
        ("area,g/area\nurban,urban\n", "the column area is there twice"),
        ("KEY,start\n1,2\n", "no question of this form is there"),
        ("", "the file is empty"),
    ],
)
def test_csv_of_something_else_is_refused(tmp_path, text, said):
    with pytest.raises(NotCollected, match=said):
        list(from_table(csv_of(tmp_path, text), SATISFACTION))


@pytest.mark.parametrize("group", ["", "more/", "more-", "more.", "more:", "f/more/"])
@pytest.mark.parametrize("mark", "/.-:")
@pytest.mark.parametrize("whole", [True, False])
def test_columns_of_choices_are_read_beside_the_whole_or_instead(tmp_path, group, mark, whole):
    heads = ["environment", *([f"{group}improve"] if whole else [])]
    heads += [f"{group}improve{mark}{part}" for part in PARTS]
    row = ["bad", *(["transport environment"] if whole else []), "1", "0", "1"]

    assert answers(csv_of(tmp_path, f"{','.join(heads)}\n{','.join(row)}\n")) == [
        {"environment": "bad", "improve": "transport environment"}
    ]


@pytest.mark.parametrize(("yes", "no"), [("1", "0"), ("True", "False"), ("TRUE", ""), (1.0, 0.0)])
def test_what_is_ticked_is_written_in_several_ways(tmp_path, yes, no):
    path = xlsx_of(tmp_path, [["remark", "improve/transport", "improve/schools"], ["x", yes, no]])

    assert answers(path) == [{"remark": "x", "improve": "transport"}]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("transport,0,0,0", "do not say the same"),
        (",1,0,0", "do not say the same"),
        ("transport,1,0,perhaps", "is 1 or 0, not 'perhaps'"),
    ],
)
def test_row_whose_columns_contradict_each_other_is_refused(tmp_path, row, said):
    head = "improve,improve/transport,improve/schools,improve/environment\n"
    (found,) = from_table(csv_of(tmp_path, head + row + "\n"), FORM)

    assert found.wrong is not None
    assert said in found.wrong.en


def test_question_without_an_answer_has_none_in_either_arrangement(tmp_path):
    head = "remark,improve,improve/transport,improve/schools\n"

    assert answers(csv_of(tmp_path, head + "x,,,\n")) == [{"remark": "x"}]
    assert answers(csv_of(tmp_path, head + "x,,0,0\n")) == [{"remark": "x"}]


@pytest.mark.parametrize("head", ["improve/parks", "improve/transport,more-improve/transport"])
def test_column_of_no_choice_or_of_one_twice_is_refused(tmp_path, head):
    with pytest.raises(NotCollected):
        answers(csv_of(tmp_path, f"remark,{head}\nx,1,1\n"))


KOBO = "remark,_id,_uuid,meta/rootUuid\nx,7,{version},uuid:{root}\n"
OLD_KOBO = "remark,_uuid,meta/instanceID,meta/deprecatedID\nx,{version},uuid:{version},{before}\n"
CENTRAL = "remark,meta-instanceID,KEY,Edits\nx,uuid:{version},uuid:{root},1\n"


@pytest.mark.parametrize("export", [KOBO, CENTRAL])
def test_edited_submission_is_known_by_its_first_version(tmp_path, export):
    found = [
        row.submission
        for version in (UUID, OTHER)
        for row in from_table(csv_of(tmp_path, export.format(version=version, root=UUID)), FORM)
    ]

    assert found == [uuid.UUID(UUID)] * 2


def test_edited_submission_that_does_not_tell_its_first_version_is_refused(tmp_path):
    (first,) = from_table(csv_of(tmp_path, OLD_KOBO.format(version=UUID, before="")), FORM)
    (edited,) = from_table(csv_of(tmp_path, OLD_KOBO.format(version=OTHER, before=UUID)), FORM)

    assert (first.submission, first.wrong) == (uuid.UUID(UUID), None)
    assert edited.wrong is not None
    assert "does not say which was its first" in edited.wrong.en


@pytest.mark.parametrize(
    ("column", "word", "left_out"),
    [
        ("ReviewState", "rejected", True), ("ReviewState", "hasIssues", True),
        ("ReviewState", "approved", False), ("ReviewState", "edited", False),
        ("ReviewState", "", False), ("_validation_status", "Not Approved", True),
        ("_validation_status", "validation_status_not_approved", True),
        ("_validation_status", "On Hold", True), ("_validation_status", "Approved", False),
        ("_validation_status", "validation_status_approved", False),
        ("_validation_status", "", False),
    ],
)  # fmt: skip
def test_submission_its_reviewers_have_not_accepted_is_left_out(tmp_path, column, word, left_out):
    (found,) = from_table(csv_of(tmp_path, f"remark,{column}\nx,{word}\n"), FORM)

    assert found.left_out is left_out


@pytest.mark.parametrize("mark", ",;\t")
def test_quotes_doubled_delimiters_and_line_ends_inside_of_answers_are_read(tmp_path, mark):
    said = 'The sign says "closed"; why,\n"again"?'
    quoted = said.replace('"', '""')
    rows = [f'"remark"{mark}"environment"', f'"{quoted}"{mark}"bad"', f'"second"{mark}"good"']

    assert answers(csv_of(tmp_path, "\r\n".join(rows) + "\r\n")) == [
        {"remark": said, "environment": "bad"}, {"remark": "second", "environment": "good"},
    ]  # fmt: skip


def test_xlsx_export_is_read_as_it_shows(tmp_path):
    rows = [["remark", "environment", "_submission_time"],
            [53, "good", datetime(2026, 11, 20, 9)], ["0.5", "bad", ""]]  # fmt: skip
    formats = {(1, 0): "000000", (1, 2): "yyyy-mm-dd"}

    assert answers(xlsx_of(tmp_path, rows, formats)) == [
        {"remark": "000053", "environment": "good"}, {"remark": "0.5", "environment": "bad"},
    ]  # fmt: skip


def test_answer_that_became_a_date_or_an_error_is_refused_by_row(tmp_path):
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["remark", "environment", "_notes"])
        sheet.write_datetime(1, 0, datetime(2026, 5, 10), book.add_format({"num_format": "d-mmm"}))
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write(3, 1, "good")
        sheet.write_formula(3, 2, "=1/0", None, "#DIV/0!")

    found = list(from_table(path, FORM))

    said = [row.wrong.en if row.wrong else "" for row in found]
    assert "kept as a date" in said[0]
    assert "the error #DIV/0!" in said[1]
    assert (said[2], found[2].raw) == ("", {"environment": "good"})


def test_row_with_too_few_fields_is_refused_and_the_next_is_taken(tmp_path):
    found = list(from_table(csv_of(tmp_path, "remark,environment\nx\ny,good\n"), FORM))

    assert [row.wrong is None for row in found] == [False, True]


def submission(body: str, form: str = "satisfaction") -> io.BytesIO:
    return io.BytesIO(
        f'<data xmlns:orx="http://openrosa.org/xforms" id="{form}"><area>rural</area>{body}'
        f"<orx:meta><orx:instanceID>uuid:{UUID}</orx:instanceID></orx:meta></data>".encode()
    )


def test_odk_submission_is_read():
    row = from_submission(submission("<group><heard>yes</heard></group>"), SATISFACTION)

    assert (row.submission, row.raw) == (uuid.UUID(UUID), {"area": "rural", "heard": "yes"})


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (submission("", form="other"), "it answers the form 'other'"),
        (submission("<colour>red</colour>"), "the form does not ask colour"),
        (submission("<area>urban</area>"), "area is there twice"),
        (io.BytesIO(b"<!DOCTYPE d [<!ENTITY e 'x'>]><data id='satisfaction'>&e;</data>"), "XML"),
        (io.BytesIO(b"<data"), "is not XML"),
    ],
)
def test_submission_of_something_else_is_refused(file, said):
    with pytest.raises(NotCollected, match=said):
        from_submission(file, SATISFACTION)
