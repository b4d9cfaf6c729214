"""Any scheme of places, from a table of codes, names, levels and parents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from shifan.accounts.actor import Actor
from shifan.ledger import actions as ledger
from shifan.rulebook.base import Text
from shifan.scoring.table.named import BadTable, RowFault, named_rows
from shifan.units.models import Division, Level

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
LEVELS = [str(level) for level in Level]
"""From the top down."""


@dataclass
class _Row:
    number: int
    name: str
    name_en: str
    level: str
    parent: str


@transaction.atomic
def load(path: Path, *, actor: Actor, now: datetime) -> int:
    """Enter the places of the CSV or XLSX file, all or none; how many are new.

    Its columns: ``code``, ``name``, ``level`` (one of country, province, prefecture, county,
    township, village: from the top down), ``parent`` (a code, of this file or known; empty for the
    top) and, if there is one, ``name_en``. A place that is known already must be the same.

    Raises Refused and BadTable with every row at fault: a code twice or unknown, a level that is
    not beneath its parent's, a loop.
    """
    rows: dict[str, _Row] = {}
    faults: list[RowFault] = []

    def wrong(number: int, zh: str, en: str) -> None:
        faults.append(RowFault(number, Text(zh=zh, en=en)))

    required = ("code", "name", "level", "parent")
    for number, cells in named_rows(path, required, ("name_en",)):
        code = cells["code"]
        if not CODE.fullmatch(code):
            wrong(number, f"代码“{code[:40]}”不可用", f"{code[:40]!r} cannot be a code")
        elif code in rows:
            wrong(number, f"代码 {code} 重复", f"the code {code} comes twice")
        elif not cells["name"]:
            wrong(number, "没有名称", "there is no name")
        elif cells["level"] not in LEVELS:
            names = ", ".join(LEVELS)
            wrong(number, f"层级须为：{names}", f"the level must be one of: {names}")
        else:
            rows[code] = _Row(
                number, cells["name"][:120], cells.get("name_en", "")[:120], cells["level"],
                cells["parent"],
            )  # fmt: skip
    wanted = {*rows, *(row.parent for row in rows.values() if row.parent)}
    there = Division.objects.in_bulk(wanted)
    paths = {code: each.path for code, each in there.items()}
    levels = {code: each.level for code, each in there.items()} | {
        code: row.level for code, row in rows.items()
    }
    for code, row in rows.items():
        if row.parent and row.parent not in levels:
            wrong(row.number, f"没有上级 {row.parent}", f"there is no parent {row.parent}")
        elif row.parent and LEVELS.index(row.level) <= LEVELS.index(levels[row.parent]):
            wrong(
                row.number, f"层级不低于上级 {row.parent}",
                f"its level is not beneath that of its parent {row.parent}",
            )  # fmt: skip
        elif code in there and (there[code].name, there[code].level) != (row.name, row.level):
            wrong(row.number, f"{code} 已在册且不同", f"{code} is known and differs")
    if faults:
        raise BadTable(sorted(faults, key=lambda each: each.row))
    new = [code for code in rows if code not in there]
    for code in sorted(new, key=lambda code: LEVELS.index(rows[code].level)):
        above = rows[code].parent
        paths[code] = f"{paths[above] if above else '/'}{code}/"
    Division.objects.bulk_create(
        [
            Division(
                code=code, name=rows[code].name, name_en=rows[code].name_en, path=paths[code],
                level=rows[code].level, parent_id=rows[code].parent or None,
            )
            for code in sorted(new, key=lambda code: len(paths[code]))
        ],
        batch_size=5000,
    )  # fmt: skip
    if new:
        top = Division.objects.get(pk=min(new, key=lambda code: len(paths[code])))
        ledger.record(actor=actor.name, verb="places.loaded", subject=top, at=now, count=len(new))
    return len(new)
