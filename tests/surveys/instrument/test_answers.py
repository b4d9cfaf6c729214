"""Whether answers fit the form."""

from __future__ import annotations

import pytest
from tools.instruments import SATISFACTION

from shifan.surveys.instrument import expressions
from shifan.surveys.instrument.answers import Checker
from shifan.surveys.instrument.model import Choice, Instrument, Language, Question

WHOLE = {
    "area": "urban", "age_band": "30_44", "environment": "satisfied", "livelihood": "neutral",
    "effect": "cannot_say", "heard": "no",
}  # fmt: skip
UUID = "11111111-2222-4333-8444-555555555555"


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(SATISFACTION)


def small(*questions: Question) -> Checker:
    language = Language(code="zh", name="中文")
    return Checker(Instrument(id="f", title="f", languages=(language,), questions=questions))


def test_whole_answer_is_kept_in_the_form_s_words(checker):
    found = checker.check(WHOLE | {"heard": "yes", "heard_from": ["work", "community"]})

    assert (found.problems, found.values) == (
        {}, WHOLE | {"heard": "yes", "heard_from": "community work"},
    )  # fmt: skip


def test_answer_to_a_question_that_is_not_relevant_is_left_out(checker):
    found = checker.check(WHOLE | {"heard_from": ["work"]})

    assert (found.problems, found.values) == ({}, WHOLE)


def test_what_is_wrong_is_said_question_by_question(checker):
    given = WHOLE | {
        "area": "moon", "age_band": "", "improve": ["work", "schools", "culture", "medical"],
        "heard": ["yes", "no"], "identity": "x",
    }  # fmt: skip

    problems = checker.check(given).problems

    assert {name: problem.kind for name, problem in problems.items()} == {
        "area": "choice", "age_band": "required", "improve": "constraint", "heard": "choice",
        "identity": "unknown",
    }  # fmt: skip
    assert problems["improve"].text.en == "Please choose three at most."


@pytest.mark.parametrize(
    ("type_", "given", "kept"),
    [
        ("integer", "４２", "42"), ("integer", "-7", "-7"), ("integer", "1e3", "1000"),
        ("integer", "4.0", "4"), ("decimal", "4.50", "4.5"), ("decimal", "1E-3", "0.001"),
        ("text", " 好 ", "好"),
    ],
)  # fmt: skip
def test_numbers_and_texts_are_kept_exactly(type_, given, kept):
    found = small(Question(name="q", type=type_)).check({"q": given})

    assert (found.problems, found.values) == ({}, {"q": kept})


@pytest.mark.parametrize(
    ("type_", "given", "kind"),
    [
        ("integer", "4.5", "number"), ("integer", "many", "number"), ("integer", "nan", "number"),
        ("integer", "1e400", "number"), ("integer", "9" * 41, "number"),
        ("integer", "1_000", "number"), ("decimal", "inf", "number"),
        ("decimal", "0E-99999999999", "number"), ("decimal", "1E-5000000", "number"),
        ("integer", "0E99999999999", "number"), ("text", "a\x00", "text"),
        ("text", "x" * 1001, "text"), ("text", "\ud800", "text"),
    ],
)  # fmt: skip
def test_numbers_and_texts_that_cannot_be_kept_are_refused(type_, given, kind):
    found = small(Question(name="q", type=type_)).check({"q": given})

    assert (found.problems["q"].kind, found.values) == (kind, {})


def test_relevance_follows_the_chain_and_groups():
    one = Choice(name="1", label={})
    checker = small(
        Question(name="c", type="text", relevant="${b} = '1'"),
        Question(name="b", type="select_one", choices=(one,), relevant="${a} = '1'"),
        Question(name="a", type="select_one", choices=(one,)),
        Question(
            name="g", type="group", relevant="${c} != ''",
            questions=(Question(name="d", type="text", required=True),),
        ),
    )  # fmt: skip

    assert checker.check({"c": "x", "b": "1"}).values == {}
    assert checker.check({"c": "x", "b": "1", "a": "1"}).problems.keys() == {"d"}


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ("${a} = '1'", True), ("${a} = 1", True), ("${a} + 1 = 2", True), ("${n} = ''", True),
        ("${n} > 0", False), ("not(${n} > 0)", True), ("selected(${m}, 'y')", True),
        ("selected(${m}, 'z')", False), ("count-selected(${m}) = 2", True),
        ("${a} = '1' and (${n} = 'q' or true())", True), ("if(${a} = 1, 'p', 'q') = 'p'", True),
        ("coalesce(${n}, ${a}) = '1'", True), ("string-length(${m}) = 3", True),
        ("regex(${a}, '[0-9]')", True), ("7 mod 4 = 3 and 7 div 2 = 3.5", True),
        ("${a} div 0 = 1", False), ("-${a} < 0", True), ("number(${m}) = 1", False),
    ],
)  # fmt: skip
def test_conditions_mean_what_xforms_says(written, holds):
    answers = {"a": "1", "m": "x y"}

    assert expressions.compile(written).holds(answers) is holds
