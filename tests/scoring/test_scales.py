"""Categories scaled to a maximum, points taken out within a scope, minima of items, grades."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.scoring.factories import category, clause, indicators
from tests.scoring.test_engines import canonical, same_everywhere

from shifan.applications.forms import fact_form
from shifan.rulebook.indicators import IndicatorSet
from shifan.scoring.account import Account
from shifan.scoring.evaluate import score
from shifan.scoring.moves import cheapest
from shifan.scoring.result import Verdict

TENTHS = {"kind": "linear", "low": 0, "full": 10}


def mark(name: str, **more: Any) -> dict[str, Any]:
    """A criterion with a mark of 0 to 10, worth ten points."""
    read = {"type": "number", "decimals": 1, "maximum": 10}
    return clause(name, 10, TENTHS, input=read, **more)


def out_of(within: str) -> dict[str, Any]:
    return {"not_applicable": {
        "when": {"zh": "无此情形"}, "treatment": "exclude", "within": within,
    }}  # fmt: skip


def award() -> IndicatorSet:
    """A park award: a desk assessment of 30 points and 27 criteria in the field, scaled to 70."""
    desk = category(*(mark(f"d{n}") for n in range(3)))
    field = category(*(mark(f"f{n}", **out_of("category")) for n in range(27)), id="2")
    field["scale"] = {"to": 70}
    return made(desk, field, apply_from=66)


def made(*parts: dict[str, Any], grades: Any = (), **more: Any) -> IndicatorSet:
    """The set of these categories, whose base is what they count for."""
    found = indicators(*parts, **more)
    worth = Decimal(sum(each.millipoints for each in found.categories)).scaleb(-3)
    plain = found.model_dump(mode="json", by_alias=True)
    return IndicatorSet.model_validate({**plain, "base_points": worth, "grades": grades})


def field(mark_: str, out: int = 0) -> dict[str, Any]:
    """Marks of the field: the same everywhere, so many criteria taken out."""
    return {f"f{n}": Decimal(mark_) for n in range(out, 27)} | {
        f"f{n}_not_applicable": True for n in range(out)
    }


DESK_24 = {"d0": Decimal(8), "d1": Decimal(8), "d2": Decimal(8)}
DESK_15 = {"d0": Decimal(5), "d1": Decimal(5), "d2": Decimal(5)}


def test_average_of_six_on_27_criteria_scaled_to_seventy_is_exactly_forty_two():
    result = score(award(), DESK_24 | field("6.0"))

    assert [part.won for part in result.categories] == [24_000, 42_000]
    assert (result.total, result.verdict) == (66_000, Verdict.REACHED)
    assert (result.available, result.base) == (100_000, 66_000)


def test_criteria_taken_out_within_their_category_leave_the_desk_as_it_is():
    marks = field("7.3", out=3) | {"f26": Decimal("8.1")}  # 176 of the 240 that are left

    result = score(award(), DESK_15 | marks)

    assert [part.won for part in result.categories] == [15_000, 51_333]
    assert (result.total, result.verdict) == (66_333, Verdict.REACHED)


@pytest.mark.parametrize(
    ("places", "won"), [(3, 23_333), (2, 23_330), (1, 23_300), (0, 23_000)]
)  # fmt: skip
def test_scale_is_rounded_once_to_the_places_the_book_says(places, won):
    part = category(mark("a"), mark("b"), mark("c"))
    part["scale"] = {"to": 35, "places": places}

    result = score(made(part), {"a": Decimal(10), "b": Decimal(10), "c": Decimal(0)})

    assert result.total == won


def two_items(within: str) -> IndicatorSet:
    """Items of 30 and 10 points; two clauses of the first may be taken out."""
    part = category(mark("a"), mark("b", **out_of(within)), mark("c", **out_of(within)))
    item = {"id": "1.2", "name": {"zh": "项"}, "clauses": [mark("d")]}
    part["items"].append(item)
    return made(part, category(mark("e"), id="2"))


@pytest.mark.parametrize(
    ("within", "items", "categories", "available"),
    [
        ("item", [15_000, 10_000], [25_000, 0], 50_000),
        ("category", [5_000, 10_000], [30_000, 0], 50_000),
        ("whole", [5_000, 10_000], [15_000, 0], 30_000),
    ],
)
def test_points_are_taken_out_within_the_scope_the_book_says(within, items, categories, available):
    stated = {"a": Decimal(5), "b_not_applicable": True, "c_not_applicable": True,
              "d": Decimal(10), "e": Decimal(0)}  # fmt: skip

    result = score(two_items(within), stated)

    assert [each.won for each in result.items] == [*items, 0]
    assert [each.won for each in result.categories] == categories
    assert result.available == available


def test_scope_of_which_nothing_is_left_takes_out_within_the_next_wider_one():
    part = category(mark("a", **out_of("item")))
    part["items"].append({"id": "1.2", "name": {"zh": "项"}, "clauses": [mark("b")]})
    found = made(part, category(mark("c"), id="2"))

    result = score(found, {"a_not_applicable": True, "b": Decimal(5), "c": Decimal(5)})

    assert [each.possible for each in result.items] == [0, 10_000, 10_000]
    assert [(each.won, each.possible) for each in result.categories] == [
        (10_000, 20_000), (5_000, 10_000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "verdict"), [("3.9", Verdict.BELOW_MINIMUM), ("4.0", Verdict.REACHED)]
)
def test_item_below_its_minimum_is_out_though_the_total_is_reached(value, verdict):
    part = category(mark("a"), mark("b"))
    part["items"][0]["minimum"] = 8
    part["items"].append({"id": "1.2", "name": {"zh": "项"}, "clauses": [mark("c")]})
    found = made(part, apply_from=10)

    assert score(found, {"a": Decimal(value), "b": Decimal(4), "c": Decimal(10)}).verdict is verdict
    assert score(found, {"a": Decimal(value), "c": Decimal(10)}).verdict is Verdict.INCOMPLETE


GRADES = [
    {"id": name, "name": {"zh": name}, "from": points}
    for name, points in (("gold", 9), ("silver", 7), ("bronze", 5))
]


@pytest.mark.parametrize(
    ("value", "grade"), [("9", "gold"), ("8.9", "silver"), ("7", "silver"), ("5", "bronze"),
                         ("4.9", "")],
)  # fmt: skip
def test_grade_is_the_best_that_the_total_reaches(value, grade):
    found = made(category(mark("a")), grades=GRADES)

    assert score(found, {"a": Decimal(value)}).grade == grade
    table = canonical(found, [{"a": Decimal(value)}])
    assert same_everywhere(found, table)["grade"].to_list() == [grade]
    said = Account.of(found, "U", {"a": Decimal(value)})
    assert said.as_json()["grade"] == grade
    assert ("等次" in said.explanation.summary.zh) is bool(grade)


def test_engines_give_the_award_to_the_same_point():
    stated = [DESK_24 | field("6.0"), DESK_15 | field("7.3", out=3), field("9.9", out=27), {}]

    scored = same_everywhere(award(), canonical(award(), stated))

    assert scored["total"].to_list()[0] == 66_000
    assert scored["available"].to_list() == [100_000, 100_000, 30_000, 100_000]


def test_what_is_left_out_of_all_scopes_leaves_no_base():
    found = made(category(mark("a", **out_of("item"))), category(mark("b"), id="2"))

    result = score(found, {"a_not_applicable": True, "b": Decimal(5)})

    assert (result.available, result.base) == (10_000, 10_000)


def test_cheapest_changes_close_the_gap_of_a_scaled_category():
    found, stated = award(), DESK_24 | field("5.8")
    moves = cheapest(found, score(found, stated))

    assert moves
    changed = stated | {move.clause.input.name: move.change.to for move in moves}
    assert score(found, changed).verdict is Verdict.REACHED


def test_account_says_what_a_scaled_category_counts_for():
    said = Account.of(award(), "U", DESK_24 | field("6.0", out=3)).explanation.summary

    assert "“类2”得 144.00/240.00 分，折算为 42.00/70.00 分" in said.zh
    assert "144.00 of 240.00 points in “类2” count as 42.00 of 70.00" in said.en


def judged(combine: str, rule: Any = None, least: int = 2, **read: Any) -> IndicatorSet:
    """A clause of ten points that three judges mark."""
    said = {"combine": combine, "most": 3, "least": least, "places": 1}
    read = {"type": "number", "decimals": 1, "maximum": 10} | read | {"statements": said}
    return made(category(clause("a", 10, rule or TENTHS, input=read)))


def marks(*values: Any) -> dict[str, Any]:
    return {f"a_{n}": value for n, value in enumerate(values, 1)}


@pytest.mark.parametrize(
    ("combine", "values", "won"),
    [
        ("mean", ("6", "7", "7"), 6_700),
        ("mean", ("6", "7"), 6_500),
        ("mean", ("6",), None),
        ("mean", ("6.1", "6.2"), 6_200),
        ("median", ("1", "9", "8"), 8_000),
        ("median", ("8.1", "8.2"), 8_200),
        ("lowest", ("6", "7", "9"), 6_000),
        ("highest", ("6", "7", "9"), 9_000),
        ("all_agree", ("7", "7", "7"), 7_000),
        ("all_agree", ("7", "7"), 7_000),
        ("all_agree", ("7", "7", "8"), None),
    ],
)
def test_statements_of_judges_are_combined_as_the_book_says_on_every_engine(combine, values, won):
    found, stated = judged(combine), marks(*map(Decimal, values))

    result = score(found, stated).clauses[0]

    assert (result.won if result.state == "scored" else None) == won
    assert same_everywhere(found, canonical(found, [stated]))["clause_a"].to_list() == [won]


@pytest.mark.parametrize(
    ("combine", "values", "won"),
    [("lowest", ("good", "poor"), 0), ("highest", ("good", "poor"), 10_000),
     ("all_agree", ("good", "fair"), None), ("all_agree", ("fair", "fair"), 5_000)],
)  # fmt: skip
def test_grades_of_judges_are_combined_by_their_order(combine, values, won):
    ranks = [{"id": id_, "text": {"zh": id_}, "points": points}
             for id_, points in (("good", 10), ("fair", 5), ("poor", 0))]  # fmt: skip
    said = {"combine": combine, "most": 3, "least": 2}
    found = made(category(clause("a", 10, {"kind": "graded", "grades": ranks},
                                 input={"type": "grade", "statements": said})))  # fmt: skip

    scored = same_everywhere(found, canonical(found, [marks(*values)]))

    assert scored["clause_a"].to_list() == [won]


def test_account_says_how_statements_were_combined_or_why_not():
    found = judged("mean")

    def said(**stated: Any) -> str:
        return Account.of(found, "U", stated).explanation.reasons[0].text.en

    assert said(**marks(Decimal(6), Decimal(7))).startswith("Of 2 (mean): 6.5 lies between")
    assert said(**marks(Decimal(6))).startswith("1 stated, which cannot be combined (at least 2")


def test_form_asks_for_each_statement(world):
    found = judged("mean")

    form = fact_form(found.clauses[0], world.cycle.measures.fact_sources[0], [])

    assert [(field.column.name, field.widget, field.label.en) for field in form.fields] == [
        ("a_1", "number", "No. 1"), ("a_2", "number", "No. 2"), ("a_3", "number", "No. 3"),
    ]  # fmt: skip
