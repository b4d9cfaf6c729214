"""The page of the indicators says what they ask for, and what other rule books asked before."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from tests.conftest import NOW

from shifan.accounts.actor import SYSTEM
from shifan.cycles.actions import publish
from shifan.rulebook.loader import document, from_document
from shifan.rulebook.model import RuleBook


def next_version(book: RuleBook) -> RuleBook:
    """The same as of 2027, with one input under another name."""
    content = document(book.measures, book.indicators, ())
    content["measures"]["version"] = "2027"
    clause = content["indicators"]["prefecture"]["categories"][0]["items"][0]["clauses"][0]
    assert clause["input"]["name"] == "leading_group_in_place"
    clause["input"]["name"] = "leading_group"
    return from_document(content)


def page(version: str) -> str:
    address = reverse("cycles:indicators", args=["neac", version, "prefecture"])
    return Client().get(address).content.decode()


def test_indicators_say_how_many_documents_they_ask_for(db, book):
    publish(book=book, actor=SYSTEM, now=NOW)

    assert "要求材料 75 份；本规则最多可要求 80 份。" in page("2020")


def test_indicators_say_what_another_version_asked_before(db, book):
    publish(book=book, actor=SYSTEM, now=NOW)
    publish(book=next_version(book), actor=SYSTEM, now=NOW)

    shown = page("2027")

    assert "neac/2020 以前要求过的：121 项填报和材料自动沿用，8 项将重新要求。" in shown
    assert (
        "1.1.1 事实 leading_group 在 neac/2020 的 1.1.1 已要求过，但名称是 "
        "leading_group_in_place，将重新要求" in shown
    )


def test_indicators_alone_were_asked_by_nobody_before(db, book):
    publish(book=book, actor=SYSTEM, now=NOW)

    assert "以前要求过" not in page("2020")
