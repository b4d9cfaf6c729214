"""Whatever a browser or a program sends under whatever name: no fault of the site, never a 5xx.

Each route is asked by somebody who may, with the names that the site itself reads and those that
its pages use within, and with values that no form would send: all names at once, in the short form
with one value to each route, with ``SHIFAN_SOAK`` with every value, and names one by one besides.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import shifan
from tests.matrix.site import Asked, Site
from tests.matrix.test_routes import SEED, site  # noqa: F401 (a fixture)

VALUES = (
    "²", "１２", "-1", "9" * 40, "1e400", "2026-13-45", "0001-01-01", "a" * 5000, "'\"<script>",
    "%00%s{0}", "../../etc/passwd", "//evil.example/\\", "\u202e\ufeff\x1b", "[]", "None",
)  # fmt: skip
READ = re.compile(
    r"(?:GET|POST|FILES)(?:\.get(?:list)?\(|\[)\s*\"([a-z_]+)\"|_asked\(request, \"([a-z_]+)\""
)
WITHIN = (
    "form", "forms", "title", "titles", "on", "now", "today", "user", "request", "page_obj", "rows",
    "row", "object", "error", "settings", "actor", "measures", "stage", "provision", "line", "next",
    "language", "id", "pk",
)  # fmt: skip
"""What pages call things within."""
SOAK = "SHIFAN_SOAK" in os.environ


def names() -> list[str]:
    """Every name under which the site reads something sent, and those of its pages."""
    home = Path(shifan.__file__).parent
    read = (READ.findall(path.read_text("utf-8")) for path in home.glob("**/*.py"))
    return sorted({a or b for found in read for a, b in found} | set(WITHIN))


def allowed(site: Site) -> list[Asked]:  # noqa: F811
    """One cell of each route and method whose actor may."""
    found: dict[tuple[str, str, tuple[str, ...]], Asked] = {}
    for cell in (*site.plain(), *site.of_a_file()):
        if cell.allowed:
            found.setdefault((cell.route, cell.method, cell.data), cell)
    return list(found.values())


def sent(random: Random) -> Iterator[dict[str, str]]:
    for value in VALUES if SOAK else random.sample(VALUES, 1):
        yield dict.fromkeys(names(), value)
    for name in random.sample(names(), 40 if SOAK else 0):
        yield {name: random.choice(VALUES)}


def test_no_name_and_no_value_is_a_fault(site):  # noqa: F811
    random = Random(SEED)
    wrong = [
        (cell.method, cell.route, more if len(more) == 1 else next(iter(more.values())), status)
        for cell in allowed(site)
        for more in sent(random)
        if (status := site.ask(cell, more).status) >= 500
    ]

    assert wrong == [], f"SHIFAN_SEED={SEED}"


def test_names_are_found_where_the_site_reads_them():
    assert {"q", "on", "next", "department", "programme"} <= set(names())
    assert len(names()) > 60
