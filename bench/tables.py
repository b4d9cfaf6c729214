"""Units and titles taken over from a workbook, beside reading the same sheet with calamine."""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from bench.figures import Figure, Goal, Times

ROWS = 100_000
NOW = datetime(2026, 12, 1, 2, tzinfo=UTC)
MEGABYTES = 400


def figures() -> Iterator[Figure]:
    """Seconds of whole imports on a throw-away database, and the most memory that was held."""
    with tempfile.TemporaryDirectory() as state:
        os.environ |= {"SHIFAN_STATE": state, "SHIFAN_DEMO": "1"}
        from shifan.cli.django import database

        with database():
            from shifan.schema import migrate

            migrate()
            yield from _measured(Path(state))


def _measured(folder: Path) -> Iterator[Figure]:
    from shifan.accounts.actor import SYSTEM
    from shifan.cycles.actions import publish
    from shifan.register.tables import import_titles, import_units
    from shifan.rulebook.loader import load
    from shifan.units.models import Division

    Division.objects.create(code="GB", name="United Kingdom", level="country", path="/GB/")
    book = publish(book=load("src/shifan/rulebook/starter"), actor=SYSTEM, now=NOW)
    unit = ("organisation", "GB")
    for name, header, rest, take in (
        ("units", ("name", "unit_type", "place"), unit, import_units),
        ("titles", ("name", "unit_type", "place", "tier", "from", "source"),
         (*unit, "office", "2024-05-01", "Minutes"), import_titles),
    ):  # fmt: skip
        path = folder / f"{name}.xlsx"
        _write(path, header, rest)
        read = _timed(partial(_read, path))
        yield Figure(f"reading {ROWS} {name} with calamine", read)
        taken = _timed(partial(take, path=path, rulebook=book, actor=SYSTEM, now=NOW))
        yield Figure(f"{ROWS} {name} taken over", taken, (Goal(3.0, "the read", read),))
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure("  most memory held", held, (Goal(MEGABYTES),), "MB")


def _write(path: Path, header: tuple[str, ...], rest: tuple[str, ...]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, header)
        for number in range(ROWS):
            sheet.write_row(number + 1, 0, (f"Unit {number}", *rest))


def _read(path: Path) -> int:
    return sum(1 for _ in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows())


def _timed(work: Callable[[], object]) -> Times:
    started = time.perf_counter()
    work()
    return Times((time.perf_counter() - started,))
