"""Designations on public record: load those a programme ships, each row with its source."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from django.db import transaction
from pydantic import BaseModel, ConfigDict

from shifan.accounts.actor import Actor
from shifan.rulebook.base import Text
from shifan.rulebook.loader import locate, shipped
from shifan.rulebook.model import RuleBook, UnitType
from shifan.titles.actions import Cause, Term, award, valid_until
from shifan.units.actions import register_unit
from shifan.units.models import Division, Level


class Batch(BaseModel):
    """What is on record of a batch (or of several reported together)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    first: int
    last: int
    awarded_on: date
    precision: Literal["day", "month", "year"]
    named: int
    years: int
    source: Text


@dataclass(frozen=True)
class UnplacedRow(Exception):
    """A recorded row whose division cannot be found; nothing was loaded."""

    line: int
    name: str

    def __str__(self) -> str:
        return f"named_units.csv:{self.line}: no division fits {self.name}"


def folder(programme: str, version: str) -> Path:
    """Where the programme's recorded designations lie."""
    return locate(f"{programme}/{version}").parent / "register"


@cache
def batches(programme: str, version: str) -> tuple[Batch, ...]:
    """The batches on record, the newest first; empty if the programme ships none."""
    if f"{programme}/{version}" not in shipped():
        return ()
    path = folder(programme, version) / "batches.yaml"
    if not path.is_file():
        return ()
    rows = yaml.safe_load(path.read_text("utf-8"))
    return tuple(sorted((Batch.model_validate(row) for row in rows), key=lambda b: -b.last))


@transaction.atomic
def load(*, book: RuleBook, actor: Actor, now: datetime) -> int:
    """Enter the recorded units and titles; rows already there stay. The number of rows read.

    Raises UnplacedRow, and then enters nothing.
    """
    measures = book.measures
    known = {b.last: b for b in batches(measures.programme, measures.version) if b.first == b.last}
    path = folder(measures.programme, measures.version) / "named_units.csv"
    count = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            kind = measures.unit_type(row["unit_type"])
            division = _division(row, kind)
            if division is None:
                raise UnplacedRow(line, row["name"])
            batch = known[int(row["batch"])]
            unit = register_unit(
                name=row["name"], kind=kind, division=division, actor=actor, now=now
            )
            last = valid_until(batch.awarded_on, batch.years)
            award(
                unit=unit, programme=measures.programme, level=measures.tiers[0].id,
                term=Term(batch.awarded_on, last, batch=batch.last, precision=batch.precision),
                cause=Cause(source=row["source"]), actor=actor, now=now,
            )  # fmt: skip
            count += 1
    return count


def _division(row: dict[str, str], kind: UnitType) -> Division | None:
    """The area itself, or the smallest division named in which an organisation lies."""
    province = Division.objects.filter(level=Level.PROVINCE, name=row["province"]).first()
    if province is None:
        return None
    inside = Division.objects.filter(path__startswith=province.path, placeholder=False)
    if kind.area is not None:
        fits = [d for d in inside.filter(level=kind.area) if row["name"].endswith(d.name)]
        within = [d for d in fits if _lies_in(d, row["prefecture"])]
        return max(within or fits, key=lambda d: len(d.name), default=None)
    prefecture = inside.filter(level=Level.PREFECTURE, name=row["prefecture"]).first()
    if prefecture is None:
        return province
    counties = prefecture.children.all()
    named = [county for county in counties if county.name in row["name"]]
    return named[0] if named else prefecture


def _lies_in(division: Division, prefecture: str) -> bool:
    return not prefecture or any(
        Division.objects.filter(code=code, name=prefecture).exists()
        for code in division.path.strip("/").split("/")
    )
