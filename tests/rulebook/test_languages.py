"""A programme says which languages it has; what is missing in one is found, and marked."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from django.test import Client
from tests.book import rewrite
from tests.conftest import NOW

from shifan.accounts.actor import SYSTEM
from shifan.cycles.actions import open_cycle, publish
from shifan.rulebook.base import Text
from shifan.rulebook.check import check
from shifan.rulebook.loader import load, locate


@pytest.fixture
def folder(tmp_path) -> Path:
    """The geopark book in English alone."""
    made = tmp_path / "parks"
    shutil.copytree(locate("geoparks/1"), made)
    for file in made.rglob("*.yaml"):
        text = re.sub(r"\{zh: [^{}]*?, en:", "{en:", file.read_text("utf-8"))
        text = re.sub(r"(?m)^ +zh: .*\n(?= +en:)", "", text)
        file.write_text(text.replace("programme: geoparks", "programme: parks\nlanguages: [en]"))
    return made


def test_book_in_english_alone_is_sound(folder):
    assert check(folder)[1] == []


def test_text_missing_in_a_declared_language_is_found_with_its_line(folder):
    rewrite(folder, ("name: {en: Geopark network}", "name: {zh: 地质公园网络}"))
    (found,) = check(folder)[1]
    assert (found.severity, found.message, found.line) == ("error", "has no English text", 3)

    rewrite(folder, ("name: {zh: 地质公园网络}", "name: {en: Geopark network}"))
    rewrite(folder, ("languages: [en]", "languages: [en, zh]"))
    found = check(folder)[1]
    assert {(each.severity, each.message) for each in found} == {("warning", "has no Chinese text")}


def test_text_needs_one_language_at_least(folder):
    rewrite(folder, ("name: {en: Geopark network}", "name: {}"))
    assert "a text needs one language at least" in str(check(folder)[1][0])


def test_where_chinese_is_read_and_there_is_none_it_is_the_english_one():
    only = Text(en="Park")
    assert (only.zh, only.in_("zh-hans"), only.in_("en")) == ("Park", "Park", "Park")
    assert (only.missing_in("zh-hans"), only.missing_in("en")) == (True, False)


def test_chinese_pages_show_it_with_its_language_marked(folder, divisions):
    published = publish(book=load(str(folder)), actor=SYSTEM, now=NOW)
    open_cycle(rulebook=published, year=2027, batch=1, actor=SYSTEM, now=NOW)
    visitor = Client()

    for page in ("/", "/rulebooks/", "/programmes/", "/rulebooks/parks/1/",
                 "/rulebooks/parks/1/geopark/"):  # fmt: skip
        content = visitor.get(page).content.decode()
        assert '<span lang="en">Geopark network</span>' in content or "parks" in content
        assert "&lt;span" not in content
        assert not re.search(r'="[^"]*<span', content)
    title = re.search(r"<title>(.*?)</title>", content, re.S)
    assert title is not None
    assert "<span" not in title[1]
