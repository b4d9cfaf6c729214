"""A share estimated from counted answers, with its error, exactly.

Who answered within a stratum (a township, an age group) is treated as a simple random sample
without replacement of its population: the usual approximation of post-stratification, no more than
an assumption. Sources: Cochran 1977, chapters 5 and 5A.9; Lohr, chapters 3 and 4 (see
:mod:`.means`); for the interval :mod:`.interval`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from shifan.fairness.arithmetic import percent, percent_root, rounded
from shifan.fairness.interval import quantile, wilson
from shifan.fairness.means import Mean, Stratum, population_shares, stratified_mean

WHOLE = 1000
"""The weight of an answer that counts in full; weights are whole thousandths of it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Answers of one stratum that weigh the same (in thousandths; 0: they do not count)."""

    stratum: str
    weight: int
    answers: int
    satisfied: int


@dataclass(frozen=True)
class Row:
    """A stratum that was reached: what was counted, and what part it has in the estimate.

    ``part`` is its share of the whole and ``share`` the share satisfied in it, both in percent;
    ``standard_error`` of that share in percentage points.
    """

    stratum: str
    population: int | None
    n: int
    weighted: Decimal
    part: Decimal
    share: Decimal
    standard_error: Decimal


@dataclass(frozen=True)
class Unreached:
    """A stratum with people but no answer that counts; ``part`` in percent of all people."""

    stratum: str
    population: int | None
    part: Decimal | None


@dataclass(frozen=True)
class Estimate:
    """The share satisfied among all people, estimated.

    ``share``, ``low``, ``high`` in percent and ``standard_error`` in percentage points, each with
    three decimals rounded half-up; None when no answer counts. ``n`` answers counted, ``weighted``
    the sum of their weights; ``effective``, how many answers of a simple random sample would tell
    as much (one decimal); ``design_effect``, n ÷ effective. ``covered`` is the percentage of the
    population whose strata were reached, None where the estimate stands on no populations.
    """

    n: int
    weighted: Decimal
    share: Decimal | None
    low: Decimal | None
    high: Decimal | None
    standard_error: Decimal | None
    effective: Decimal | None
    design_effect: Decimal | None
    strata: tuple[Row, ...]
    unreached: tuple[Unreached, ...]
    covered: Decimal | None


def estimate(
    cells: Iterable[Cell], populations: Mapping[str, int | None], confidence: Decimal
) -> Estimate:
    """Estimate the share satisfied from ``cells``; ``confidence`` such as 0.95.

    With a population for every stratum that was reached, none smaller than its answers, p = Σ
    W·p(stratum), W being a stratum's share of the population of the reached ones; strata with
    people but no answer are listed in ``unreached``, and ``covered`` says what the estimate then
    speaks for. Otherwise, as with no ``populations`` at all, all answers are one stratum of unknown
    size.

    The interval is Wilson's with n = p(1 − p) ÷ variance. A variance of 0 knows no such n (p is 0
    or 1, or each stratum is of one mind): then it is Kish's n, without finite correction; unless
    everybody answered, where the interval is the share itself.

    Raises ValueError for bad cells.
    """
    sums = _sums(cells)
    stratified = bool(sums) and all(
        (populations.get(name) or 0) >= sum(cell.answers for cell in group)
        for name, group in sums.items()
    )
    unreached = _unreached(populations, sums)
    n, weighted = _counted(sums)
    if not sums:
        return Estimate(
            n, weighted, None, None, None, None, None, None, (), unreached, covered=None
        )
    strata = (
        {name: _stratum(group, populations[name]) for name, group in sums.items()}
        if stratified
        else {"": _stratum((cell for group in sums.values() for cell in group), None)}
    )
    mean = stratified_mean(list(strata.values()))
    effective = _effective(mean)
    complete = mean.variance == 0 and all(stratum.left == 0 for stratum in strata.values())
    low, high = mean.value, mean.value
    if not complete:
        low, high = wilson(mean.value, effective, quantile(confidence))
    return Estimate(
        n=n,
        weighted=weighted,
        share=percent(mean.value),
        low=percent(low),
        high=percent(high),
        standard_error=percent_root(mean.variance),
        effective=rounded(effective, 1),
        design_effect=rounded(n / effective),
        strata=_rows(strata, mean),
        unreached=unreached,
        covered=_covered(strata, populations) if stratified else None,
    )


def merged(
    cells: Iterable[Cell], populations: Mapping[str, int | None], least: int
) -> tuple[list[Cell], dict[str, int | None]]:
    """The same with small strata joined: of a weight that occurs in one, it has ``least`` answers.

    ``populations`` names the strata in an order in which neighbours are alike; what stands before
    the last ``|`` of a name is what it belongs to. One that is too small is joined with the next
    that belongs there, the last with the one before, and only then with others. Its people go with
    it. Strata without any answer stay by themselves: nothing is guessed for them. A joint one is
    named after its parts, with ``+`` between them.
    """
    by_stratum: dict[str, list[Cell]] = {name: [] for name in populations}
    for cell in cells:
        by_stratum.setdefault(cell.stratum, []).append(cell)
    reached = [name for name, group in by_stratum.items() if any(c.answers for c in group)]

    def small(names: Iterable[str]) -> bool:
        sums: dict[int, int] = {}
        for cell in (cell for name in names for cell in by_stratum[name]):
            sums[cell.weight] = sums.get(cell.weight, 0) + cell.answers
        return any(0 < count < least for count in sums.values())

    parts = groupby(reached, lambda name: name.rpartition("|")[0])
    within = [group for _, names in parts for group in _joined([[name] for name in names], small)]
    joined = _joined(within, small)
    people = {name: populations.get(name) for name in by_stratum if name not in reached}
    made: list[Cell] = []
    for names in joined:
        known = [size for name in names if (size := populations.get(name)) is not None]
        people["+".join(names)] = sum(known) if len(known) == len(names) else None
        made += [replace(cell, stratum="+".join(names)) for n in names for cell in by_stratum[n]]
    return made, people


def _joined(groups: Iterable[list[str]], small: Callable[[Iterable[str]], bool]) -> list[list[str]]:
    """Groups joined with the next one while they are small, the last with those before."""
    made: list[list[str]] = []
    for group in groups:
        if made and small(made[-1]):
            made[-1] = made[-1] + group
        else:
            made.append(group)
    while len(made) > 1 and small(made[-1]):
        made[-2:] = [made[-2] + made[-1]]
    return made


def _sums(cells: Iterable[Cell]) -> dict[str, list[Cell]]:
    """The cells that count, by stratum, in the order of names."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        if not 0 <= cell.satisfied <= cell.answers or cell.weight < 0:
            raise ValueError(f"not a cell: {cell}")
        if cell.weight and cell.answers:
            found.setdefault(cell.stratum, []).append(cell)
    return dict(sorted(found.items()))


def _counted(sums: Mapping[str, list[Cell]]) -> tuple[int, Decimal]:
    counted = [cell for group in sums.values() for cell in group]
    thousandths = sum(cell.weight * cell.answers for cell in counted)
    return sum(cell.answers for cell in counted), Decimal(thousandths).scaleb(-3)


def _stratum(cells: Iterable[Cell], population: int | None) -> Stratum:
    rows = [(Fraction(cell.weight, WHOLE), cell.answers, cell.satisfied) for cell in cells]
    squares = sum((w * w * yes for w, _, yes in rows), Fraction())
    return Stratum(
        population=population,
        n=sum(n for _, n, _ in rows),
        w=sum((w * n for w, n, _ in rows), Fraction()),
        ww=sum((w * w * n for w, n, _ in rows), Fraction()),
        wy=sum((w * yes for w, _, yes in rows), Fraction()),
        wwy=squares,
        wwyy=squares,  # y is 0 or 1
    )


def _effective(mean: Mean) -> Fraction:
    return mean.value * (1 - mean.value) / mean.variance if mean.variance else mean.kish


def _rows(strata: Mapping[str, Stratum], mean: Mean) -> tuple[Row, ...]:
    parts = population_shares(list(strata.values()))
    return tuple(
        Row(
            stratum=name,
            population=stratum.population,
            n=stratum.n,
            weighted=rounded(stratum.w),
            part=percent(part),
            share=percent(stratum.mean),
            standard_error=percent_root(stratum.variance(mean.value)),
        )
        for (name, stratum), part in zip(strata.items(), parts, strict=True)
    )


def _unreached(
    populations: Mapping[str, int | None], reached: Mapping[str, object]
) -> tuple[Unreached, ...]:
    """Strata without an answer. Their part is known only where every population is."""
    total = sum(size or 0 for size in populations.values())
    known = None not in populations.values()
    return tuple(
        Unreached(name, size, percent(Fraction(size or 0, total)) if known else None)
        for name, size in sorted(populations.items())
        if name not in reached and size != 0
    )


def _covered(strata: Mapping[str, Stratum], populations: Mapping[str, int | None]) -> Decimal:
    total = sum(size or 0 for size in populations.values())
    return percent(Fraction(sum(stratum.population or 0 for stratum in strata.values()), total))
