"""Populations and targets by stratum as a table (CSV), to be filled in and brought back."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from shifan.errors import BadInput
from shifan.rulebook.base import Text
from shifan.scoring.table.delimited import Delimited
from shifan.scoring.table.rows import Refused
from shifan.surveys.forms import whole
from shifan.surveys.models import Campaign
from shifan.surveys.presentation import stratum_label

KEY, WORDS, POPULATION, TARGET = "group", "words", "population", "target"
MAX_BYTES = 1_000_000

Given = dict[str, tuple[int | None, int | None]]
"""Stratum → its population and the answers aimed at."""


def write(campaign: Campaign) -> bytes:
    """The campaign's strata with what is known of them. UTF-8 with the mark spreadsheets need."""
    buffer = io.StringIO()
    rows = csv.writer(buffer)
    rows.writerow([KEY, WORDS, POPULATION, TARGET])
    for each in campaign.populations.all():
        words = stratum_label(campaign, each.key)
        harmless = f"'{words}" if words[:1] in "=+-@＝＋－＠" else words  # no formula to anybody
        rows.writerow([each.key, harmless, each.population, each.target])
    return buffer.getvalue().encode("utf-8-sig")


def read(campaign: Campaign, file: IO[bytes]) -> Given:
    """What the table says of the strata it names.

    Raises BadInput with the row for a stratum that is not the campaign's or comes twice, and for
    anything that is no number.
    """
    known = set(campaign.populations.values_list("key", flat=True))
    found: Given = {}
    for number, row in _rows(file):
        key = row[KEY]
        if key not in known or key in found:
            raise BadInput(
                Text(
                    zh=f"第 {number} 行：没有“{key[:60]}”这个分组，或重复出现。",
                    en=f"Row {number}: there is no group {key[:60]!r}, or it comes twice.",
                )
            )
        place = Text(zh=f"第 {number} 行", en=f"Row {number}")
        found[key] = whole(row[POPULATION], place), whole(row[TARGET], place)
    return found


def _rows(file: IO[bytes]) -> Iterator[tuple[int, dict[str, str]]]:
    """The filled rows below the header, with their numbers."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as copy:
        copy.write(file.read(MAX_BYTES + 1))
        copy.flush()
        if copy.tell() > MAX_BYTES:
            raise BadInput(Text(zh="文件过大。", en="The file is too large."))
        try:
            yield from _named(Delimited(Path(copy.name)))
        except Refused as refused:
            raise BadInput(refused.text) from refused


def _named(table: Delimited) -> Iterator[tuple[int, dict[str, str]]]:
    header: list[str] = []
    for batch in table.batches():
        for fault in batch.faults:
            text = fault.text
            raise BadInput(
                Text(zh=f"第 {fault.row} 行：{text.zh}。", en=f"Row {fault.row}: {text.en}.")
            )
        for number, cells in enumerate(batch.rows, batch.first):
            row = [str(cell).strip() for cell in cells]
            if header and any(row):
                yield number, dict(zip(header, row, strict=True))
            elif any(row):
                header = row
                _complete(header)
    _complete(header)


def _complete(header: Iterable[str]) -> None:
    lacking = {KEY, POPULATION, TARGET} - set(header)
    if lacking:
        names = ", ".join(sorted(lacking))
        raise BadInput(Text(zh=f"缺少列：{names}。", en=f"There is no column {names}."))
