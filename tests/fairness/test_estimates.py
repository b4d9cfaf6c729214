"""Estimates agree with published examples and with independent implementations."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
import svy
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shifan.fairness.figure import figure
from shifan.fairness.means import Stratum, stratified_mean
from shifan.fairness.sampling import Cell, Unreached, estimate, merged

CONFIDENCE = Decimal("0.95")

# --- published examples ---------------------------------------------------------------------------


def sums(population: int, n: int, mean: str, variance: str) -> Stratum:
    """A stratum as textbooks print it: its mean and s², every answer weighing 1."""
    total = n * Fraction(mean)
    squares = (n - 1) * Fraction(variance) + total * Fraction(mean)
    return Stratum(population, n, Fraction(n), Fraction(n), total, total, squares)


def test_census_of_agriculture_in_lohr_chapter_3():
    """S. L. Lohr, Sampling: Design and Analysis, chapter 3: acres of farms, 300 counties."""
    strata = [
        sums(220, 21, "97629.8", "7647472708"),
        sums(1054, 103, "300504.2", "29618183543"),
        sums(1382, 135, "211315.0", "53587487856"),
        sums(422, 41, "662295.5", "396185950266"),
    ]
    mean = stratified_mean(strata)
    assert abs(3078 * mean.value - 909_736_034) < 200  # the means are printed with one decimal
    assert abs(3078 * math.sqrt(mean.variance) - 50_417_248) < 200


def test_learned_societies_in_lohr_chapter_3():
    """Lohr, the ACLS survey: share of women, printed as 0.2465 with a standard error of 0.0071."""
    societies = [
        (9100, 636, ".38"),
        (1950, 451, ".27"),
        (5500, 481, ".18"),
        (10850, 611, ".19"),
        (2100, 493, ".36"),
        (5500, 575, ".13"),
        (9000, 588, ".26"),
    ]
    strata = [
        sums(size, n, p, str(Fraction(n, n - 1) * Fraction(p) * (1 - Fraction(p))))
        for size, n, p in societies
    ]
    mean = stratified_mean(strata)
    assert round(float(mean.value), 4) == 0.2465
    assert round(math.sqrt(mean.variance), 4) == 0.0071


# --- cases by hand --------------------------------------------------------------------------------


def test_without_populations_all_answers_are_one_stratum():
    found = estimate([Cell("a", 1000, 6, 5), Cell("b", 1000, 4, 3)], {"a": 100}, CONFIDENCE)
    assert (found.n, found.share, found.covered) == (10, Decimal("80.000"), None)
    assert found.standard_error == Decimal("13.333")  # √(0.8 · 0.2 / 9)
    assert (found.effective, found.design_effect) == (Decimal("9.0"), Decimal("1.111"))
    assert [row.stratum for row in found.strata] == [""]


def test_unreached_strata_are_listed_and_not_guessed():
    cells = [Cell("a", 1000, 10, 5), Cell("b", 1000, 10, 10), Cell("c", 0, 5, 5)]
    found = estimate(cells, {"a": 100, "b": 300, "c": 100, "d": 0}, CONFIDENCE)
    assert found.share == Decimal("87.500")
    assert found.unreached == (Unreached("c", 100, Decimal("20.000")),)
    assert (found.covered, found.n) == (Decimal("80.000"), 20)


def test_all_of_one_mind_still_has_an_interval():
    found = estimate([Cell("a", 1000, 10, 10)], {}, CONFIDENCE)
    assert (found.low, found.high) == (Decimal("72.247"), Decimal("100.000"))
    assert found.effective == Decimal("10.0")


def test_everybody_answered_leaves_no_error():
    found = estimate([Cell("a", 1000, 10, 8)], {"a": 10}, CONFIDENCE)
    assert found.low == found.high == found.share == Decimal("80.000")


def test_no_answer_is_no_estimate():
    found = estimate([Cell("a", 0, 10, 8)], {"a": 20}, CONFIDENCE)
    assert (found.n, found.share, found.low, found.strata) == (0, None, None, ())
    assert figure(found, "point", 1) is None


def test_population_below_its_answers_is_not_weighed_to():
    cells = [Cell("东城", 1000, 10, 8), Cell("西城", 1000, 10, 2)]
    found = estimate(cells, {"东城": 9, "西城": 1000}, CONFIDENCE)
    assert (found.share, found.covered) == (Decimal("50.000"), None)


def test_figure_is_the_point_or_the_lower_bound():
    found = estimate([Cell("a", 1000, 400, 333)], {}, CONFIDENCE)
    assert (found.share, found.low) == (Decimal("83.250"), Decimal("79.273"))
    assert figure(found, "point", 1) == Decimal("83.3")
    assert figure(found, "lower_bound", 1) == Decimal("79.3")


# --- merging --------------------------------------------------------------------------------------


def test_small_strata_join_the_next_and_the_last_the_one_before():
    cells = [Cell("a", 1000, 4, 1), Cell("b", 1000, 30, 9), Cell("d", 1000, 12, 6),
             Cell("e", 1000, 3, 3)]  # fmt: skip

    made, populations = merged(cells, {"a": 100, "b": 200, "d": 60, "e": 40}, 10)

    assert populations == {"a+b": 300, "d+e": 100}
    assert [cell.stratum for cell in made] == ["a+b", "a+b", "d+e", "d+e"]
    assert sum(cell.answers for cell in made) == sum(cell.answers for cell in cells)


def test_stratum_without_an_answer_is_not_guessed_from_its_neighbour():
    cells = [Cell("b", 1000, 100, 80), Cell("c", 1000, 100, 40)]
    people = {"a": 50_000, "b": 10_000, "c": 10_000}

    made, populations = merged(cells, people, 10)
    found = estimate(made, populations, CONFIDENCE)

    assert (made, populations) == (cells, people)
    assert (found.share, found.covered) == (Decimal("60.000"), Decimal("28.571"))


def test_small_weight_makes_a_stratum_small():
    cells = [Cell("a", 1000, 50, 5), Cell("a", 500, 4, 2), Cell("b", 1000, 30, 9),
             Cell("b", 500, 8, 1), Cell("c", 1000, 30, 3)]  # fmt: skip

    assert list(merged(cells, dict.fromkeys("abc", 99), 10)[1]) == ["a+b", "c"]


def test_strata_join_within_what_they_belong_to_first():
    cells = [Cell("x|1", 1000, 20, 1), Cell("x|2", 1000, 3, 1), Cell("y|1", 1000, 20, 1),
             Cell("z|1", 1000, 2, 1), Cell("z|2", 1000, 3, 1),
             Cell("w|1", 1000, 20, 9)]  # fmt: skip

    made = merged(cells, {cell.stratum: 9 for cell in cells}, 10)[1]

    assert list(made) == ["x|1+x|2", "y|1", "z|1+z|2+w|1"]


def test_stratum_of_unknown_size_leaves_the_joint_one_unknown():
    cells = [Cell("a", 1000, 5, 5), Cell("b", 1000, 20, 5)]
    assert merged(cells, {"a": None, "b": 9}, 10)[1] == {"a+b": None}


@example([(0, 2, 0), (2, 0, 0), (2, 0, 0), (0, 1, 0)], 2)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12), st.integers(0, 100)), min_size=1,
             max_size=8),
    st.integers(1, 15),
)  # fmt: skip
def test_every_joint_stratum_has_enough_of_each_weight_and_nothing_is_lost(strata, least):
    cells = [
        Cell(str(at), weight, n, n // 2)
        for at, (full, half, _) in enumerate(strata)
        for weight, n in ((1000, full), (500, half))
    ]
    people = {str(at): size for at, (_, _, size) in enumerate(strata)}

    made, joint = merged(cells, people, least)

    sums: dict[str, list[int]] = {name: [0, 0] for name in joint}
    for cell in made:
        sums[cell.stratum][cell.weight == 500] += cell.answers
    assert sum(map(sum, sums.values())) == sum(full + half for full, half, _ in strata)
    assert sum(joint.values()) == sum(people.values())
    reached = [pair for pair in sums.values() if any(pair)]
    assert len(reached) <= 1 or all(n == 0 or n >= least for pair in reached for n in pair)


# --- independent implementations ------------------------------------------------------------------

counts = st.integers(1, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@st.composite
def surveys(draw: st.DrawFn) -> tuple[list[Cell], dict[str, int | None]]:
    """Cells of a few strata and weights, with populations large enough."""
    made, populations = [], {}
    for stratum in draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, unique=True)):
        weights = draw(st.lists(st.sampled_from([250, 500, 1000]), min_size=1, unique=True))
        of_stratum = [Cell(stratum, weight, *draw(counts)) for weight in weights]
        made += of_stratum
        answered = sum(cell.answers for cell in of_stratum)
        populations[stratum] = answered + draw(st.integers(1, 1000))
    return made, populations


def by_hand(cells: list[Cell], populations: dict) -> tuple[float, float]:
    """The share and its variance, answer by answer, in floating point."""
    w, y, h = (
        np.concatenate([np.full(c.answers, c.weight) for c in cells]).astype(float),
        np.concatenate([np.arange(c.answers) < c.satisfied for c in cells]).astype(float),
        np.concatenate([np.full(c.answers, c.stratum) for c in cells]),
    )
    names = sorted(set(h))
    size = np.array([populations[name] for name in names], dtype=float)
    parts = size / size.sum()
    means = np.array([np.average(y[h == name], weights=w[h == name]) for name in names])
    overall = float(parts @ means)
    variance = 0.0
    for name, part, people, mean in zip(names, parts, size, means, strict=True):
        z = w[h == name] * (y[h == name] - mean) / w[h == name].sum()
        n = len(z)
        spread = n * z.var(ddof=1) if n > 1 else (mean - overall) ** 2
        variance += part**2 * (1 - n / people) * spread
    return overall, variance


@given(surveys())
def test_agrees_with_numpy_answer_by_answer(survey):
    cells, populations = survey
    found = estimate(cells, populations, CONFIDENCE)
    share, variance = by_hand(cells, populations)
    assert float(found.share) == pytest.approx(100 * share, abs=6e-4)
    assert float(found.standard_error) == pytest.approx(100 * math.sqrt(variance), abs=6e-4)
    if variance > 1e-12:
        n, z = share * (1 - share) / variance, 1.959964
        for bound, sign in ((found.low, -1), (found.high, 1)):  # where (p - b)² = z² b (1 - b) / n
            roots = np.roots([1 + z * z / n, -2 * share - z * z / n, share * share])
            at = sorted(roots.real)[sign > 0]
            assert float(bound) == pytest.approx(100 * at, abs=6e-4)


@settings(max_examples=30, deadline=None)
@given(surveys())
def test_agrees_with_svy_where_answers_weigh_the_same(survey):
    cells, populations = survey
    cells = [Cell(c.stratum, 1000, c.answers, c.satisfied) for c in cells]
    reached = {s: sum(c.answers for c in cells if c.stratum == s) for s in populations}
    rows = [
        {"h": c.stratum, "N": populations[c.stratum], "y": int(i < c.satisfied)}
        for c in cells
        for i in range(c.answers)
    ]
    table = pl.DataFrame(rows).with_columns(
        w=pl.col("N") / pl.col("h").replace_strict(reached, return_dtype=pl.Float64)
    )
    lonely = 1 in reached.values()
    if lonely or len(table) == 1:
        return  # its centring leaves out the finite correction; numpy and the cases by hand hold us
    design = svy.Design(stratum="h", wgt="w", pop_size="N")
    theirs = svy.Sample(table, design).estimation.mean("y").to_polars()
    found = estimate(cells, populations, CONFIDENCE)
    assert float(found.share) == pytest.approx(100 * theirs["est"][0], abs=6e-4)
    assert float(found.standard_error) == pytest.approx(100 * theirs["se"][0], abs=6e-4)


# --- what must not matter -------------------------------------------------------------------------


@given(surveys(), st.integers(2, 7), st.randoms())
def test_order_and_the_scale_of_weights_do_not_matter(survey, times, random):
    cells, populations = survey
    found = estimate(cells, populations, CONFIDENCE)
    shuffled = [Cell(c.stratum, times * c.weight, c.answers, c.satisfied) for c in cells]
    random.shuffle(shuffled)
    again = estimate(shuffled, populations, CONFIDENCE)
    for name in ("n", "share", "low", "high", "standard_error", "effective", "design_effect"):
        assert getattr(again, name) == getattr(found, name)


@given(surveys())
def test_the_interval_holds_the_share(survey):
    found = estimate(*survey, CONFIDENCE)
    assert 0 <= found.low <= found.share <= found.high <= 100
