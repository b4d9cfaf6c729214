"""A published version never changes; a cycle needs one in force, unless it is practice."""

import dataclasses
from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection, transaction
from tests.conftest import NOW

from shifan.accounts.actor import SYSTEM
from shifan.cycles.actions import open_cycle, publish
from shifan.cycles.models import Cycle, PublishedRuleBook
from shifan.errors import BadInput, Conflict
from shifan.ledger.models import Entry
from shifan.rulebook.base import Text
from shifan.rulebook.loader import assemble, from_document

IN_FORCE = datetime(2021, 1, 10, tzinfo=UTC)


def changed(book):
    """The same version with another threshold."""
    indicators = dict(book.indicators)
    indicators["prefecture"] = indicators["prefecture"].model_copy(update={"apply_from": 85})
    return assemble(book.measures, indicators, book.golden)


def test_published_version_comes_back_as_it_was(db, book):
    publish(book=book, actor=SYSTEM, now=NOW)

    stored = PublishedRuleBook.objects.get()

    again = from_document(stored.content)
    assert (again.measures, again.indicators) == (book.measures, book.indicators)
    assert again.digest == stored.book.digest == stored.digest == book.digest


def test_publishing_the_same_again_is_the_same_version(db, book):
    first = publish(book=book, actor=SYSTEM, now=NOW)

    assert publish(book=book, actor=SYSTEM, now=NOW) == first
    assert Entry.objects.filter(verb="rulebook.published").count() == 1


def test_other_content_under_a_published_version_is_refused(db, book):
    publish(book=book, actor=SYSTEM, now=NOW)

    with pytest.raises(Conflict):
        publish(book=changed(book), actor=SYSTEM, now=NOW)

    assert PublishedRuleBook.objects.get().digest == book.digest


@pytest.mark.parametrize(
    "statement",
    ["UPDATE cycles_publishedrulebook SET content = '{}'", "DELETE FROM cycles_publishedrulebook"],
)
def test_database_itself_keeps_a_published_version(db, book, statement):
    publish(book=book, actor=SYSTEM, now=NOW)

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_cycle_opens_under_a_version_in_force(db, book):
    published = publish(book=book, actor=SYSTEM, now=NOW)

    cycle = open_cycle(rulebook=published, year=2021, batch=9, actor=SYSTEM, now=IN_FORCE)

    assert cycle.exercise is False


def test_version_no_longer_in_force_serves_practice_only(db, book):
    published = publish(book=book, actor=SYSTEM, now=NOW)

    with pytest.raises(BadInput):
        open_cycle(rulebook=published, year=2027, batch=1, actor=SYSTEM, now=NOW)
    open_cycle(rulebook=published, year=2027, batch=1, actor=SYSTEM, now=NOW, exercise=True)

    assert [cycle.exercise for cycle in Cycle.objects.all()] == [True]


def test_revision_is_published_beside_the_version_and_both_can_be_read(db, book, client):
    """The first revision stays what it was; without asking, the latest is shown."""
    first = dataclasses.replace(
        book, measures=book.measures.model_copy(update={"revision": 1, "name": Text(zh="旧名")}),
        digest="1" * 64,
    )  # fmt: skip
    publish(book=first, actor=SYSTEM, now=NOW)
    publish(book=book, actor=SYSTEM, now=NOW)

    page = "/rulebooks/neac/2020/"
    assert client.get(page).context["published"].revision == book.measures.revision
    assert client.get(page + "?revision=1").context["published"].revision == 1
    assert client.get(page + "?revision=99").status_code == 404
    with pytest.raises(Conflict):
        other = first.measures.model_copy(update={"name": Text(zh="另一名")})
        publish(book=dataclasses.replace(first, measures=other), actor=SYSTEM, now=NOW)
