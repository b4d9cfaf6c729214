"""Populations and targets by stratum as a table (CSV), to be filled in and brought back."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from shifan.errors import BadInput
from shifan.rulebook.base import Text
from shifan.scoring.table.named import BadTable, named_rows
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
            yield from named_rows(Path(copy.name), (KEY, POPULATION, TARGET))
        except (Refused, BadTable) as refused:
            raise BadInput(refused.text) from refused
