"""Messages: who is told what, once, in which language, and when the e-mail leaves."""

from __future__ import annotations

import socket
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from django.utils import translation
from tests.conftest import NOW, agree, write_facts

from shifan.mailbox import actions, post, queries
from shifan.mailbox.models import Letter, LetterState, Mail, Message, Wishes
from shifan.mailbox.times import due_at
from shifan.mailbox.words import said
from shifan.proceedings.actions import make_move
from shifan.statements.actions import give_opinion, give_tasks, remind, state_fact
from shifan.statements.assessment import assess


@pytest.fixture
def handed_in(world):
    proceeding = world.proceeding(facts=True)
    make_move(proceeding=proceeding, move_id="submit", actor=world.actors["lead"], now=NOW)
    proceeding.refresh_from_db()
    return proceeding


def told(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("receiver__username", flat=True))


def sentences(world, name: str, language: str) -> list[str]:
    with translation.override(language):
        return [said(each).sentence for each in queries.messages_for(world.actors[name])]


# --- who is told ---------------------------------------------------------------------------------


def test_move_tells_those_in_charge_and_the_applicants_other_people(world, handed_in):
    """Not the lead who made it, not the other province, not the nation."""
    assert told("waits") == ["reviewer"]
    assert told("moved") == ["clerk"]
    assert sentences(world, "reviewer", "zh-hans") == ["玉溪市的申报待您办理：省级初验。"]
    assert sentences(world, "reviewer", "en")[0].startswith("The application of 玉溪市 waits")


def test_return_tells_the_applicant_without_the_reason(world, handed_in):
    """The reason is there to leak: it stands on the page, not in the message."""
    give_opinion(
        proceeding=handed_in, provision_id="1.1.1", verdict="return", kind="incorrect",
        basis=assess(handed_in, NOW).bases["1.1.1"], reason="内部理由",
        actor=world.actors["reviewer"], now=NOW,
    )  # fmt: skip
    agree(world, handed_in)
    handed_in.refresh_from_db()
    make_move(proceeding=handed_in, move_id="return", actor=world.actors["reviewer"], now=NOW,
              reason="内部理由")  # fmt: skip

    assert told("returned") == ["clerk", "lead"]
    assert "内部理由" not in str(list(Message.objects.values()))


def test_hearing_waits_for_the_applicant_and_for_no_office(world, handed_in):
    Message.objects.all().delete()
    give_opinion(
        proceeding=handed_in, provision_id="1.1.1", verdict="adjust", reason="未见文件",
        basis=assess(handed_in, NOW).bases["1.1.1"], raw={"leading_group_in_place": "否"},
        actor=world.actors["reviewer"], now=NOW,
    )  # fmt: skip
    write_facts(handed_in, {"provincial_check", "survey"})
    agree(world, handed_in)
    handed_in.refresh_from_db()

    make_move(proceeding=handed_in, move_id="hear", actor=world.actors["reviewer"], now=NOW)

    assert told("waits") == ["clerk", "lead"]
    assert Message.objects.count() == 2


def test_given_clauses_are_told_to_the_departments_people(world):
    proceeding = world.proceeding()
    give(world, proceeding)

    assert told("task_given") == ["contributor"]


def test_same_thing_is_told_once(world):
    circles = [
        actions.Circle([world.users["clerk"]], "moved", "applicant"),
        actions.Circle([world.users["clerk"], world.users["lead"]], "waits", "provincial"),
    ]
    for _ in range(2):
        actions.tell(*circles, key="k", address="/", now=NOW, params={"unit": "甲", "stage": "乙"})

    assert (told("moved"), told("waits")) == (["clerk"], ["lead"])
    assert queries.still_to_tell(world.users.values(), "k") == [
        user for name, user in world.users.items() if name not in ("clerk", "lead")
    ]


# --- reminders -----------------------------------------------------------------------------------


def give(world, proceeding) -> None:
    give_tasks(
        proceeding=proceeding, provision_ids=["1.1.1", "1.1.2"], due_on=date(2026, 12, 10),
        department=world.unit.departments.get(), actor=world.actors["clerk"], now=NOW,
    )  # fmt: skip


def test_reminder_comes_before_and_on_the_day_once_each(world):
    proceeding = world.proceeding()
    give(world, proceeding)
    days = [NOW + timedelta(days=day, hours=hour) for day in range(12) for hour in (0, 5)]

    counts = {at.date().day: 0 for at in days}
    for at in days:
        counts[at.date().day] += remind(now=at)

    assert {day: n for day, n in counts.items() if n} == {7: 1, 10: 1}


def test_reminder_names_only_what_is_still_open_and_nothing_once_all_is_stated(world):
    proceeding = world.proceeding()
    give(world, proceeding)
    for provision, column in (("1.1.1", "leading_group_in_place"),):
        state_fact(proceeding=proceeding, provision_id=provision, source="self",
                   raw={column: "是"}, actor=world.actors["clerk"], now=NOW)  # fmt: skip

    remind(now=NOW + timedelta(days=9))

    assert Message.objects.get(kind="task_due").params["clauses"] == "1.1.2"


def test_nobody_is_reminded_once_the_file_is_handed_in(world):
    proceeding = world.proceeding(facts=True)
    give(world, proceeding)
    proceeding.facts.filter(provision="1.1.1").delete()
    proceeding.stage = "provincial_inspection"
    proceeding.save()

    assert remind(now=NOW + timedelta(days=9)) == 0


# --- when and in which language ------------------------------------------------------------------


@pytest.mark.parametrize(("mail", "at", "expected"), [
    (Mail.AT_ONCE, datetime(2026, 12, 1, 2, tzinfo=UTC), datetime(2026, 12, 1, 2, tzinfo=UTC)),
    (Mail.AT_ONCE, datetime(2026, 12, 1, 13, tzinfo=UTC), datetime(2026, 12, 1, 23, tzinfo=UTC)),
    (Mail.AT_ONCE, datetime(2026, 12, 1, 22, tzinfo=UTC), datetime(2026, 12, 1, 23, tzinfo=UTC)),
    (Mail.AT_ONCE, datetime(2026, 12, 1, 23, tzinfo=UTC), datetime(2026, 12, 1, 23, tzinfo=UTC)),
    (Mail.DIGEST, datetime(2026, 12, 1, 2, tzinfo=UTC), datetime(2026, 12, 2, 0, tzinfo=UTC)),
    (Mail.NONE, datetime(2026, 12, 1, 2, tzinfo=UTC), None),
])  # fmt: skip
def test_mail_waits_for_quiet_hours_and_digest(mail, at, expected):
    """Quiet from 21:00 to 07:00 in Shanghai; the digest at 08:00."""
    assert due_at(Wishes(mail=mail), at) == expected


def test_quiet_hours_by_day_do_not_span_midnight():
    siesta = Wishes(quiet_from=time(12), quiet_until=time(14))

    assert due_at(siesta, datetime(2026, 12, 1, 5, tzinfo=UTC)) == datetime(
        2026, 12, 1, 6, tzinfo=UTC
    )
    assert due_at(siesta, datetime(2026, 12, 1, 20, tzinfo=UTC)) == datetime(
        2026, 12, 1, 20, tzinfo=UTC
    )


# --- letters -------------------------------------------------------------------------------------


class Keeping:
    """A mail server's handler that keeps what it was given; ``answer`` is its reply to DATA."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer, self.kept = answer, []

    async def handle_DATA(self, server, session, envelope):
        self.kept.append(envelope)
        return self.answer


@pytest.fixture
def server(settings):
    """A real mail server on the loopback, as the site's; started by calling it."""
    running = []

    def start(answer: str = "250 OK") -> Keeping:
        handler = Keeping(answer)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        controller = Controller(handler, hostname="127.0.0.1", port=port)
        controller.start()
        running.append(controller)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        return handler

    yield start
    for controller in running:
        controller.stop()


def with_mail(world, name: str, **wishes) -> None:
    user = world.users[name]
    user.email = f"{name}@example.org"
    user.save()
    Wishes.objects.create(user=user, **wishes)


def test_letter_leaves_once_in_the_receivers_language_with_a_link(world, server):
    handler = server()
    with_mail(world, "reviewer", language="en")
    proceeding = world.proceeding(facts=True)
    make_move(proceeding=proceeding, move_id="submit", actor=world.actors["lead"], now=NOW)

    for _ in range(3):
        post.collect(NOW)
        post.deliver(NOW)

    assert len(handler.kept) == 1
    mail = message_from_bytes(handler.kept[0].content, policy=default)
    assert mail["To"] == "reviewer@example.org"
    assert "waits for you" in mail["Subject"]
    assert f"/applications/{proceeding.pk}/" in mail.get_content()
    assert Letter.objects.get().state == LetterState.SENT


def test_digest_puts_the_days_messages_into_one_letter(world, server):
    handler = server()
    with_mail(world, "clerk", mail=Mail.DIGEST)
    for number in range(3):
        actions.tell(
            actions.Circle([world.users["clerk"]], "moved", "applicant"), key=str(number),
            address="/x/", now=NOW + timedelta(hours=number),
            params={"unit": "甲", "stage": str(number)},
        )  # fmt: skip

    assert (post.collect(NOW + timedelta(hours=5)), post.deliver(NOW)) == (0, 0)
    morning = datetime(2026, 12, 2, 0, 1, tzinfo=UTC)
    assert (post.collect(morning), post.deliver(morning)) == (1, 1)
    mail = message_from_bytes(handler.kept[0].content, policy=default)
    assert mail["Subject"].endswith("3 条消息")


def waiting_letter(world) -> Letter:
    with_mail(world, "clerk")
    actions.tell(actions.Circle([world.users["clerk"]], "moved", "applicant"), key="k",
                 address="/x/", now=NOW, unit_id=world.unit.pk, programme="neac",
                 params={"unit": "甲", "stage": "乙"})  # fmt: skip
    post.collect(NOW)
    return Letter.objects.get()


def test_refused_letter_is_tried_again_and_given_up_in_the_end(world, server):
    handler = server("451 later")
    letter = waiting_letter(world)
    at = NOW
    for _ in range(10):
        post.deliver(at)
        at += timedelta(hours=3)

    letter.refresh_from_db()
    assert (letter.state, letter.tries, len(handler.kept)) == (LetterState.FAILED, 5, 5)


def test_closed_account_gets_no_letter(world, server):
    handler = server()
    with_mail(world, "clerk")
    actions.tell(actions.Circle([world.users["clerk"]], "moved", "applicant"), key="k",
                 address="/x/", now=NOW, params={"unit": "甲", "stage": "乙"})  # fmt: skip
    type(world.users["clerk"]).objects.filter(username="clerk").update(is_active=False)

    assert (post.collect(NOW), post.deliver(NOW), handler.kept) == (0, 0, [])


def test_unreachable_server_loses_no_letter(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    letter = waiting_letter(world)

    assert post.deliver(NOW) == 0

    letter.refresh_from_db()
    assert letter.state == LetterState.READY


def test_letter_whose_sender_was_killed_is_not_sent_again_by_itself(world, server):
    handler = server()
    letter = waiting_letter(world)
    post._claim(NOW)  # as far as a sender came that was killed

    post.deliver(NOW + timedelta(minutes=11))

    letter.refresh_from_db()
    assert (letter.state, handler.kept) == (LetterState.UNKNOWN, [])
    world.client("reviewer").post(f"/messages/outbox/{letter.pk}/again/")
    assert post.deliver(NOW + timedelta(minutes=12)) == 1
    assert len(handler.kept) == 1


# --- pages ---------------------------------------------------------------------------------------


def test_messages_are_ones_own_and_read_when_followed(world, handed_in):
    client = world.client("reviewer")
    message = Message.objects.get(receiver=world.users["reviewer"])
    assert "1 条新消息" in client.get("/messages/").content.decode()

    assert world.client("clerk").get(f"/messages/{message.pk}/").status_code == 404
    assert client.get(f"/messages/{message.pk}/").headers["Location"] == message.address

    message.refresh_from_db()
    assert message.read_at == NOW
    assert "条新消息" not in client.get("/messages/").content.decode()


def test_outbox_shows_an_office_its_own_area_and_not_the_tier_above(world, handed_in):
    actions.tell(actions.Circle([world.users["national_officer"]], "waits", "national"),
                 key="secret", address="/", now=NOW, unit_id=world.unit.pk, programme="neac",
                 params={"unit": "玉溪市", "stage": "机密环节"})  # fmt: skip

    def page(name: str) -> str:
        return world.client(name).get("/messages/outbox/").content.decode()

    assert "玉溪市" in page("reviewer")
    assert "机密环节" not in page("reviewer")
    assert "机密环节" in page("national_officer")
    assert "玉溪市" not in page("other_reviewer")


@pytest.mark.parametrize("name", ["reviewer", "national_officer", "auditor"])
def test_outbox_does_not_tell_what_a_unit_does_with_its_draft(world, name):
    proceeding = world.proceeding()
    give(world, proceeding)
    make_move(proceeding=proceeding, move_id="withdraw", actor=world.actors["lead"], now=NOW,
              reason="x")  # fmt: skip
    assert Message.objects.count() == 2

    assert world.unit.name not in world.client(name).get("/messages/outbox/").content.decode()


def test_wishes_are_kept_and_bad_ones_refused(world):
    client = world.client("clerk")
    sent = {"email": "a@example.org", "language": "en", "mail": "digest", "quiet_from": "20:00",
            "quiet_until": "08:00"}  # fmt: skip

    assert client.post("/messages/wishes/", {**sent, "mail": "hourly"}).status_code == 422
    assert client.post("/messages/wishes/", sent).status_code == 302

    wishes = Wishes.objects.get()
    assert (wishes.language, wishes.mail, wishes.quiet_from) == ("en", "digest", time(20))


def test_list_costs_the_same_for_3_and_for_40(world):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    costs = []
    for count in (3, 40):
        for number in range(count):
            actions.tell(
                actions.Circle([world.users["clerk"]], "moved", "applicant"),
                key=f"{count}:{number}", address="/", now=NOW,
                params={"unit": "甲", "stage": "乙"},
            )  # fmt: skip
        client = world.client("clerk")
        with CaptureQueriesContext(connection) as captured:
            client.get("/messages/")
        costs.append(len(captured))
    assert costs[0] == costs[1]
