"""Forms in and out. What is not asked is refused by row and reason, never dropped.

Forms of pyxform's own tests (github.com/XLSForm/pyxform, folder tests) were tried by hand:
``example_xls/text_and_integer.xlsx``, ``example_xls/yes_or_no_question.xlsx`` and
``example_xls/extra_columns.xlsx`` are taken; ``example_xls/loop.xlsx`` is refused for or_other and
its loop (rows 2 to 5), ``bug_example_xls/duplicate_columns.xlsx`` for its second column ``label``,
``example_xls/pull_data.xlsx`` for its calculation and a label that quotes an answer.
``bug_example_xls/UCL_Biomass_Plot_Form.xlsx`` is refused for appearance, typographic quotes in a
condition, a pattern that could take for ever, and the times of start and end. What those refusals
rest on is built again below, without the files.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert
from tools.instruments import PROGRAMMES, SATISFACTION, SHIPPED

from shifan.rulebook.loader import load
from shifan.surveys.instrument.fit import misfits
from shifan.surveys.instrument.model import Choice, Instrument, Language, Question
from shifan.surveys.instrument.read import findings, read
from shifan.surveys.instrument.write import write

HEADS = ("type", "name", "label")
YES_NO = (("list_name", "name", "label"), ("yn", "yes", "是"), ("yn", "no", "否"))


def form(path: Path, survey: list[tuple[str, ...]], choices=YES_NO, more=None) -> Path:
    """An XLSForm of these rows; the first of each sheet is its headings."""
    book = xlsxwriter.Workbook(path / "form.xlsx")
    for name, rows in {"survey": survey, "choices": choices, **(more or {})}.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    book.close()
    return path / "form.xlsx"


def refusals(path: Path) -> list[str]:
    return [str(finding) for finding in findings(path)]


def test_plain_form_is_read(tmp_path):
    path = form(
        tmp_path,
        [
            (*HEADS, "required", "relevant"),
            ("select_one yn", "heard", "听说过吗？", "yes", ""),
            ("begin group", "more", "更多", "", "${heard} = 'yes'"),
            ("integer", "times", "几次？", "no", ""),
            ("end group", "", "", "", ""),
        ],
    )

    found = read(path)

    assert [(q.name, q.type, q.required) for q in found.all] == [
        ("heard", "select_one", True), ("more", "group", False), ("times", "integer", False),
    ]  # fmt: skip
    assert [c.name for c in found.asked[0].choices] == ["yes", "no"]
    assert (found.id, found.languages) == ("form", (Language(code="default", name="default"),))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("begin_repeat", "r", "重复"), "survey 2 type: begin_repeat: repeated groups"),
        (("calculate", "c", ""), "survey 2 type: calculate: nothing is calculated"),
        (("geopoint", "where", "位置"), "survey 2 type: geopoint: no position"),
        (("deviceid", "deviceid", ""), "survey 2 type: deviceid: no device"),
        (("start", "start", ""), "survey 2 type: start: the time of starting"),
        (("image", "p", "图"), "survey 2 type: image: no pictures"),
        (("select_one yn or_other", "o", "题"), "survey 2 type: or_other is not asked"),
        (("select_one none", "o", "题"), "survey 2 type: there is no list of choices none"),
        (("text", "1st", "题"), "survey 2 name: '1st' cannot name a question"),
        (("text", "", "题"), "survey 2 name: '' cannot name a question"),
        (("text", "t", ""), "survey 2 label::default: there is no label in default"),
        (("text", "t", "${t} 呢？"), "survey 2 label: a label cannot quote another answer"),
        (("text", "your_religion", "题"), "survey 2 label: asks who somebody is"),
        (("text", "t", "您的民族？"), "survey 2 label: asks who somebody is"),
        (("end group", "", ""), "survey 2 type: no group is open"),
        (("begin group", "g", "组"), "survey 2 type: the group has no end"),
    ],
)
def test_what_is_not_asked_is_refused_by_row_and_reason(tmp_path, row, said):
    found = refusals(form(tmp_path, [HEADS, row]))

    assert found
    assert found[0].startswith(said)


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("appearance", "minimal", "survey 2 appearance: the column appearance is not supported"),
        ("choice_filter", "a=1", "survey 2 choice_filter: the column choice_filter is not"),
        ("default", "yes", "survey 2 default: the column default is not supported"),
        ("required", "${a} = 1", "survey 2 required: required is yes or no"),
        ("relevant", "${gone} = 1", "survey 2 relevant: there is no question gone"),
        ("relevant", "pulldata('a')", "survey 2 relevant: cannot be read: unknown function"),
        ("relevant", "position(..) = 1", "survey 2 relevant: cannot be read"),
        ("relevant", "/data/x = 1", "survey 2 relevant: '/' is not supported"),
        ("relevant", "${q} = ‘1’", "survey 2 relevant: cannot be read"),
        ("constraint", "regex(., '(a+)+b')", "survey 2 constraint: the pattern"),
        ("constraint", "regex(., '(a|a)*b')", "survey 2 constraint: the pattern"),
        ("constraint", "regex(., '(a+b?)+c')", "survey 2 constraint: the pattern"),
        ("constraint", "regex(., 'a*a*a*a*b')", "survey 2 constraint: the pattern"),
    ],
)
def test_columns_and_conditions_not_supported_are_refused(tmp_path, column, cell, said):
    found = refusals(form(tmp_path, [(*HEADS, column), ("text", "q", "题", cell)]))

    assert found
    assert found[0].startswith(said)


def test_empty_columns_of_a_template_are_no_reason_to_refuse(tmp_path):
    rows = [(*HEADS, "appearance", "media::image"), ("text", "q", "题", "", "")]

    assert refusals(form(tmp_path, rows)) == []


def test_conditions_that_run_in_a_circle_are_refused_with_the_way_round(tmp_path):
    rows = [
        (*HEADS, "relevant"),
        ("text", "a", "甲", "${c} = '1'"),
        ("text", "b", "乙", "${a} = '1'"),
        ("text", "c", "丙", "${b} = '1'"),
    ]

    assert refusals(form(tmp_path, rows)) == [
        "survey 2 relevant: the conditions run in a circle: a → c → b → a"
    ]


def test_group_that_depends_on_what_it_holds_is_a_circle(tmp_path):
    rows = [
        (*HEADS, "relevant"),
        ("begin group", "g", "组", "${a} = '1'"),
        ("text", "a", "甲", ""),
        ("end group", "", "", ""),
    ]

    assert "a circle: g → a → g" in refusals(form(tmp_path, rows))[0]


def test_names_used_twice_and_choices_used_twice_are_refused(tmp_path):
    choices = (*YES_NO, ("yn", "yes", "对"))
    rows = [HEADS, ("text", "a", "甲"), ("select_one yn", "a", "乙")]

    assert refusals(form(tmp_path, rows, choices)) == [
        "choices 4 name: the choice yes is there twice",
        "survey 3 name: the name a is used in row 2 already",
    ]


def test_every_language_needs_every_label(tmp_path):
    rows = [
        ("type", "name", "label::中文 (zh)", "label::English (en)"),
        ("text", "a", "甲", "A"),
        ("text", "b", "乙", ""),
    ]

    assert refusals(form(tmp_path, rows, choices=())) == [
        "survey 3 label::English: there is no label in English"
    ]


def test_other_sheets_and_settings_are_refused_not_ignored(tmp_path):
    more = {
        "entities": [("dataset",), ("people",)],
        "_notes": [("anything",), ("goes",)],
        "settings": [("form_title", "instance_name"), ("题", "concat(${a})")],
    }

    assert refusals(form(tmp_path, [HEADS, ("text", "a", "甲")], more=more)) == [
        "entities: this sheet is not read: remove it",
        "settings 2 instance_name: the column instance_name is not supported",
    ]


def test_files_that_are_no_form_get_a_sentence(tmp_path):
    for name, content, said in (
        ("text.xlsx", b"hello", "the workbook is damaged"),
        ("old.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "is an old .xls: save it as .xlsx"),
        ("big.xlsx", bytes(2_000_001), "the file is larger than 2 MB"),
        ("empty.xlsx", b"", "the workbook is damaged"),
    ):
        (tmp_path / name).write_bytes(content)
        assert said in refusals(tmp_path / name)[0]


def test_bomb_is_not_unpacked(tmp_path):
    path = form(tmp_path, [HEADS, ("text", "a", "甲")])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet9.xml", bytes(40_000_000))

    assert "would unpack to" in refusals(path)[0]


def test_shipped_forms_are_what_their_source_says_and_fit_their_surveys():
    for name, instrument in SHIPPED.items():
        path = PROGRAMMES / name
        assert path.read_bytes() == write(instrument)
        assert read(path) == instrument
        convert(str(path), file_type=".xlsx", validate=False)
    survey = load("neac/2020").measures.survey("satisfaction")
    assert misfits(survey, SATISFACTION) == ()


def test_form_that_lacks_what_the_survey_needs_is_said_to():
    survey = load("neac/2020").measures.survey("satisfaction")
    scale = tuple(c for c in SATISFACTION.question("effect").choices if c.name != "cannot_say")
    changed = tuple(
        question.model_copy(
            update={
                "effect": {"choices": scale}, "area": {"required": False},
            }.get(question.name, {})
        )
        for question in SATISFACTION.questions
        if question.name not in ("livelihood", "heard", "heard_from")
    )  # fmt: skip

    languages = SATISFACTION.languages
    found = misfits(survey, Instrument(id="f", title="f", languages=languages, questions=changed))

    assert [text.en for text in found] == [
        "The form must ask a select_one question livelihood.",
        "The question effect lacks the choice cannot_say.",
        "The question area places answers in strata: it must always be asked and required.",
        "Rule contradiction looks at heard, which the form does not ask.",
    ]


WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=12
).map(lambda t: " ".join(t.split())).filter(
    lambda t: t and "${" not in t and t.lower() not in ("true", "false")
)  # fmt: skip


@st.composite
def instruments(draw):
    languages = draw(
        st.sampled_from(
            [
                (Language(code="default", name="default"),),
                (Language(code="zh", name="中文"), Language(code="en", name="English")),
                (Language(code="Tibetan", name="Tibetan"),),
            ]
        )
    )

    def labels():
        return {language.code: draw(WORDS) for language in languages}

    def question(name, depth=0):
        kinds = ["select_one", "select_multiple", "integer", "decimal", "text", "note"]
        kind = draw(st.sampled_from(kinds + (["group"] if depth < 2 else [])))
        if kind == "group":
            size = draw(st.integers(1, 2))
            inside = tuple(question(f"{name}_{i}", depth + 1) for i in range(size))
            return Question(name=name, type=kind, label=labels(), questions=inside)
        chosen = ()
        if kind.startswith("select"):
            chosen = tuple(
                Choice(name=f"c{i}", label=labels()) for i in range(draw(st.integers(1, 3)))
            )
        return Question(
            name=name, type=kind, label=labels(), choices=chosen,
            hint=labels() if draw(st.booleans()) else {},
            required=kind != "note" and draw(st.booleans()),
            constraint=". != 'x'" if kind == "text" and draw(st.booleans()) else "",
        )  # fmt: skip

    questions = tuple(question(f"q{i}") for i in range(draw(st.integers(1, 3))))
    return Instrument(id="f", version="1", title="t", languages=languages, questions=questions)


@given(instruments())
@settings(max_examples=60, deadline=None)
def test_form_written_and_read_back_is_the_same_form(tmp_path_factory, made):
    path = tmp_path_factory.mktemp("form") / "f.xlsx"
    path.write_bytes(write(made))

    assert refusals(path) == []
    assert read(path) == made
    assert Instrument.model_validate(made.model_dump(mode="json")).digest == made.digest
