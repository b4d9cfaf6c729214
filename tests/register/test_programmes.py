"""Register, home and programmes with several programmes of several authorities."""

from __future__ import annotations

import pytest
from tests.conftest import NOW

from shifan.accounts.actor import SYSTEM
from shifan.cycles.actions import open_cycle, publish
from shifan.rulebook.loader import load
from shifan.titles.actions import Cause, Term, award
from shifan.units.actions import register_unit
from shifan.units.models import Division


@pytest.fixture
def two(world):
    """Beside the world's programme a network with a title of its own."""
    book = load("geoparks/1")
    published = publish(book=book, actor=SYSTEM, now=NOW)
    open_cycle(rulebook=published, year=2027, batch=1, actor=SYSTEM, now=NOW, exercise=True)
    place = Division.objects.get(code="53")
    kind = book.measures.unit_type("geopark")
    parks = [
        register_unit(name=name, kind=kind, division=place, actor=SYSTEM, now=NOW)
        for name in ("抚仙湖", "石林")
    ]
    for unit, programme, level in (
        (parks[0], "geoparks", "network"), (world.unit, "neac", "national"),
    ):  # fmt: skip
        award(
            unit=unit, programme=programme, level=level, term=Term(NOW.date(), grade="green"),
            cause=Cause(source="test"), actor=SYSTEM, now=NOW,
        )  # fmt: skip
    return world


def page(world, address: str) -> str:
    answer = world.client("stranger").get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def rows(content: str) -> str:
    return content[content.find("<tbody>") : content.find("</tbody>")]


def test_register_lists_all_and_filters_by_programme(two):
    every = rows(page(two, "/register/"))
    assert "抚仙湖" in every
    assert two.unit.name in every

    network = rows(page(two, "/register/?programme=geoparks"))
    assert "抚仙湖" in network
    assert two.unit.name not in network
    assert "抚仙湖" not in rows(page(two, "/register/?programme=neac"))
    assert "抚仙湖" in rows(page(two, "/register/?programme=nowhere"))


def test_types_and_batches_are_those_of_the_programme_chosen(two):
    assert 'id="type"' not in page(two, "/register/")
    assert "地质公园" in page(two, "/register/?programme=geoparks")
    chosen = page(two, "/register/?programme=neac&type=prefecture&batch=1")
    assert 'id="batch"' in chosen


def test_page_of_a_title_speaks_its_own_programme(two):
    network = page(two, "/register/?programme=geoparks")
    address = network.split('href="/register/')[1:]
    title = next(each.split('"')[0] for each in address if len(each.split('"')[0]) > 30)

    assert "地质公园" in page(two, f"/register/{title}")


def test_home_and_programmes_name_every_programme(two):
    for address in ("/", "/programmes/", "/rulebooks/"):
        content = page(two, address)
        assert "世界地质公园" in content or "地质公园" in content, address
    assert "programme=geoparks" in page(two, "/programmes/")


def test_empty_installation_has_its_public_pages(db, client):
    for address in ("/", "/programmes/", "/register/", "/rulebooks/"):
        assert client.get(address).status_code == 200, address


def test_home_shows_one_programme_alone_with_its_own_figures(two):
    content = page(two, "/?programme=geoparks")
    assert "抚仙湖" in content
    assert two.unit.name not in content.split("<main")[1]
    assert content.count('class="tile-count">1<') == 1
    assert "programme=geoparks" in content.split("tile-map")[1]

    both = page(two, "/?programme=nowhere")
    assert "抚仙湖" in both and two.unit.name in both.split("<main")[1]
