"""The countries of ISO 3166 and their subdivisions, as a table of places.

China is left out: its divisions come with the package, down to the village.
"""

from __future__ import annotations

import csv
import gettext
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pycountry

from shifan.accounts.actor import Actor
from shifan.units import schemes

HEADER = ("code", "name", "name_en", "level", "parent")


def load(*, actor: Actor, now: datetime) -> int:
    """Enter them all; how many are new. Raises Refused and BadTable as
    :func:`shifan.units.schemes.load`."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "iso3166.csv"
        write(path)
        return schemes.load(path, actor=actor, now=now)


def write(path: Path) -> None:
    """Write the table that :func:`shifan.units.schemes.load` reads: countries by their two letters,
    subdivisions as GB-SCT, and those within another one beneath it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *_rows()])


def _rows() -> Iterator[tuple[str, str, str, str, str]]:
    countries, subdivisions = _chinese("iso3166-1"), _chinese("iso3166-2")
    for each in pycountry.countries:
        if each.alpha_2 != "CN":
            name = getattr(each, "common_name", each.name)
            yield each.alpha_2, countries.gettext(name), name, "country", ""
    above = {each.code: each.parent_code for each in pycountry.subdivisions}
    for each in pycountry.subdivisions:
        if each.country_code == "CN":
            continue
        within, level = each.parent_code or "", "province"
        if within:
            level = "county" if above.get(within) else "prefecture"
        name = each.name.replace("\n", " ")[:120]
        yield each.code, subdivisions.gettext(name)[:120], name, level, within or each.country_code


def _chinese(domain: str) -> gettext.NullTranslations:
    return gettext.translation(
        domain, pycountry.LOCALES_DIR, languages=["zh_CN"], fallback=True
    )  # fmt: skip
