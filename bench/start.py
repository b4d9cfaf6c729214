"""How soon the core starts: the command's help, a check of a small book, the first score.

Beside an empty Python and an import of Django, in the same run; the shortest of five each.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bench.figures import Figure, Goal

SHIFAN = str(Path(sys.executable).parent / "shifan")
BOOK = "tests/books/minimal"
FIRST = """
from time import perf_counter
from shifan.rulebook.loader import load
from shifan.scoring.evaluate import score
book = load("neac/2020")
begun = perf_counter()
score(book.indicators["prefecture"], {})
print(perf_counter() - begun)
"""


def figures() -> Iterator[Figure]:
    """Seconds."""
    yield Figure("an empty Python", _best(sys.executable, "-c", "pass"), (), "s")
    yield Figure("import django", _best(sys.executable, "-c", "import django.db.models"), (), "s")
    yield Figure("shifan --help", _best(SHIFAN, "--help"), (Goal(0.3),), "s")
    check = _best(SHIFAN, "rulebook", "check", BOOK)
    yield Figure("shifan rulebook check, a book without a survey", check, (Goal(1),), "s")
    first = min(float(_said(sys.executable, "-c", FIRST)) for _ in range(5))
    yield Figure("first score of a unit after the import", first, (Goal(0.3),), "s")


def _best(*command: str) -> float:
    times = []
    for _ in range(5):
        begun = perf_counter()
        _said(*command)
        times.append(perf_counter() - begun)
    return min(times)


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
