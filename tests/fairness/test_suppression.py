"""A reader with pencil and paper cannot get a hidden count back, totals included."""

from __future__ import annotations

from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shifan.fairness.bounds import derivable
from shifan.fairness.suppression import one_way, total_shown, two_way


def test_the_next_smallest_is_hidden_too():
    assert one_way({"a": 120, "b": 40, "c": 4}) == {"a": 120, "b": None, "c": None}
    assert one_way({"a": 120, "b": 40, "c": 10}) == {"a": 120, "b": 40, "c": 10}


def test_hidden_ones_that_sum_up_to_little_hide_another():
    assert one_way({"a": 99, "b": 30, "c": 1, "d": 2})["b"] is None


def test_a_zero_is_hidden_unless_there_is_nobody():
    assert one_way({"a": 50, "b": 40, "c": 0}) == {"a": 50, "b": None, "c": None}
    assert one_way({"a": 0, "b": 0}) == {"a": 0, "b": 0}
    assert (total_shown({"a": 5, "b": 4}), total_shown({"a": 5, "b": 5})) == (None, 10)


@cache
def pages(cells: int, largest: int, least: int) -> dict[tuple, list[tuple[int, ...]]]:
    """Every table of so many counts, under what a reader of it sees."""
    seen: dict[tuple, list[tuple[int, ...]]] = {}
    for counts in product(range(largest + 1), repeat=cells):
        named = {str(index): count for index, count in enumerate(counts)}
        page = (*one_way(named, least).values(), total_shown(named, least))
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


# --- rows and columns -----------------------------------------------------------------------------


@st.composite
def tables(draw: st.DrawFn, largest: int = 40, rows: int = 4, columns: int = 4) -> dict:
    names = product("abcd"[: draw(st.integers(1, rows))], "wxyz"[: draw(st.integers(1, columns))])
    return {place: draw(st.integers(0, largest)) for place in names}


@settings(max_examples=60, deadline=None)
@given(tables())
def test_no_small_count_is_shown_and_the_audit_finds_nothing(table):
    page = two_way(table)
    shown = {cell for cell, count in page.items() if count is not None}
    assert derivable(table, shown, width=9) == []
    for (row, column), count in page.items():
        assert count in (None, table[row, column])
        filled = any(table[row, c] for r, c in table if r == row) and any(
            table[r, column] for r, c in table if c == column
        )
        assert not (filled and count is not None and count < 10)


small = tables(largest=6, rows=2, columns=3) | tables(largest=2, rows=3, columns=3)


def possible(table: dict, page: dict) -> list[dict]:
    """Every table of whole numbers with the same shown cells, row totals and column totals."""
    rows, columns = sorted({r for r, _ in table}), sorted({c for _, c in table})
    left = {r: sum(table[r, c] for c in columns if page[r, c] is None) for r in rows}
    wanted = {c: sum(table[r, c] for r in rows if page[r, c] is None) for c in columns}
    hidden = [place for place, count in page.items() if count is None]
    found: list[dict] = []

    def fill(index: int, made: dict) -> None:
        if index == len(hidden):
            if not any(left.values()) and not any(wanted.values()):
                found.append(dict(made))
            return
        row, column = hidden[index]
        for value in range(min(left[row], wanted[column]) + 1):
            made[row, column] = value
            left[row] -= value
            wanted[column] -= value
            fill(index + 1, made)
            left[row] += value
            wanted[column] += value

    fill(0, {})
    return found


@settings(max_examples=40, deadline=None)
@given(small)
def test_brute_force_bounds_no_hidden_cell_more_tightly_than_promised(table):
    page = two_way(table, least=4)
    worlds, free = possible(table, page), possible(table, dict.fromkeys(table))
    for place in (place for place, count in page.items() if count is None):
        values = [world[place] for world in worlds]
        room = [world[place] for world in free]
        assert max(values) - min(values) >= min(3, max(room) - min(room))


@settings(max_examples=40, deadline=None)
@given(small, st.data())
def test_the_audit_agrees_with_brute_force_whatever_is_shown(table, data):
    shown = data.draw(st.sets(st.sampled_from(sorted(table))))
    page = {place: count if place in shown else None for place, count in table.items()}
    worlds, free = possible(table, page), possible(table, dict.fromkeys(table))

    def spread(tables_: list[dict], place: tuple) -> int:
        values = [world[place] for world in tables_]
        return max(values) - min(values)

    assert derivable(table, shown, width=3) == [
        place
        for place in table
        if place not in shown and spread(worlds, place) < min(3, spread(free, place))
    ]
