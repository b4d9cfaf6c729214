"""Register, home and programmes with several programmes of several authorities."""

from __future__ import annotations

import pytest
from tests.conftest import NOW

from shifan.accounts.actor import SYSTEM
from shifan.cycles.actions import open_cycle, publish
from shifan.register.queries import by_place
from shifan.rulebook.loader import load
from shifan.titles.actions import Cause, Term, award
from shifan.titles.models import Title
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


@pytest.fixture
def abroad(world):
    """A park of the network in another scheme of places, with a title."""
    publish(book=load("geoparks/1"), actor=SYSTEM, now=NOW)
    country = Division.objects.create(
        code="PT", name="葡萄牙", name_en="Portugal", level="country", path="/PT/"
    )
    place = Division.objects.create(
        code="PT-01", name="阿威罗", name_en="Aveiro", level="province", parent=country,
        path="/PT/PT-01/",
    )  # fmt: skip
    kind = load("geoparks/1").measures.unit_type("geopark")
    park = register_unit(name="Vale", kind=kind, division=place, actor=SYSTEM, now=NOW)
    award(
        unit=park, programme="geoparks", level="network", term=Term(NOW.date(), grade="green"),
        cause=Cause(source="test"), actor=SYSTEM, now=NOW,
    )  # fmt: skip
    return park


def test_titles_of_other_schemes_of_places_are_counted_and_found_by_place(two, abroad):
    home = page(two, "/")
    assert "其他地区" in home
    assert "?province=PT" in home
    assert "tile-map" in home

    listed = page(two, "/register/?province=PT")
    assert '<option value="PT" selected>葡萄牙</option>' in listed
    assert "Vale" in rows(listed)
    assert "抚仙湖" not in rows(listed)


def test_programme_that_is_all_abroad_has_no_map_of_china(world, abroad):
    home = page(world, "/?programme=geoparks")

    assert "tile-map" not in home
    assert "按地区" in home
    assert "?province=PT" in home


def test_title_that_reaches_into_two_provinces_counts_in_each_once(two):
    unit = Title.objects.get(unit__name="抚仙湖").unit
    unit.also_in.add(*Division.objects.filter(code__in=("43", "5303", "4331")))

    inside, elsewhere = by_place(NOW.date(), "geoparks")

    assert {place.code: count for place, count in inside if count} == {"53": 1, "43": 1}
    assert elsewhere == []
