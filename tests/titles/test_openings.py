"""A party begins a procedure where the rule book lets it, about its units and their titles."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from tests.conftest import NOW

from shifan.accounts.actor import SYSTEM, Actor, Office
from shifan.accounts.models import User
from shifan.cycles.actions import publish
from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.proceedings.actions import Refused, assign, speak
from shifan.proceedings.queries import proceedings_for, waiting_for
from shifan.rulebook.loader import load
from shifan.titles.actions import Cause, Term, award
from shifan.titles.openings import begin, matters
from shifan.units.actions import register_unit
from shifan.units.models import Division

PROGRAMME = "certification"
OFFICER = Actor(
    "officer", "officer", None, offices=frozenset({Office(PROGRAMME, "body", "officer", "/")})
)


@pytest.fixture
def unit(divisions):
    return certified(load("tests/books/certification"))


def certified(book):
    publish(book=book, actor=SYSTEM, now=NOW)
    kind = book.measures.unit_type(next(iter(book.indicators)))
    place = Division.objects.get(code="530402")
    made = register_unit(name="甲厂", kind=kind, division=place, actor=SYSTEM, now=NOW)
    award(
        unit=made, programme=book.measures.programme, level=book.measures.tiers[0].id,
        term=Term(NOW.date()), cause=Cause(source="test"), actor=SYSTEM, now=NOW,
    )  # fmt: skip
    return made


def special(unit, actor):
    return [
        each for each in matters(actor, [unit], NOW.date()) if each.procedure.id == "special_audit"
    ]


def test_office_begins_a_special_audit_of_a_title(unit):
    (matter,) = special(unit, OFFICER)

    made = begin(
        unit=unit, programme=matter.book.programme, procedure_id="special_audit",
        about=matter.about, actor=OFFICER, now=NOW,
    )  # fmt: skip

    assert (made.stage, made.about, made.matter) == ("due", matter.title.pk, matter.title.pk)
    auditor = User.objects.create(username="auditor")
    assign(proceeding=made, capacity="auditor", user=auditor, actor=OFFICER, now=NOW)
    person = Actor("auditor", "auditor", auditor.pk)
    speak(proceeding=made, choice="sound", actor=person, now=NOW + timedelta(days=1))
    made.refresh_from_db()
    assert made.stage == "closed"


def test_same_matter_runs_once_at_a_time(unit):
    (matter,) = special(unit, OFFICER)
    asked = {
        "unit": unit, "programme": matter.book.programme, "procedure_id": "special_audit",
        "about": matter.about, "actor": OFFICER, "now": NOW,
    }  # fmt: skip
    begin(**asked)

    with pytest.raises(Conflict):
        begin(**asked)


@pytest.mark.parametrize(
    "actor",
    [
        Actor(),
        Actor("r", "r", None, offices=frozenset({Office(PROGRAMME, "body", "reviewer", "/")})),
        Actor("o", "o", None, offices=frozenset({Office(PROGRAMME, "body", "officer", "/43/")})),
        Actor("a", "a", None, offices=frozenset({Office(PROGRAMME, "body", "auditor", "/")})),
    ],
    ids=["visitor", "another role", "another area", "auditor"],
)
def test_nobody_else_begins_it(unit, actor):
    (matter,) = special(unit, OFFICER)

    assert special(unit, actor) == []
    with pytest.raises(NotAllowed):
        begin(
            unit=unit, programme=matter.book.programme, procedure_id="special_audit",
            about=matter.about, actor=actor, now=NOW,
        )  # fmt: skip


def test_what_the_clock_or_a_move_begins_nobody_begins(unit):
    assert {each.procedure.id for each in matters(OFFICER, [unit], NOW.date())} == {"special_audit"}


def test_office_acts_in_a_capacity_it_is_named_for(divisions, tmp_path):
    folder = tmp_path / "certification"
    shutil.copytree("tests/books/certification", folder)
    text = (folder / "measures.yaml").read_text()
    head, tail = text.split("  - id: special_audit")
    asked = tail.replace("kind: person", "kind: office", 1)
    asked = asked.replace("        conflicts: [same_unit, same_employer]\n", "", 1)
    (folder / "measures.yaml").write_text(f"{head}  - id: special_audit{asked}")
    unit = certified(load(str(folder)))
    (matter,) = special(unit, OFFICER)
    made = begin(
        unit=unit, programme=matter.book.programme, procedure_id="special_audit",
        about=matter.about, actor=OFFICER, now=NOW,
    )  # fmt: skip
    reviewer = Actor(
        "r", "r", None, offices=frozenset({Office(PROGRAMME, "body", "reviewer", "/")})
    )

    with pytest.raises(BadInput):
        assign(proceeding=made, capacity="auditor", office="nowhere", actor=OFFICER, now=NOW)
    assign(proceeding=made, capacity="auditor", office="body", actor=OFFICER, now=NOW)

    with pytest.raises(Refused):
        speak(proceeding=made, choice="sound", actor=reviewer, now=NOW)
    assert proceedings_for(OFFICER).filter(waiting_for(OFFICER)).get() == made
    assert not proceedings_for(reviewer).filter(waiting_for(reviewer)).exists()
    speak(proceeding=made, choice="sound", actor=OFFICER, now=NOW)
    made.refresh_from_db()
    assert made.stage == "closed"
