"""The geopark book, played through: agreement of two, cards, a red card, an appeal, the clock."""

from datetime import UTC, date, datetime

import pytest

from shifan.errors import NotAllowed
from shifan.ledger.queries import verify
from shifan.proceedings.actions import Refused, speak
from shifan.proceedings.models import Proceeding, Voice
from shifan.titles.models import Event


def test_two_must_agree_and_a_green_card_stands_for_four_years(network):
    file = network.move(network.apply(), "submit", "lead")
    with pytest.raises(Refused) as refused:
        network.move(file, "send", "officer")
    assert [r.code for r in refused.value.refusals] == ["parties_missing"]
    network.evaluators(file)
    file = network.move(file, "send", "officer")

    first = speak(proceeding=file, choice="recommend", actor=network.who("eva"), now=network.now)
    assert first is None
    with pytest.raises(NotAllowed):
        speak(proceeding=file, choice="recommend", actor=network.who("stranger"), now=network.now)
    second = speak(proceeding=file, choice="recommend", actor=network.who("adam"), now=network.now)
    assert second is not None and second.to_stage == "council"

    network.move(file, "award", "approver")
    term = Event.objects.get()
    assert (term.what, term.grade, term.step.move) == ("awarded", "green", "award")
    assert (term.holds_from, term.until) == (date(2026, 3, 2), date(2030, 3, 1))
    assert verify()["ok"] is True


def test_who_disagrees_keeps_the_mission_where_it_is_and_may_change_its_mind(network):
    file = network.move(network.apply(), "submit", "lead")
    network.evaluators(file)
    file = network.move(file, "send", "officer")
    eva, adam = network.who("eva"), network.who("adam")

    speak(proceeding=file, choice="recommend", actor=eva, now=network.now)
    speak(proceeding=file, choice="advise_against", actor=adam, now=network.now, reason="x")
    assert Proceeding.objects.get(pk=file.pk).stage == "mission"
    speak(proceeding=file, choice="advise_against", actor=eva, now=network.now, reason="y")

    assert Proceeding.objects.get(pk=file.pk).stage == "council"
    assert Voice.objects.count() == 2
    with pytest.raises(Refused) as refused:
        network.move(file, "award", "approver")
    assert [r.code for r in refused.value.refusals] == ["not_before"]


def test_yellow_then_red_then_an_appeal_that_stays_it(network):
    title = network.member()
    network.go_to(datetime(2029, 9, 1, 23, tzinfo=UTC))
    check = network.running("revalidation")
    assert (check.created_at.date(), check.stage) == (date(2029, 9, 1), "report")
    network.evaluators(check)
    network.move(check, "send", "officer")
    with pytest.raises(Refused):
        network.agree(check, "red", "x")
    network.agree(check, "yellow", "道路失修")
    assert network.state(title) == ("valid", "green"), "the old rhythm goes on to its end"
    assert title.events.get(grade="yellow").until == date(2032, 3, 1)
    network.go_to(datetime(2030, 3, 2, 12, tzinfo=UTC))
    assert network.state(title) == ("valid", "yellow")

    network.go_to(datetime(2031, 9, 2, tzinfo=UTC))
    again = network.running("revalidation")
    network.evaluators(again)
    network.move(again, "send", "officer")
    network.agree(again, "red", "未整改")
    assert network.state(title) == ("revoked", "yellow")
    appeal = network.running("appeal")
    assert appeal.origin.move == "red"

    network.pass_(days=3)
    appeal = network.move(appeal, "lodge", "lead", reason="已整改")
    assert network.state(title) == ("valid", "yellow")
    network.pass_(days=10)
    network.move(appeal, "uphold", "approver", reason="证据充分")

    assert network.state(title) == ("revoked", "yellow")
    kinds = [e.what for e in title.events.order_by("pk")]
    assert kinds == ["awarded", "awarded", "revoked", "stayed", "resumed"]
    assert verify()["ok"] is True


def test_annulled_red_card_never_was(network):
    title = network.member()
    for year, card in ((2029, "yellow"), (2031, "red")):
        network.go_to(datetime(year, 9, 2, tzinfo=UTC))
        check = network.running("revalidation")
        network.evaluators(check)
        network.move(check, "send", "officer")
        network.agree(check, card, "x")
    appeal = network.move(network.running("appeal"), "lodge", "lead", reason="x")

    network.move(appeal, "annul", "approver", reason="程序有误")

    assert network.state(title) == ("valid", "yellow")
    assert [e.what for e in title.events.order_by("pk")] == [
        "awarded", "awarded", "revoked", "stayed", "annulled", "resumed",
    ]  # fmt: skip


def test_appeal_that_nobody_lodges_is_closed_by_the_clock_after_thirty_days(network):
    title = network.member()
    for year, card in ((2029, "yellow"), (2031, "red")):
        network.go_to(datetime(year, 9, 2, tzinfo=UTC))
        check = network.running("revalidation")
        network.evaluators(check)
        network.move(check, "send", "officer")
        network.agree(check, card, "x")

    network.pass_(days=32)

    appeal = Proceeding.objects.get(procedure_id="appeal")
    step = appeal.steps.get(move="run_out")
    assert (appeal.stage, step.by) == ("closed", None)
    assert (step.recorded_at - step.at).days == 1
    assert network.state(title) == ("revoked", "yellow")


def test_title_that_nobody_revalidates_lapses_by_the_clock_once(network):
    title = network.member()

    network.go_to(datetime(2030, 3, 5, 12, tzinfo=UTC))
    network.go_to(datetime(2030, 3, 6, 12, tzinfo=UTC))

    lapse = title.events.get(what="lapsed")
    assert lapse.holds_from == date(2030, 3, 2)
    assert lapse.recorded_at.date() == date(2030, 3, 5)
    assert network.state(title) == ("expired", "green")
    assert verify()["ok"] is True
