"""Every route, asked over HTTP, answers whom the tables allow, and changes nothing for others.

Each request is made at one stage of every kind it depends on, by one who may, by one who sees the
file and may not, by one who does not see it, and by nobody in particular; of all other cells a
sample is asked. ``SHIFAN_SEED`` draws the same sample again.
"""

from __future__ import annotations

import logging
import os
from random import Random

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from shifan.process.ways import ways
from tests.matrix import routes
from tests.matrix.site import Answer, Asked, Site

SEED = int(os.environ.get("SHIFAN_SEED") or Random().randrange(10**6))
"""What the draws of this run came from."""

SAMPLE = 80
"""How many of the other cells are asked, of each sort."""


def names(patterns=None, namespace="") -> set[str]:
    """The names of all routes of the site; a route without a name gets its pattern."""
    found = set()
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found |= names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            found.add(f"{namespace}{pattern.name}" if pattern.name else str(pattern.pattern))
    return found


def test_every_route_has_a_row_and_every_row_a_route():
    assert names() == routes.ALL


def test_route_that_is_not_in_the_table_is_found(settings, tmp_path, monkeypatch):
    (tmp_path / "unknown_urls.py").write_text(
        "from django.urls import include, path\n"
        "from django.views.defaults import page_not_found\n"
        "urlpatterns = [path('', include('shifan.site.urls')),"
        " path('side-door/', page_not_found, name='side_door')]\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    settings.ROOT_URLCONF = "unknown_urls"

    assert names() - routes.ALL == {"side_door"}


@pytest.fixture
def site(world, monkeypatch, caplog) -> Site:
    caplog.set_level(logging.CRITICAL, "django.request")
    return Site(world, monkeypatch)


def wrong(site: Site, cells: list[Asked]) -> list[tuple[Asked, Answer]]:
    """The cells whose answer is not the expected one, or where one who may not changed a thing."""
    print(f"SHIFAN_SEED={SEED}: {len(cells)} cells")
    together = sorted(cells, key=_stands)  # the file is put at each stage once
    answers = [(cell, site.ask(cell)) for cell in together]
    return [(cell, got) for cell, got in answers if not cell.expects(got)]


def _stands(cell: Asked) -> tuple[str, list[str]]:
    return (cell.way.stage.id, sorted(cell.way.tiers)) if cell.way else ("", [])


def one_of_each(cells: list[Asked], random: Random) -> list[Asked]:
    """One cell of every kind."""
    kinds: dict[object, list[Asked]] = {}
    for cell in cells:
        kinds.setdefault(cell.kind, []).append(cell)
    return [random.choice(alike) for alike in kinds.values()]


def test_routes_of_a_file_answer_as_the_table_says_at_every_kind_of_stage(site):
    assert wrong(site, one_of_each(site.of_a_file(), Random(SEED))) == []


def test_routes_of_a_file_answer_as_the_table_says_in_a_sample_of_all_cells(site):
    assert wrong(site, Random(SEED).sample(site.of_a_file(), SAMPLE)) == []


def test_plain_routes_answer_as_their_rows_say(site):
    assert wrong(site, one_of_each(site.plain(), Random(SEED))) == []


def test_plain_routes_answer_as_their_rows_say_in_a_sample_of_all_cells(site):
    assert wrong(site, Random(SEED).sample(site.plain(), SAMPLE)) == []


def test_every_way_of_the_book_to_stand_is_walked(site, book):
    walked = {(cell.way.stage.id, cell.way.tiers) for cell in site.of_a_file()}

    assert walked == {(way.stage.id, way.tiers) for way in ways(book.measures, "prefecture")}


def test_every_request_is_allowed_to_somebody_and_refused_to_somebody(site):
    found: dict[tuple[str, ...], set[bool]] = {}
    for cell in site.of_a_file():
        found.setdefault((cell.method, cell.route), set()).add(cell.allowed)
    for cell in site.plain():
        found.setdefault((cell.method, cell.route), set()).add(cell.allowed)
    closed = {route for route, row in routes.PLAIN.items() if isinstance(row, routes.For)}

    one_sided = {route for (_, route), answers in found.items() if answers != {True, False}}

    without_parties = {each.route for each in routes.STAGED if each.needs == routes.NOBODY}
    assert one_sided - (set(routes.PLAIN) - closed) - without_parties == {
        "mailbox:follow", "mailbox:send_again", "titles:begin",
    }  # fmt: skip
