"""Write results and facts as CSV, XLSX or Parquet; the file appears whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import polars as pl

from shifan.rulebook.base import Text
from shifan.scoring.table.sheets import MOST_ROWS, SheetWriter

T = TypeVar("T")
Writer = Callable[[T, Path], None]

ROWS = 10_000
"""Rows written to a sheet at a time."""


class CannotWrite(Exception):
    """A file that cannot be written as asked; ``text`` says why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh=zh, en=en)


def write(results: pl.LazyFrame | pl.DataFrame, path: Path) -> None:
    """Write a table of results in the format the suffix of ``path`` names.

    Whole numbers are millipoints. Parquet keeps them; CSV (UTF-8 with a byte order mark, which
    spreadsheets need) and XLSX show points as exact decimals. Raises CannotWrite for another
    suffix and for more rows than a sheet holds.
    """
    writer = _chosen(path, WRITERS)
    with replacing(path) as beside:
        writer(results.lazy(), beside)


def write_facts(frames: Iterable[pl.DataFrame], path: Path) -> None:
    """Write facts, given in the inputs' own units, as CSV or XLSX. Raises CannotWrite."""
    writer = _chosen(path, {".csv": _facts_csv, ".xlsx": _facts_xlsx})
    with replacing(path) as beside:
        writer(frames, beside)


def check(path: Path) -> None:
    """Raise what :func:`write` would raise about ``path``, before any work is done."""
    _chosen(path, WRITERS)
    _folder(path)


def _folder(path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside ``path`` that takes its place once it is complete.

    Raises FileNotFoundError when there is no such folder.
    """
    _folder(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _chosen(path: Path, writers: dict[str, Writer[T]]) -> Writer[T]:
    suffix = path.suffix.lower()
    if suffix not in writers:
        names = ", ".join(writers)
        raise CannotWrite(
            f"{path.name} 的后缀应为 {names} 之一", f"{path.name} must end with one of {names}"
        )
    return writers[suffix]


def points(column: str) -> pl.Expr:
    """Millipoints as text: two decimal places, a third only where it says something."""
    whole = pl.col(column).abs()
    sign = pl.when(pl.col(column) < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    thousandths = (whole % 1000).cast(pl.String).str.zfill(3).str.replace("0$", "")
    return pl.format("{}{}.{}", sign, whole // 1000, thousandths).alias(column)


def harmless(column: str) -> pl.Expr:
    """Text that no spreadsheet takes for a formula."""
    text = pl.col(column)
    return (
        pl.when(text.str.contains(r"^[=+\-@\t\r＝＋－＠]"))
        .then(pl.concat_str(pl.lit("'"), text))
        .otherwise(text)
        .alias(column)
    )


def _csv(results: pl.LazyFrame, path: Path) -> None:
    shown = [
        points(name) if kind.is_integer() else harmless(name)
        for name, kind in results.collect_schema().items()
        if kind.is_integer() or kind == pl.String
    ]
    with path.open("wb") as stream:  # ours: Polars would open it late, after a failure too
        results.with_columns(shown).sink_csv(stream, include_bom=True)


def _xlsx(results: pl.LazyFrame, path: Path) -> None:
    _fits(results.select(pl.len()).collect().item())
    with SheetWriter(path) as sheet:
        sheet.header(results.collect_schema().names())
        for part in results.collect_batches(chunk_size=ROWS, maintain_order=True):
            sheet.points(part)


def _parquet(results: pl.LazyFrame, path: Path) -> None:
    with path.open("wb") as stream:
        results.sink_parquet(stream)


WRITERS: dict[str, Writer[pl.LazyFrame]] = {".csv": _csv, ".xlsx": _xlsx, ".parquet": _parquet}


def _facts_csv(frames: Iterable[pl.DataFrame], path: Path) -> None:
    with path.open("wb") as stream:
        for index, frame in enumerate(frames):
            text = [harmless(name) for name, kind in frame.schema.items() if kind == pl.String]
            frame.with_columns(text).write_csv(
                stream, include_bom=index == 0, include_header=index == 0
            )


def _facts_xlsx(frames: Iterable[pl.DataFrame], path: Path) -> None:
    rows = 0
    with SheetWriter(path) as sheet:
        for index, frame in enumerate(frames):
            rows += frame.height
            _fits(rows)
            if index == 0:
                sheet.header(frame.columns)
            sheet.values(frame)


def _fits(rows: int) -> None:
    if rows > MOST_ROWS:
        raise CannotWrite(
            f"XLSX 最多 {MOST_ROWS} 行，现有 {rows} 行；请改用 .csv 或 .parquet",
            f"a sheet holds {MOST_ROWS} rows, here are {rows}; use .csv or .parquet",
        )
