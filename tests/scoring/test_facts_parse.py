"""Values as people write them, read exactly or refused with a sentence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.scoring.factories import clause, indicators, one, veto

from shifan.scoring.facts import (
    LARGEST,
    BadValue,
    Column,
    parse,
    plain,
    provision_columns,
    table_columns,
)

NUMBER = Column("n", "number", "1", decimals=2, maximum=Decimal(5000))
SIGNED = Column("n", "number", "1", decimals=2, minimum=Decimal(-5000))
WHOLE = Column("n", "number", "1")
BOOLEAN = Column("b", "boolean", "1")
GRADE = Column("g", "grade", "1", grades=("good", "fair"))
COLUMNS = (NUMBER, SIGNED, WHOLE, BOOLEAN, GRADE)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.type)
@pytest.mark.parametrize("raw", [None, "", " ", "　", "\t\n", "\xa0"])
def test_nothing_written_is_nothing_stated(column: Column, raw: Any) -> None:
    assert parse(column, raw) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("85", "85"),
        (" 85 ", "85"),
        ("８５", "85"),
        ("８５．５", "85.5"),
        ("85%", "85"),
        ("８５％", "85"),
        ("85 ％", "85"),
        ("+85", "85"),
        ("0085", "85"),
        ("1,234", "1234"),
        ("1,234.56", "1234.56"),
        ("１，２３４．５", "1234.5"),
        ("1.10", "1.1"),
        ("2.000000", "2"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1e3", "1000"),
        ("1E+3", "1000"),
        ("5e-1", "0.5"),
        (7, "7"),
        (0.1, "0.1"),
        (85.0, "85"),
        (Decimal("85.50"), "85.5"),
        (Decimal("1E+3"), "1000"),
    ],
)
def test_number_is_read_exactly_as_people_write_it(raw: Any, expected: str) -> None:
    value = parse(NUMBER, raw)

    assert isinstance(value, Decimal)
    assert str(value) == expected


@pytest.mark.parametrize("raw", ["-0", "-0.00", "－０", -0.0, Decimal("-0")])
def test_negative_zero_is_zero(raw: Any) -> None:
    assert str(parse(SIGNED, raw)) == "0"


@pytest.mark.parametrize("raw", ["-12.5", "－１２．５", -12.5])
def test_negative_number_is_read_where_the_input_allows_it(raw: Any) -> None:
    assert parse(SIGNED, raw) == Decimal("-12.5")


@pytest.mark.parametrize(
    "raw",
    [
        "NaN", "nan", "sNaN", "-NaN", "NaN123", "Infinity", "-inf", "∞", "1_000", "1__0", "_1",
        "١٢", "१२", "Ⅷ", "八十五", "5²", "①", "½", "𝟙𝟚", "0x10", "1,23", "1234,567", "0,123",
        "1,,234", ",123", "1,234,", "1,234.5,6", "1,1e5", "1,_00", "85%%", "%85", "%", "+", "-",
        ".", "e5", "--5", "5-", "- 5", "5 0", "1e400", "1e-400", "1e999999999", "1e-999999999",
        "9" * 41, "1" * 100_000, "五", "=1+1", "85分", float("nan"), float("inf"), -float("inf"),
        True, False, [1], (1,), {"a": 1}, b"85", 1j,
    ],
    ids=lambda raw: repr(raw)[:20],
)  # fmt: skip
def test_other_writing_is_not_a_number(raw: Any) -> None:
    with pytest.raises(BadValue, match=r"is not a number$"):
        parse(NUMBER, raw)


@pytest.mark.parametrize(
    "raw", [10**19, -(10**19), 10**5000], ids=["19 digits", "negative", "5000 digits"]
)
def test_huge_whole_number_is_refused(raw: int) -> None:
    for column in COLUMNS:
        with pytest.raises(BadValue, match=r"^the number is too large$"):
            parse(column, raw)


@pytest.mark.parametrize(
    ("column", "raw", "zh", "en"),
    [
        (NUMBER, "abc", "“abc”不是数字", "'abc' is not a number"),
        (NUMBER, "ａbc", "“abc”不是数字", "'abc' is not a number"),
        (NUMBER, "-1", "-1 不在 0 至 5000 之间", "-1 is not between 0 and 5000"),
        (NUMBER, "5000.01", "5000.01 不在 0 至 5000 之间", "5000.01 is not between 0 and 5000"),
        (NUMBER, "1e6", "1000000 不在 0 至 5000 之间", "1000000 is not between 0 and 5000"),
        (NUMBER, "1.005", "1.005 的小数位数超过 2 位", "1.005 has more than 2 decimal places"),
        (NUMBER, 5e-17, "0.00000000000000005 的小数位数超过 2 位",
         "0.00000000000000005 has more than 2 decimal places"),
        (WHOLE, "1.5", "1.5 的小数位数超过 0 位", "1.5 has more than 0 decimal places"),
        (BOOLEAN, "maybe", "“maybe”不是“是”或“否”", "'maybe' is neither yes nor no"),
        (BOOLEAN, 2, "“2”不是“是”或“否”", "'2' is neither yes nor no"),
        (GRADE, "best", "“best”不是可选等级（good、fair）",
         "'best' is not one of the grades good, fair"),
        (NUMBER, "a" * 41, f"“{'a' * 37}…”不是数字", f"'{'a' * 37}…' is not a number"),
        (NUMBER, "a" * 40, f"“{'a' * 40}”不是数字", f"'{'a' * 40}' is not a number"),
        (NUMBER, "\ud800", "“?”不是数字", "'?' is not a number"),
    ],
)  # fmt: skip
def test_refusal_says_why_in_both_languages(column: Column, raw: Any, zh: str, en: str) -> None:
    with pytest.raises(BadValue) as refused:
        parse(column, raw)

    assert (refused.value.text.zh, refused.value.text.en) == (zh, en)
    assert str(refused.value) == en


@pytest.mark.parametrize("raw", ["0", "5000", "5000.00"])
def test_number_may_be_as_low_or_high_as_its_bounds(raw: str) -> None:
    assert parse(NUMBER, raw) == Decimal(raw)


def test_number_without_a_maximum_stops_at_the_largest_fact() -> None:
    assert parse(WHOLE, "1,000,000,000") == LARGEST
    with pytest.raises(BadValue, match="1000000001 is not between 0 and 1000000000"):
        parse(WHOLE, "1000000001")


@pytest.mark.parametrize(
    "raw",
    [True, 1, 1.0, Decimal(1), "true", "TRUE", "Yes", "y", "Y", "1", "１", "是", "有", "√", "✓",
     "对", " 是 ", "ＹＥＳ"],
)  # fmt: skip
def test_yes_is_read_in_many_forms(raw: Any) -> None:
    assert parse(BOOLEAN, raw) is True


@pytest.mark.parametrize(
    "raw",
    [False, 0, 0.0, Decimal(0), "false", "FALSE", "No", "n", "0", "０", "否", "无", "×", "✗",
     "没有", "　否"],
)  # fmt: skip
def test_no_is_read_in_many_forms(raw: Any) -> None:
    assert parse(BOOLEAN, raw) is False


@pytest.mark.parametrize("raw", ["不是", "是是", "是否", "2", "-1", "t", "真", "nil", [], {}])
def test_other_words_are_neither_yes_nor_no(raw: Any) -> None:
    with pytest.raises(BadValue, match=r"is neither yes nor no$"):
        parse(BOOLEAN, raw)


@pytest.mark.parametrize("raw", ["good", "Good", " GOOD ", "ｇｏｏｄ"])
def test_grade_is_read_in_any_case(raw: str) -> None:
    assert parse(GRADE, raw) == "good"


anything = st.one_of(
    st.text(),
    st.text(alphabet="0123456789０９.．,，+-eE%％_ 是否", max_size=45),
    st.text(alphabet=st.characters(min_codepoint=0, max_codepoint=0x10FFFF)),
    st.floats(),
    st.integers(),
    st.decimals(),
    st.booleans(),
    st.binary(),
)


@given(st.sampled_from(COLUMNS), anything)
@example(NUMBER, "1e-999999999999")
@example(BOOLEAN, "\udfff")
@example(GRADE, 10**10_000)
def test_parse_gives_a_value_of_the_column_or_refuses(column: Column, raw: Any) -> None:
    try:
        value = parse(column, raw)
    except BadValue as refused:
        assert len(refused.text.zh) < 200
        return

    if column.type == "number" and value is not None:
        assert isinstance(value, Decimal)
        assert column.minimum <= value <= column.maximum
        assert value == round(value, column.decimals)
        assert parse(column, plain(value)) == value
    else:
        assert value in {"boolean": (None, True, False)}.get(column.type, (None, *column.grades))


@given(st.decimals(min_value=-5000, max_value=5000, places=2))
def test_every_number_reads_back_as_written(value: Decimal) -> None:
    assert parse(SIGNED, f"{value:,}") == value
    assert parse(SIGNED, float(value)) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1E+2", "100"), ("81.50", "81.5"), ("100", "100"), ("0.000", "0"), ("-3.10", "-3.1")],
)
def test_plain_writes_numbers_as_people_do(value: str, expected: str) -> None:
    assert plain(Decimal(value)) == expected


# --- columns ----------------------------------------------------------------------------------

PARTS = [{"id": "x", "text": {"zh": "甲"}}, {"id": "y", "text": {"zh": "乙"}}]
SURVEY = {"kind": "satisfaction", "zero_at": 60, "full_at": 90, "minimum_sample": 100}


def test_columns_follow_the_provisions_with_their_roles() -> None:
    found = indicators(
        clause("a", excuse="exclude"),
        clause("b", 1, {"kind": "checklist", "parts": PARTS}),
        clause("c", 1, SURVEY, input={"decimals": 1}),
        vetoes=(veto("v"),),
    )

    assert table_columns(found) == (
        Column("a", "boolean", "a"),
        Column("a_not_applicable", "boolean", "a", "not_applicable"),
        Column("b_x", "boolean", "b", "part"),
        Column("b_y", "boolean", "b", "part"),
        Column("c", "number", "c", "value", 1, Decimal(0), Decimal(100)),
        Column("c_sample", "number", "c", "sample", 0, Decimal(0), LARGEST),
        Column("v", "boolean", "v"),
    )


@pytest.mark.parametrize(
    ("read", "low", "high"),
    [
        ({"type": "percent"}, 0, 100),
        ({"type": "percent", "maximum": 80}, 0, 80),
        ({"type": "percent", "maximum": 120}, 0, 100),
        ({"type": "number"}, 0, LARGEST),
        ({"type": "number", "minimum": -5, "maximum": 5}, -5, 5),
        ({"type": "count", "maximum": 10**12}, 0, LARGEST),
    ],
)
def test_number_column_is_bounded_by_its_input(read: dict[str, Any], low: int, high: int) -> None:
    (column,) = provision_columns(one({"kind": "linear", "low": 0, "full": 1}, **read))

    assert (column.minimum, column.maximum) == (low, high)


def test_grade_column_lists_its_grades_best_first() -> None:
    grades = [
        {"id": "good", "text": {"zh": "好"}, "points": 2},
        {"id": "fair", "text": {"zh": "中"}, "points": 1},
    ]

    (column,) = provision_columns(one({"kind": "graded", "grades": grades}))

    assert column == Column("fact", "grade", "fact", grades=("good", "fair"))
