"""One move makes others move too, all or none."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from tests.conftest import NOW
from tests.titles.test_openings import OFFICER, certified

from shifan.accounts.actor import SYSTEM
from shifan.accounts.models import User
from shifan.errors import Conflict
from shifan.ledger.queries import verify
from shifan.proceedings.actions import assign, make_move
from shifan.proceedings.models import Proceeding, Step
from shifan.rulebook.loader import load
from shifan.titles.actions import Cause, Term, award
from shifan.titles.openings import begin, matters
from shifan.titles.queries import standing
from shifan.units.actions import register_unit
from shifan.units.models import Division

GROUP = """
  - id: group
    name: {zh: 集团审核, en: Audit of a group}
    article: 2
    about: title
    opens: {by: {office: body, role: officer}}
    stages:
      - id: open
        name: {zh: 办理中, en: Open}
        article: 2
        moves:
          - id: suspend_all
            name: {zh: 全部暂停, en: Suspend all}
            to: closed
            by: {office: body, role: officer}
            effects: [{move: {of: lines, move: suspend}}]
      - {id: closed, name: {zh: 已办结, en: Closed}, article: 2}

  - id: member
    name: {zh: 成员, en: Member}
    article: 2
    about: title
    opens: {by: {office: body, role: officer}}
    parties:
      - capacity: auditor
        name: {zh: 审核员, en: Auditor}
        kind: person
        assigned_by: {office: body, role: officer}
    stages:
      - id: open
        name: {zh: 办理中, en: Open}
        article: 2
        moves:
          - id: suspend
            name: {zh: 暂停, en: Suspend}
            to: closed
            by: {office: body, role: officer}
            needs: [{guard: parties_assigned, article: 2, capacity: auditor}]
            effects: [{suspend: {article: 4}}]
      - {id: closed, name: {zh: 已办结, en: Closed}, article: 2}

"""


@pytest.fixture
def group(divisions, tmp_path):
    """A group's proceeding with three lines, each about a certificate of its own."""
    folder = tmp_path / "certification"
    shutil.copytree("tests/books/certification", folder)
    text = (folder / "measures.yaml").read_text()
    (folder / "measures.yaml").write_text(
        text.replace("  - id: finding\n", f"{GROUP.lstrip(chr(10))}  - id: finding\n", 1)
    )
    book = load(str(folder))
    head = certified(book)
    kind = book.measures.unit_type(head.unit_type)
    place = Division.objects.get(code="5303")
    units = [
        register_unit(name=f"分厂{n}", kind=kind, division=place, actor=SYSTEM, now=NOW)
        for n in range(3)
    ]
    for unit in units:
        award(
            unit=unit, programme=book.measures.programme, level=book.measures.tiers[0].id,
            term=Term(NOW.date()), cause=Cause(source="test"), actor=SYSTEM, now=NOW,
        )  # fmt: skip
    whole = began(head, "group")
    lines = [began(unit, "member") for unit in units]
    Proceeding.objects.filter(pk__in=[each.pk for each in lines]).update(part_of=whole)
    for number, line in enumerate(lines):
        auditor = User.objects.create(username=f"auditor{number}")
        assign(proceeding=line, capacity="auditor", user=auditor, actor=OFFICER, now=NOW)
    return whole, lines


def began(unit, procedure):
    (matter,) = [m for m in matters(OFFICER, [unit], NOW.date()) if m.procedure.id == procedure]
    return begin(
        unit=unit, programme=matter.book.programme, procedure_id=procedure, about=matter.about,
        actor=OFFICER, now=NOW,
    )  # fmt: skip


def states(lines):
    titles = [unit.titles.get() for unit in (line.unit for line in lines)]
    return [str(standing(title, NOW.date() + timedelta(days=1)).state) for title in titles]


def test_all_lines_move_with_the_one(group):
    whole, lines = group

    make_move(proceeding=whole, move_id="suspend_all", actor=OFFICER, now=NOW)

    assert states(lines) == ["suspended"] * 3
    assert {line.stage for line in Proceeding.objects.filter(part_of=whole)} == {"closed"}
    assert verify()["ok"] is True


def test_one_line_that_cannot_move_is_named_and_nothing_moves(group):
    whole, lines = group
    lines[1].parties.filter(capacity="auditor").update(ended_at=NOW)
    steps = Step.objects.count()

    with pytest.raises(Conflict) as refused:
        make_move(proceeding=whole, move_id="suspend_all", actor=OFFICER, now=NOW)

    assert [text.zh.split("：")[0] for text in refused.value.texts] == ["分厂1"]
    assert states(lines) == ["valid"] * 3
    assert Step.objects.count() == steps


def test_line_at_another_stage_is_left_where_it_is(group):
    whole, lines = group
    make_move(proceeding=lines[0], move_id="suspend", actor=OFFICER, now=NOW)

    make_move(proceeding=whole, move_id="suspend_all", actor=OFFICER, now=NOW)

    assert states(lines) == ["suspended"] * 3
    assert Step.objects.filter(move="suspend").count() == 3
