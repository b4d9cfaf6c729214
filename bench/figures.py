"""What a figure is, and how times are taken.

Jobs run in turn, round after round. A goal is judged by the best rounds, which other work on the
machine disturbs least; the medians stand beside.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Times:
    """Seconds of repeated runs."""

    runs: tuple[float, ...]

    @property
    def best(self) -> float:
        return min(self.runs)

    @property
    def median(self) -> float:
        return median(self.runs)

    def __str__(self) -> str:
        return f"{seconds(self.best)} (median {seconds(self.median)})"


@dataclass(frozen=True)
class Goal:
    """A limit: a plain number, or ``limit`` times what a yardstick took in the same rounds.

    A figure may be at most as large, or must be ``at_least``.
    """

    limit: float
    yardstick: str = ""
    measured: Times | None = None
    at_least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True)
class Figure:
    """Something measured, in seconds or in ``unit``, and the goals it is held against."""

    what: str
    value: Times | float
    goals: tuple[Goal, ...] = ()
    unit: str = ""

    def against(self, goal: Goal) -> tuple[float, float]:
        """The figure in units of the goal's yardstick: best by best, median by median."""
        if not isinstance(self.value, Times):
            return self.value, self.value
        if goal.measured is None:
            return self.value.best, self.value.median
        return self.value.best / goal.measured.best, self.value.median / goal.measured.median

    def lines(self) -> Iterator[str]:
        """The figure as text, a line per goal."""
        value = str(self.value) if isinstance(self.value, Times) else f"{self.value:.4g}"
        yield f"{self.what}: {value}{self.unit and ' ' + self.unit}"
        for goal in self.goals:
            best, usual = self.against(goal)
            met = "met" if goal.met(best) else "MISSED"
            bound = "at least" if goal.at_least else "at most"
            if goal.measured is None:
                timed = isinstance(self.value, Times)
                limit = seconds(goal.limit) if timed else f"{goal.limit:g} {self.unit}".strip()
                yield f"    goal: {bound} {limit}: {met}"
            else:
                yield (
                    f"    {best:.2f} × {goal.yardstick} (medians {usual:.2f} ×), which took "
                    f"{goal.measured}; goal: {bound} {goal.limit:g} ×: {met}"
                )


def seconds(value: float) -> str:
    """A time for people.

    >>> seconds(0.00042), seconds(12.3)
    ('0.42 ms', '12.30 s')
    """
    return f"{value * 1000:.2f} ms" if value < 0.1 else f"{value:.2f} s"


def interleaved(jobs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Times]:
    """Run every job once per round, after one round that doesn't count."""
    runs: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds + 1):
        for name, job in jobs.items():
            gc.collect()
            started = time.perf_counter()
            kept = job()
            taken = time.perf_counter() - started
            del kept
            if number:
                runs[name].append(taken)
    return {name: Times(tuple(taken)) for name, taken in runs.items()}
