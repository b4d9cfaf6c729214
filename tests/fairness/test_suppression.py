"""A reader with pencil and paper cannot get a hidden count back, totals included."""

from __future__ import annotations

from functools import cache
from itertools import product

import pytest

from shifan.fairness.suppression import one_way


def test_the_next_smallest_is_hidden_too():
    assert one_way({"a": 120, "b": 40, "c": 4}) == {"a": 120, "b": None, "c": None}
    assert one_way({"a": 120, "b": 40, "c": 10}) == {"a": 120, "b": 40, "c": 10}


def test_hidden_ones_that_sum_up_to_little_hide_another():
    assert one_way({"a": 99, "b": 30, "c": 1, "d": 2})["b"] is None


def test_a_zero_is_hidden_unless_there_is_nobody():
    assert one_way({"a": 50, "b": 40, "c": 0}) == {"a": 50, "b": None, "c": None}
    assert one_way({"a": 0, "b": 0}) == {"a": 0, "b": 0}


def _total(counts: tuple[int, ...], least: int) -> int | None:
    """The total as a reader may see it: none of so few."""
    return None if 0 < sum(counts) < least else sum(counts)


@cache
def pages(cells: int, largest: int, least: int) -> dict[tuple, list[tuple[int, ...]]]:
    """Every table of so many counts, under what a reader of it sees."""
    seen: dict[tuple, list[tuple[int, ...]]] = {}
    for counts in product(range(largest + 1), repeat=cells):
        named = {str(index): count for index, count in enumerate(counts)}
        page = (*one_way(named, least).values(), _total(counts, least))
        seen.setdefault(page, []).append(counts)
    return seen


@pytest.mark.parametrize(("cells", "least"), [(2, 3), (3, 3), (4, 3), (2, 4), (3, 4), (4, 4)])
def test_even_a_reader_who_knows_the_rule_cannot_derive_a_small_count(cells, least):
    """All tables that lead to the same page: each hidden place must hold two values among them."""
    largest = 3 * least
    for page, tables in pages(cells, largest, least).items():
        if max(max(table) for table in tables) == largest:
            continue  # larger ones, that we did not look at, may lead here as well
        for place in range(cells):
            if page[place] is None:
                assert len({table[place] for table in tables}) > 1, (page, tables)
