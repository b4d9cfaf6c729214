"""An office's campaign from its plan to the fact in the file, and what it refuses on the way."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.conftest import NOW
from tests.surveys.conftest import DAY, answer, close, planned, put
from tools.instruments import SATISFACTION

from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.ledger.models import Entry
from shifan.surveys import actions, queries, sealing
from shifan.surveys.instrument.model import Instrument
from shifan.surveys.instrument.write import write
from shifan.surveys.mixing import mix, mix_all
from shifan.surveys.models import Campaign, Token
from shifan.units.models import Unit


def test_campaign_goes_from_plan_to_result(world, reviewer):
    campaign = planned(world)
    actions.set_strata(
        campaign=campaign, given={"urban|30_44": (1000, 20)}, actor=reviewer, now=NOW
    )
    actions.open_(campaign=campaign, actor=reviewer, now=NOW)
    answer(campaign, 50)
    actions.close(campaign=campaign, actor=reviewer, now=NOW)

    campaign.refresh_from_db()
    assert campaign.answers.count() == 50
    verbs = Entry.objects.filter(verb__startswith="campaign.").order_by("number")
    assert list(verbs.values_list("verb", flat=True)) == [
        "campaign.planned", "campaign.strata_set", "campaign.opened", "campaign.closed",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["lead", "national_reviewer", "other_reviewer", "auditor"])
def test_only_the_office_that_states_the_survey_runs_it(world, who):
    with pytest.raises(NotAllowed):
        planned(world, actor=world.actors[who])


def test_form_that_lacks_the_rule_book_s_questions_is_not_planned(world):
    questions = tuple(q for q in SATISFACTION.questions if q.name not in ("effect",))
    form = Instrument(id="f", title="f", languages=SATISFACTION.languages, questions=questions)

    with pytest.raises(BadInput, match="must ask a select_one question effect"):
        planned(world, instrument=form)


@pytest.mark.parametrize(("first", "last"), [(2, 1), (-9, -1)])
def test_days_that_cannot_be_are_not_planned(world, first, last):
    with pytest.raises(BadInput, match="cannot end before it begins, or before today"):
        planned(world, opens_on=NOW.date() + first * DAY, closes_on=NOW.date() + last * DAY)


def test_what_cannot_be_done_twice_or_too_late_is_refused(world, reviewer, closed):
    for act in (actions.open_, actions.close):
        with pytest.raises(Conflict):
            act(campaign=closed, actor=reviewer, now=NOW)
    with pytest.raises(Conflict, match="populations stay"):
        actions.set_strata(campaign=closed, given={}, actor=reviewer, now=NOW)
    with pytest.raises(Conflict):
        actions.make_tokens(campaign=closed, count=5, actor=reviewer, now=NOW)


def test_codes_are_shown_once_and_kept_as_digests_only(make, reviewer):
    campaign = make("token")

    made = actions.make_tokens(campaign=campaign, count=50, actor=reviewer, now=NOW)

    assert len(set(made)) == Token.objects.count() == 50
    kept = b"".join(bytes(token.digest) for token in Token.objects.all())
    assert not any(word.encode() in kept for word in made)
    assert "".join(made).replace("-", "").isalnum()
    for count in (0, 100_001):
        with pytest.raises(BadInput):
            actions.make_tokens(campaign=campaign, count=count, actor=reviewer, now=NOW)


@pytest.mark.parametrize("ended", [False, True])
def test_progress_shows_tens_and_no_small_cell_ever(campaign, ended):
    answer(campaign, 37)
    put(campaign, 25, area="urban", age_band="30_44")
    put(campaign, 44, area="rural", age_band="30_44")
    put(campaign, 3, area="rural", age_band="60_up")
    if ended:
        close(campaign)

    progress = queries.progress(campaign)

    assert (progress.received, progress.waiting, progress.days) == (30, 30, ((NOW.date(), 70),))
    shown = {row.key: row.answers for row in progress.strata if row.answers is not None}
    assert shown == {"rural|30_44": 40}


def test_campaign_of_fewer_than_ten_never_says_how_many(campaign):
    answer(campaign, 7)
    close(campaign)
    mix(campaign, NOW)

    assert queries.progress(campaign).received == 0


def test_lost_key_neither_breaks_the_end_nor_holds_up_other_campaigns(campaign, make, keys, world):
    answer(campaign, 30)
    for path in keys.iterdir():
        path.unlink()
    sealing._public_key.cache_clear()
    other = make(code="efgh")
    answer(other, 30)

    client = world.client("reviewer")
    assert client.post(reverse("surveys:close", args=["abcd"])).status_code == 302
    page = client.get(reverse("surveys:campaign", args=["abcd"]))
    assert page.status_code == 200
    assert "密钥文件夹中缺少一把密钥" in page.content.decode()
    close(other)
    assert mix_all(NOW + DAY) == 30


def test_answers_of_a_lost_key_are_given_up_with_a_reason_and_the_others_kept(
    campaign, keys, world, reviewer
):
    answer(campaign, 30)
    for path in keys.iterdir():
        path.unlink()
    sealing._public_key.cache_clear()
    answer(campaign, 25, NOW + DAY)
    client = world.client("reviewer")
    client.cookies["django_language"] = "en"
    client.post(reverse("surveys:close", args=["abcd"]))
    page = client.get(reverse("surveys:campaign", args=["abcd"]))
    assert "A key is missing from the key folder" in page.content.decode()

    with pytest.raises(BadInput):
        actions.give_up(campaign=campaign, reason=" ", actor=reviewer, now=NOW)
    done = client.post(reverse("surveys:give_up", args=["abcd"]), {"reason": "磁盘损坏"})

    assert done.status_code == 302
    assert (campaign.answers.count(), campaign.pouches.count()) == (25, 0)
    entry = Entry.objects.get(verb="campaign.given_up")
    assert (entry.details["answers"], entry.details["reason"]) == (30, "磁盘损坏")
    again = client.post(reverse("surveys:give_up", args=["abcd"]), {"reason": "x"})
    assert again.status_code == 409


def test_fewer_than_ten_that_are_left_are_given_up_with_the_lost_ones(campaign, keys, reviewer):
    answer(campaign, 30)
    for path in keys.iterdir():
        path.unlink()
    sealing._public_key.cache_clear()
    answer(campaign, 6, NOW + DAY)
    close(campaign)

    actions.give_up(campaign=campaign, reason="x", actor=reviewer, now=NOW)

    assert (campaign.answers.count(), campaign.pouches.count()) == (0, 0)
    assert Entry.objects.get(verb="campaign.given_up").details["answers"] == 30


def test_nothing_is_given_up_that_can_be_read_or_while_it_runs(campaign, keys, reviewer):
    answer(campaign, 30)
    for lose in (False, True):
        if lose:
            for path in keys.iterdir():
                path.unlink()
        with pytest.raises(Conflict, match="No key is lost"):
            actions.give_up(campaign=campaign, reason="x", actor=reviewer, now=NOW)

    assert campaign.pouches.count() == 1


def test_end_of_a_campaign_of_fewer_than_ten_tells_the_ledger_no_number(campaign, reviewer):
    answer(campaign, 7)
    actions.close(campaign=campaign, actor=reviewer, now=NOW)

    assert Entry.objects.get(verb="campaign.closed").details["answers"] == 0


def test_pages_lead_an_officer_through(world):
    client = world.client("reviewer")
    assert client.get(reverse("surveys:new")).status_code == 200
    given = {
        "unit": world.unit.name, "survey": f"{world.cycle.pk}:satisfaction", "assurance": "token",
        "opens_on": NOW.date().isoformat(), "closes_on": (NOW.date() + DAY).isoformat(),
    }  # fmt: skip

    made = client.post(reverse("surveys:new"), given)
    code = Campaign.objects.get().code
    assert made["Location"] == reverse("surveys:campaign", args=[code])
    for name, data in (
        ("strata", {"population:urban|30_44": "12,000", "target:urban|30_44": "40"}),
        ("open", {}),
    ):
        assert client.post(reverse(f"surveys:{name}", args=[code]), data).status_code == 302
    assert Campaign.objects.get().populations.get(key="urban|30_44").population == 12_000
    codes = client.post(reverse("surveys:codes", args=[code]), {"count": "3"})
    lines = b"".join(codes.streaming_content).decode("utf-8-sig").split()
    assert len(lines) == 4
    assert lines[0] == "code,address"
    poster = client.get(reverse("surveys:poster", args=[code]), {"site": "玉兴街道"})
    assert b"".join(poster.streaming_content).startswith(b"%PDF")
    assert client.post(reverse("surveys:close", args=[code])).status_code == 302
    assert client.get(reverse("surveys:campaign", args=[code])).status_code == 200


def test_name_of_several_units_is_not_guessed(world):
    unit, below = world.unit, world.unit.division.children.first()
    twin = Unit.objects.create(name=unit.name, unit_type="school", division=below)
    client = world.client("reviewer")
    client.cookies["django_language"] = "en"
    given = {
        "survey": f"{world.cycle.pk}:satisfaction", "assurance": "open",
        "opens_on": NOW.date().isoformat(), "closes_on": NOW.date().isoformat(),
    }  # fmt: skip

    got = client.post(reverse("surveys:new"), {"unit": unit.name} | given)
    assert got.status_code == 400
    assert "please write “name · division”" in got.content.decode()

    page = client.get(reverse("surveys:new")).content.decode()
    assert f'<option value="{twin.name} · {below.name}">' in page
    client.post(reverse("surveys:new"), {"unit": f"{twin.name} · {below.name}"} | given)
    assert Campaign.objects.get().unit == twin


def test_bad_plans_say_what_is_wrong(world):
    client = world.client("reviewer")
    given = {
        "unit": world.unit.name, "survey": f"{world.cycle.pk}:satisfaction", "assurance": "open",
        "opens_on": NOW.date().isoformat(), "closes_on": NOW.date().isoformat(),
    }  # fmt: skip
    for change, said in (
        ({"unit": world.neighbour.name}, "There is no such unit in your area."),
        ({"opens_on": "tomorrow"}, "Enter a valid date."),
        ({"form": SimpleUploadedFile("f.xlsx", b"nonsense")}, "this is CSV: save it as one"),
    ):
        client.cookies["django_language"] = "en"
        got = client.post(reverse("surveys:new"), given | change)
        assert got.status_code == 400
        assert said in got.content.decode()
    assert Campaign.objects.count() == 0


def test_form_goes_out_and_comes_back_the_same(world, campaign):
    got = world.client("reviewer").get(reverse("surveys:form", args=["abcd"]))

    assert b"".join(got.streaming_content) == write(SATISFACTION)


def test_public_address_leads_to_the_light_path(client, settings, db):
    settings.SITE_ADDRESS, settings.SURVEY_ADDRESS = "http://a", "http://b"

    for method in (client.get, client.post):
        got = method("/s/abcd/?lang=en")
        assert (got.status_code, got["Location"]) == (307, "http://b/s/abcd/?lang=en")


def test_list_costs_the_same_queries_for_few_and_many(world, make, django_assert_num_queries):
    client = world.client("reviewer")
    make(code="aaaa")
    client.get(reverse("surveys:list"))
    counts = []
    for codes in (["bbbb"], [f"c{i:03}" for i in range(40)]):
        for code in codes:
            make(code=code)
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("surveys:list"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
