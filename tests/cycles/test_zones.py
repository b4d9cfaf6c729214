"""Times are said in the zone of the programme they belong to, and the page says which."""

from __future__ import annotations

import shutil

from tests.book import rewrite
from tests.conftest import NOW

from shifan.accounts.actor import SYSTEM
from shifan.cycles.actions import open_cycle, publish
from shifan.rulebook.loader import load


def london(tmp_path):
    folder = tmp_path / "parks"
    shutil.copytree("src/shifan/rulebook/starter", folder)
    rewrite(
        folder, ("time_zone: Asia/Shanghai", "time_zone: Europe/London"),
        ('when: {on: "12-31"}', 'when: {on: "01-31"}'),
    )  # fmt: skip
    return publish(book=load(str(folder)), actor=SYSTEM, now=NOW)


def test_deadline_of_31_january_in_london_is_shown_on_that_day(world, tmp_path):
    book = london(tmp_path)
    open_cycle(rulebook=book, year=2027, batch=1, actor=SYSTEM, now=NOW, exercise=True)
    client = world.client("stranger")

    for address in ("/", "/rulebooks/", "/programmes/"):
        content = client.get(address).content.decode()
        assert 'datetime="2027-01-31"' in content, address
        assert 'datetime="2027-02-01"' not in content, address


def test_page_says_the_zone_and_the_next_page_has_its_own_again(world, tmp_path):
    london(tmp_path)
    client = world.client("stranger")

    assert "Europe/London" in client.get("/rulebooks/example/1/").content.decode()
    home = client.get("/").content.decode()
    assert "Asia/Shanghai" in home
    assert "Europe/London" not in home
