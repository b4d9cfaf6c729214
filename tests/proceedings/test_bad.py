"""What goes wrong: two at once, a party ended in its turn, a clock that jumps back, one of many."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.applications.test_races import at_once
from tests.conftest import NOW
from tests.titled import begun

from shifan.accounts.actor import SYSTEM
from shifan.accounts.models import User
from shifan.errors import BadInput, NotAllowed
from shifan.ledger.models import Entry
from shifan.ledger.queries import verify
from shifan.people.models import Declaration, Workplace
from shifan.proceedings.actions import (
    BadParty,
    Refused,
    assign,
    dismiss,
    make_move,
    make_moves,
    settle,
    speak,
    stand_aside,
)
from shifan.proceedings.models import Party, Proceeding, Step, Turn, Voice
from shifan.proceedings.queries import proceedings_for, waiting_for
from shifan.titles.models import Event, Title
from shifan.titles.openings import open_due, strike
from shifan.titles.queries import held_by, standing
from shifan.units.actions import register_unit
from shifan.units.models import Division


def mission(network):
    file = network.move(network.apply(), "submit", "lead")
    network.evaluators(file)
    return network.move(file, "send", "officer")


def test_party_ended_in_its_turn_has_no_voice_and_no_turn_any_more(network):
    file = mission(network)
    eva, now = network.who("eva"), network.now
    speak(proceeding=file, choice="recommend", actor=eva, now=now)
    part = Party.objects.get(user=network.users["eva"])
    assert proceedings_for(eva).filter(waiting_for(eva)).get() == file

    with pytest.raises(BadInput):
        dismiss(party=part, actor=network.who("officer"), now=now, reason=" ")
    dismiss(party=part, actor=network.who("officer"), now=now, reason="生病")

    assert not proceedings_for(eva).exists()
    with pytest.raises(NotAllowed):
        speak(proceeding=file, choice="recommend", actor=eva, now=now)
    assign(proceeding=file, capacity="evaluator", user=network.users["stranger"],
           actor=network.who("officer"), now=now)  # fmt: skip
    speak(proceeding=file, choice="recommend", actor=network.who("adam"), now=now)
    assert Proceeding.objects.get(pk=file.pk).stage == "mission"
    speak(proceeding=file, choice="recommend", actor=network.who("stranger"), now=now)
    assert Proceeding.objects.get(pk=file.pk).stage == "council"
    assert Voice.objects.count() == 3


def test_who_stands_aside_says_so_itself_and_does_not_count(network):
    file = mission(network)
    part = Party.objects.get(user=network.users["eva"])

    with pytest.raises(NotAllowed):
        stand_aside(party=part, actor=network.who("adam"), now=network.now, reason="x")
    stand_aside(party=part, actor=network.who("eva"), now=network.now, reason="曾任顾问")

    assert not Turn.objects.filter(party=part).exists()
    speak(proceeding=file, choice="recommend", actor=network.who("adam"), now=network.now)
    assert Proceeding.objects.get(pk=file.pk).stage == "council"


@pytest.mark.parametrize("kind", ["area", "file", "declared", "kept", "twice"])
def test_conflicts_refuse_an_assignment_with_the_article(network, kind):
    file = network.move(network.apply(), "submit", "lead")
    user, unit = network.users["stranger"], network.unit
    if kind == "area":
        Workplace.objects.create(user=user, employer="x", division=unit.division)
    elif kind == "file":
        user = network.users["lead"]
    elif kind in ("declared", "kept"):
        until = network.now.date() - timedelta(days=365 * (2 if kind == "declared" else 6))
        Declaration.objects.create(
            user=user, unit=unit, sort="advised", until=until, made_at=network.now
        )
    elif kind == "twice":
        assign(proceeding=file, capacity="evaluator", user=user, actor=network.who("officer"),
               now=network.now)  # fmt: skip
    if kind == "kept":
        assign(proceeding=file, capacity="evaluator", user=user, actor=network.who("officer"),
               now=network.now)  # fmt: skip
        return
    with pytest.raises(BadInput) as refused:
        assign(proceeding=file, capacity="evaluator", user=user, actor=network.who("officer"),
               now=network.now)  # fmt: skip

    if kind != "twice":
        assert isinstance(refused.value, BadParty)
        assert all("(article" in text.en for text in refused.value.texts)


def test_only_those_the_book_names_assign(network):
    file = network.move(network.apply(), "submit", "lead")

    for name in ("approver", "lead", "stranger"):
        with pytest.raises(NotAllowed):
            assign(proceeding=file, capacity="evaluator", user=network.users["eva"],
                   actor=network.who(name), now=network.now)  # fmt: skip
    with pytest.raises(NotAllowed):
        assign(proceeding=file, capacity="chair", user=network.users["eva"],
               actor=network.who("officer"), now=network.now)  # fmt: skip


def test_clock_that_jumps_back_undoes_nothing_and_does_nothing_twice(network):
    title = network.member()
    network.go_to(datetime(2030, 3, 5, 12, tzinfo=UTC))
    steps, events = Step.objects.count(), Event.objects.count()

    network.go_to(datetime(2029, 1, 1, tzinfo=UTC))
    network.go_to(datetime(2030, 3, 9, tzinfo=UTC))

    assert (Step.objects.count(), Event.objects.count()) == (steps, events)
    assert [e.what for e in title.events.order_by("pk")] == ["awarded", "lapsed"]


def test_person_who_comes_too_late_meets_what_the_clock_has_done(network):
    title = network.member()
    for year, card in ((2029, "yellow"), (2031, "red")):
        network.go_to(datetime(year, 9, 2, tzinfo=UTC))
        check = network.running("revalidation")
        network.evaluators(check)
        network.move(check, "send", "officer")
        network.agree(check, card, "x")
    appeal = network.running("appeal")
    network.now += timedelta(days=40)  # no clock has run since

    with pytest.raises(Refused) as refused:
        network.move(appeal, "lodge", "lead", reason="x")

    assert [r.code for r in refused.value.refusals] == ["not_open"]
    assert Proceeding.objects.get(pk=appeal.pk).stage == "open", "the refusal wrote nothing"
    settle(now=network.now)
    assert Proceeding.objects.get(pk=appeal.pk).stage == "closed"
    assert title.events.last().what == "revoked"


def test_title_on_the_register_is_what_the_due_move_makes_it_before_the_clock_has_run(network):
    title = network.member()
    network.go_to(datetime(2029, 9, 2, tzinfo=UTC))

    network.now = datetime(2030, 3, 4, tzinfo=UTC)

    assert network.state(title) == ("expired", "green")
    assert not title.events.filter(what="lapsed").exists()


@pytest.mark.parametrize(
    ("brings", "state"),
    [("revoked", "revoked"), ("suspended", "suspended"), ("lapsed", "expired"), ("", "valid")],
)
def test_what_the_clock_has_to_do_counts_as_done_from_its_moment(network, brings, state):
    title = network.member()
    network.go_to(datetime(2029, 9, 2, tzinfo=UTC))
    Turn.objects.create(
        proceeding=network.running("revalidation"), move="x", due_at=network.now, brings=brings
    )

    assert network.state(title) == (state, "green")
    held = held_by([network.unit.pk], "geoparks", network.now.date(), False)[network.unit.pk]
    assert bool(held.until) == (state == "valid")
    assert str(standing(title, network.now.date(), network.now).state) == "valid", "not recorded"
    network.now -= timedelta(days=1)
    assert network.state(title) == ("valid", "green")


@pytest.mark.django_db(transaction=True)
def test_one_of_several_clocks_makes_the_move(network):
    title = network.member()
    open_due(now=datetime(2029, 9, 2, tzinfo=UTC))
    moment = datetime(2030, 3, 5, tzinfo=UTC)

    at_once(lambda _: settle(now=moment))

    assert title.events.filter(what="lapsed").count() == 1
    assert verify()["ok"] is True


@pytest.mark.django_db(transaction=True)
def test_two_voices_at_once_make_one_step(network):
    file = mission(network)

    outcome = at_once(
        lambda number: speak(
            proceeding=file, choice="recommend", now=network.now,
            actor=network.who(("eva", "adam")[number % 2]),
        )
    )  # fmt: skip

    assert "ok" in outcome
    assert Step.objects.filter(proceeding=file, move="recommend").count() == 1


def test_one_of_many_that_cannot_move_is_named_and_none_moves(world):
    kind = world.cycle.measures.unit_type("prefecture")
    files = []
    for number in range(3):
        division = Division.objects.create(
            code=f"54{number}", name=f"第{number}州", level="prefecture", parent_id="53",
            path=f"/53/54{number}/",
        )  # fmt: skip
        unit = register_unit(
            name=division.name, kind=kind, division=division, actor=SYSTEM, now=NOW
        )
        files.append(begun(unit, world.cycle, "expert_panel", ["national"]))
    entries = Entry.objects.count()

    with pytest.raises(Refused) as refused:
        make_moves(
            proceedings=files, move_id="recommend", actor=world.actors["national_officer"], now=NOW,
            reason="x", document="x",
        )  # fmt: skip

    assert "第0州：" in refused.value.texts[0].zh
    assert not Title.objects.filter(level="national").exists()
    assert Entry.objects.count() == entries


def test_person_makes_no_move_of_a_capacity_by_the_other_way(network):
    file = mission(network)

    with pytest.raises((Refused, NotAllowed)):
        make_move(proceeding=file, move_id="recommend", actor=network.who("lead"), now=network.now)
    with pytest.raises(Refused):
        make_move(proceeding=file, move_id="recommend", actor=network.who("eva"), now=network.now)
    with pytest.raises(NotAllowed):
        speak(proceeding=file, choice="abstain", actor=network.who("lead"), now=network.now)


def test_nothing_is_due_twice_when_the_clock_strikes_twice(network):
    network.member()
    moment = datetime(2029, 9, 2, tzinfo=UTC)

    assert strike(now=moment) == 1
    assert strike(now=moment) == 0
    assert User.objects.exists()
