"""An office gives a round more time: by a document, for a reason, for everybody at once."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from shifan.errors import BadInput, NotAllowed
from shifan.ledger.models import Entry
from shifan.proceedings.actions import Refused, extend, make_move
from shifan.proceedings.models import Proceeding
from shifan.proceedings.turns import retake
from shifan.statements.assessment import assess

ZONE = ZoneInfo("Asia/Shanghai")
LATE = datetime(2027, 3, 10, 12, tzinfo=ZONE)
"""After the last day of the rule book, 28 February."""
SENT = {
    "procedure_id": "application", "deadline_id": "provincial_intake", "reason": "系统检修",
    "document": "办函〔2027〕3号", "until": date(2027, 3, 15),
}  # fmt: skip


@pytest.fixture
def file(world):
    made = world.proceeding(facts=True)
    retake([assess(made, LATE)])
    return made


def hand_in(world, file, now):
    fresh = Proceeding.objects.get(pk=file.pk)
    return make_move(proceeding=fresh, move_id="submit", actor=world.actors["lead"], now=now)


def test_whole_round_has_until_the_end_of_the_new_day(world, file):
    with pytest.raises(Refused) as late:
        hand_in(world, file, LATE)
    assert [each.code for each in late.value.refusals] == ["too_late"]

    extend(cycle=world.cycle, actor=world.actors["national_officer"], now=LATE, **SENT)

    turn = file.turns.filter(role="lead").get()
    assert turn.due_at == datetime(2027, 3, 15, 23, 59, 59, tzinfo=ZONE)
    with pytest.raises(Refused):
        hand_in(world, file, datetime(2027, 3, 16, 12, tzinfo=ZONE))
    assert hand_in(world, file, LATE).to_stage == "provincial_inspection"
    assert Entry.objects.filter(verb="deadline.extended").count() == 1


def test_calendar_says_by_what_and_why(world, client):
    extend(cycle=world.cycle, actor=world.actors["national_officer"], now=LATE, **SENT)

    page = client.get("/rulebooks/").content.decode()

    assert "2027年3月15日" in page
    assert "办函〔2027〕3号" in page
    assert "系统检修" in page


WRONG = [
    ("earlier", {"until": date(2027, 2, 28)}),
    ("past", {"until": date(2027, 3, 9)}),
    ("no_reason", {"reason": " "}),
    ("no_document", {"document": ""}),
    ("no_such_deadline", {"deadline_id": "nothing"}),
    ("no_such_procedure", {"procedure_id": "nothing"}),
]


@pytest.mark.parametrize(("_name", "change"), WRONG, ids=[name for name, _ in WRONG])
def test_what_is_no_extension_is_refused(world, _name, change):
    with pytest.raises(BadInput):
        extend(cycle=world.cycle, actor=world.actors["national_officer"], now=LATE,
               **(SENT | change))  # fmt: skip
    assert not world.cycle.extensions.exists()


@pytest.mark.parametrize("name", ["reviewer", "approver", "lead", "auditor", "stranger"])
def test_only_who_runs_the_programme_extends(world, name):
    with pytest.raises(NotAllowed):
        extend(cycle=world.cycle, actor=world.actors[name], now=LATE, **SENT)


def test_office_extends_in_the_browser(world):
    client = world.client("national_officer")
    address = f"/programmes/neac/office/cycles/{world.cycle.pk}/"
    assert client.get(address).status_code == 200
    sent = {
        "deadline": "application/provincial_intake", "until": "2027-03-15", "reason": "系统检修",
        "document": "办函〔2027〕3号",
    }  # fmt: skip

    assert client.post(address, sent | {"until": ""}).status_code == 422
    assert "办函〔2027〕3号" in client.post(address, sent, follow=True).content.decode()
    assert client.post(address, sent).status_code == 400
