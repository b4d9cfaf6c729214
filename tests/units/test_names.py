"""Places have a romanised name: pages in English show it, every search by name finds it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from tests.titled import begun, titled

from shifan.people.queries import places
from shifan.titles.queries import units_of
from shifan.units.models import Division, Unit
from shifan.units.romanised import romanised


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("保山市", "Baoshan Shi"),
        ("西安市", "Xi'an Shi"),
        ("吕梁市", "Lüliang Shi"),
        ("重庆市", "Chongqing Shi"),
        ("长治市", "Changzhi Shi"),
        ("漯河市", "Luohe Shi"),
        ("陕西省", "Shaanxi Sheng"),
        ("内蒙古自治区", "Nei Mongol Zizhiqu"),
        ("耿马傣族佤族自治县", "Gengma Daizu Wazu Zizhixian"),
        ("博尔塔拉蒙古自治州", "Bo'ertala Menggu Zizhizhou"),
        ("东乡族自治县", "Dongxiangzu Zizhixian"),
        ("谦六彝族乡", "Qianliu Yizu Xiang"),
        ("凤凰北街街道", "Fenghuangbeijie Jiedao"),
        ("T3区", "T3qu"),
        ("县", "Xian"),
        ("", ""),
        ("长" * 200, ("Chang" + "chang" * 200)[:120]),
    ],
)
def test_name_in_pinyin_has_the_common_word_apart(name, said):
    assert romanised(name) == said


@pytest.fixture
def named(world):
    """Three areas with romanised names, each with a title and an application."""
    made = []
    for code, name, name_en in (
        ("5391", "吕梁市", "Lüliang Shi"),
        ("5392", "西安市", "Xi'an Shi"),
        ("5393", "保山市", "Baoshan Shi"),
    ):
        place = Division.objects.create(
            code=code, name=name, name_en=name_en, level="prefecture", parent_id="53",
            path=f"/53/{code}/",
        )  # fmt: skip
        unit = Unit.objects.create(name=name, unit_type="prefecture", division=place, is_area=True)
        begun(unit, world.cycle, "provincial_inspection", ["provincial", "national"])
        titled(unit, "national", date(2026, 1, 1), batch=1)
        made.append(unit)
    Division.objects.filter(code="53").update(name_en="Yunnan Sheng")
    return made


SEARCHES = ["luliang", "Lüliang", "XI'AN", "xian shi", "bao shan", "Baoshan Shi", "保山"]


@pytest.mark.parametrize("search", SEARCHES)
def test_every_search_by_name_finds_it(world, named, search):
    place = next(each for each in named if each.division in places(search))
    assert list(units_of(world.actors["national_officer"], search)) == [place]
    client = world.client("national_officer")
    register = client.get("/register/", {"q": search}).context["page_obj"]
    assert [row.unit for row in register] == [place]
    listed = client.get("/applications/", {"q": search}).content.decode()
    assert [each.name for each in named if f">{each.name}</a>" in listed] == [place.name]


def test_search_for_nothing_in_it_finds_nothing(world, named):
    assert not units_of(world.actors["national_officer"], "nowhere")
    assert not places("nowhere")
    assert len(units_of(world.actors["national_officer"], "'")) == 0


def test_school_in_a_place_is_not_found_by_the_name_of_the_place(world, named):
    school = Unit.objects.create(name="第一中学", unit_type="school", division=named[0].division)
    assert school not in units_of(world.actors["national_officer"], "luliang")
    assert school in units_of(world.actors["national_officer"], "第一")


PAGES = ["/register/", "/board/", "/applications/", "/"]


@pytest.mark.parametrize("page", PAGES)
def test_page_in_english_shows_it_at_the_same_cost(world, named, page):
    client = world.client("national_officer")

    def shown(language: str) -> tuple[str, int]:
        client.cookies["django_language"] = language
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            content = client.get(page).content.decode()
        return content, len(queries)

    (zh, most), (en, cost) = shown("zh-hans"), shown("en")
    assert cost == most
    assert "云南" in zh
    assert "Yunnan" not in zh
    assert "Yunnan" in en
    assert "保山市" not in en
    assert ("保山市" in zh) == ("Baoshan Shi" in en)
    if page != "/board/":
        assert "Lüliang Shi" in en


def test_title_says_both_names_in_english(world, named, client):
    title = named[2].titles.get(level="national")
    client.cookies["django_language"] = "en"
    page = client.get(f"/register/{title.pk}/").content.decode()
    assert "<h1>Baoshan Shi</h1>" in page
    assert '<span lang="zh-Hans">保山市</span>' in page


def test_unit_of_a_place_without_such_a_name_keeps_its_own(world):
    with override("en"):
        assert world.unit.shown == world.unit.name
