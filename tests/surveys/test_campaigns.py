"""An office's campaign from its plan to the fact in the file, and what it refuses on the way."""

from __future__ import annotations

import io
from contextlib import nullcontext
from decimal import Decimal
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.conftest import NOW
from tests.surveys.conftest import DAY, WHOLE, answer, close, content
from tools.instruments import SATISFACTION

from shifan.accounts.actor import SYSTEM
from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.ledger.models import Entry
from shifan.surveys import actions, engines, queries, results, sealing, weighing
from shifan.surveys import bring_in as bring_in_module
from shifan.surveys.bring_in import bring_in
from shifan.surveys.instrument.model import Instrument
from shifan.surveys.instrument.write import write
from shifan.surveys.mixing import mix, mix_all
from shifan.surveys.models import Answer, Campaign, Receipt, Token
from shifan.units.models import Unit


def planned(world, **given) -> Campaign:
    return actions.plan(**{
        "unit": world.unit, "cycle": world.cycle, "survey": "satisfaction", "assurance": "open",
        "instrument": SATISFACTION, "opens_on": NOW.date(), "closes_on": NOW.date() + 30 * DAY,
        "actor": world.actors["reviewer"], "now": NOW, **given,
    })  # fmt: skip


def put(campaign: Campaign, count: int, flags: list[str] | None = None, **said: str) -> None:
    """So many equal answers, as they are after mixing."""
    values = WHOLE | said
    Answer.objects.bulk_create([
        Answer(campaign=campaign, day=NOW.date(), stratum=campaign.stratum(values), values=values,
               flags=flags or [])
        for _ in range(count)
    ])  # fmt: skip


@pytest.fixture
def reviewer(world):
    return world.actors["reviewer"]


@pytest.fixture
def closed(campaign):
    close(campaign)
    return campaign


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


def test_every_engine_counts_the_same(closed):
    random = Random(5)
    for _ in range(300):
        said = content(random)
        flags = random.choice(([], [], ["too_fast"], ["burst", "too_fast"]))
        put(closed, 1, flags, **said["values"])
    closed.weightings.create(rule="too_fast", weight=500, reason="x", at=NOW)
    closed.weightings.create(rule="burst", weight=0, reason="x", at=NOW)

    found = {
        name: [each.as_json() for each in results.of(closed, engines.ENGINES[name])]
        for name in ("sql", "polars", "duckdb", "python")
    }
    assert found["polars"] == found["duckdb"] == found["python"] == found["sql"]
    assert found["sql"][0]["weighed"]["n"] < found["sql"][0]["unweighed"]["n"] == 300


def test_excluded_choices_are_no_answers_and_answers_are_weighed_to_the_population(closed):
    put(closed, 60, area="urban", environment="satisfied")
    put(closed, 40, area="rural", environment="dissatisfied")
    put(closed, 30, area="rural", environment="cannot_say")
    plain = results.of(closed)[0].weighed
    assert (plain.n, plain.share, plain.covered) == (100, Decimal("60.000"), None)

    for key, people in (("urban|30_44", 1000), ("rural|30_44", 3000), ("rural|60_up", 1000)):
        closed.populations.create(key=key, population=people)
    result = results.of(closed)[0]
    assert (result.weighed.share, result.covered) == (Decimal("25.000"), 80)
    assert [row.n for row in result.weighed.strata] == [40, 60]


def test_groups_are_merged_until_each_has_ten_and_shown_in_whole_percents(closed):
    put(closed, 40, environment="satisfied")
    put(closed, 9, environment="neutral")
    put(closed, 4, area="rural", age_band="60_up", environment="satisfied")
    put(closed, 20, area="rural", environment="satisfied")
    put(closed, 1, area="rural", environment="neutral")

    assert results.of(closed)[0].shares == {"urban|30_44": 82, "rural|30_44+rural|60_up": 96}


def test_decision_merges_groups_until_it_tells_of_ten_in_each(closed, reviewer):
    """One of the twelve flagged lives in town: two figures by group would tell of that one."""
    for key, people in (("urban|30_44", 1000), ("rural|30_44", 3000)):
        closed.populations.create(key=key, population=people)
    put(closed, 19, environment="satisfied")
    put(closed, 1, ["too_fast"], environment="neutral")
    put(closed, 30, area="rural", environment="satisfied")
    put(closed, 11, ["too_fast"], area="rural", environment="neutral")
    assert len(results.of(closed)[0].weighed.strata) == 2

    actions.weigh(campaign=closed, rule="too_fast", weight=0, reason="x", actor=reviewer, now=NOW)

    result = results.of(closed)[0]
    assert [row.n for row in result.weighed.strata] == [49]
    assert [row.n for row in result.unweighed.strata] == [41, 20]


def test_no_share_by_group_is_shown_where_one_is_of_one_mind(closed):
    put(closed, 40, environment="satisfied")
    put(closed, 10, environment="neutral")
    put(closed, 12, area="rural", environment="satisfied")

    result = results.of(closed)[0]

    assert (result.shares, result.shown) == ({}, True)


@pytest.mark.parametrize(("answers", "shown"), [(12, False), (30, True)])
def test_whole_of_one_mind_is_shown_of_thirty_only(closed, world, answers, shown):
    put(closed, answers, environment="satisfied")

    result = results.of(closed)[0]

    assert result.shown is shown
    assert (result.as_json()["weighed"] is not None) is shown
    provision = results.provision(closed, result.asked)
    assert (result.fact(provision) is not None) is shown


def test_flags_are_weighed_by_a_named_person_with_a_reason_and_both_figures_stand(closed, reviewer):
    put(closed, 40, effect="satisfied")
    put(closed, 20, ["too_fast"], effect="dissatisfied")

    actions.weigh(campaign=closed, rule="too_fast", weight=0, reason="机器作答", actor=reviewer,
                  now=NOW)  # fmt: skip
    effect = results.of(closed)[2]
    assert (effect.weighed.share, effect.unweighed.share) == (Decimal("100.000"), Decimal("66.667"))
    actions.weigh(campaign=closed, rule="too_fast", weight=500, reason="改为减半", actor=reviewer,
                  now=NOW)  # fmt: skip
    assert results.of(closed)[2].weighed.share == Decimal("80.000")
    rows = closed.weightings.order_by("pk")
    assert [(row.weight, row.by.username, row.superseded_at) for row in rows] == [
        (0, "reviewer", NOW), (500, "reviewer", None),
    ]  # fmt: skip
    assert Answer.objects.count() == 60


def test_decision_that_would_set_apart_fewer_than_ten_is_refused(closed, reviewer):
    put(closed, 40)
    put(closed, 9, ["too_fast"])
    put(closed, 20, ["burst"])
    put(closed, 12, ["duplicate"], effect="satisfied")
    put(closed, 8, ["duplicate"], effect="cannot_say")

    def weigh(rule, reason="x"):
        actions.weigh(campaign=closed, rule=rule, weight=0, reason=reason, actor=reviewer, now=NOW)

    with pytest.raises(Conflict, match="fewer than 10"):
        weigh("too_fast")
    weigh("burst")
    for rule, reason in (("burst", " "), ("no_such_rule", "x")):
        with pytest.raises(BadInput):
            weigh(rule, reason)


@pytest.mark.parametrize(
    ("flags", "steps"),
    [
        # the first and the third result differ by the five that are only in a burst
        ({"": 80, "too_fast burst": 20, "burst": 5},
         [("too_fast", 0), ("too_fast", 1000), ("burst", 0)]),
        # three results together give the three that both rules flag
        ({"": 100, "too_fast": 20, "burst": 20, "too_fast burst": 3},
         [("too_fast", 0), ("too_fast", 1000), ("burst", 0)]),
        # a small weight leaves the five others to be seen
        ({"": 5, "too_fast": 20}, [("too_fast", 10)]),
    ],
)  # fmt: skip
def test_decisions_never_tell_of_fewer_than_ten(closed, reviewer, flags, steps):
    for names, count in flags.items():
        put(closed, count, names.split())

    for rule, weight in steps[:-1]:
        actions.weigh(campaign=closed, rule=rule, weight=weight, reason="x", actor=reviewer,
                      now=NOW)  # fmt: skip
    with pytest.raises(Conflict, match="fewer than 10"):
        rule, weight = steps[-1]
        actions.weigh(campaign=closed, rule=rule, weight=weight, reason="x", actor=reviewer,
                      now=NOW)  # fmt: skip


@pytest.mark.parametrize("flagged", [0, 9])
def test_rule_that_flags_few_is_not_weighed_and_does_not_say_how_few(closed, reviewer, flagged):
    put(closed, 40)
    put(closed, flagged, ["too_fast"])

    assert weighing.flagged(closed)["too_fast"] is None
    with pytest.raises(Conflict, match="fewer than 10"):
        actions.weigh(campaign=closed, rule="too_fast", weight=0, reason="x", actor=reviewer,
                      now=NOW)  # fmt: skip


def test_results_of_fewer_than_ten_leave_the_house_nowhere(closed, world):
    put(closed, 9)

    assert [each.as_json()["weighed"] for each in results.of(closed)] == [None] * 3
    page = world.client("reviewer").get(reverse("surveys:campaign", args=["abcd"]))
    assert page.status_code == 200
    assert b"%</b>" not in page.content


def test_result_becomes_a_fact_with_its_provenance(closed, world, reviewer):
    application = world.application(facts=True)
    application.stage, application.tiers = "provincial_inspection", ["provincial"]
    application.save()
    put(closed, 450, environment="satisfied", livelihood="satisfied", effect="satisfied")
    put(closed, 50, environment="neutral", livelihood="neutral", effect="neutral")

    stated = actions.state(campaign=closed, application=application, actor=reviewer, now=NOW)

    assert stated == ["7.1.1", "7.1.2", "7.1.3"]
    fact = application.facts.get(provision="7.1.1", superseded_at=None)
    assert fact.source == "survey"
    assert fact.values == {
        "satisfaction_environment": "90", "satisfaction_environment_sample": "500",
    }  # fmt: skip
    assert fact.provenance["weighed"]["share"] == "90.000"
    assert fact.provenance["campaign"] == "abcd"
    page = world.client("reviewer").get(
        reverse("applications:clause", args=[application.pk, "7.1.1"])
    )
    assert "abcd" in page.content.decode()
    assert fact.provenance["weighed"]["low"] in page.content.decode()


def test_result_is_not_stated_while_it_runs_nor_elsewhere_nor_by_the_unit(
    campaign, world, reviewer
):
    application = world.application()
    with pytest.raises(Conflict):
        actions.state(campaign=campaign, application=application, actor=reviewer, now=NOW)
    close(campaign)
    with pytest.raises(NotAllowed):
        actions.state(
            campaign=campaign, application=application, actor=world.actors["lead"], now=NOW
        )
    put(campaign, 500)
    with pytest.raises(NotAllowed):  # a draft is not the office's to write in
        actions.state(campaign=campaign, application=application, actor=reviewer, now=NOW)


def test_population_smaller_than_its_answers_is_not_weighed_to_and_the_page_says_so(closed, world):
    put(closed, 60)
    for key in results.strata_of(closed):
        closed.populations.create(key=key, population=5)

    page = world.client("reviewer").get(reverse("surveys:campaign", args=["abcd"]))

    assert "未按人口加权" in page.content.decode()


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
        ({"form": SimpleUploadedFile("f.xlsx", b"nonsense")}, "the workbook is damaged"),
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


CSV = (
    "area,age_band,environment,livelihood,effect,heard,_uuid\n"
    "urban,30_44,satisfied,neutral,satisfied,no,11111111-2222-4333-8444-555555555555\n"
    "urban,30_44,satisfied,neutral,satisfied,no,\n"
    "urban,30_44,satisfied,neutral,satisfied,no,\n"
    "moon,30_44,satisfied,neutral,satisfied,no,\n"
)


def test_collected_answers_come_in_once_with_the_same_checks(world, campaign):
    client = world.client("reviewer")
    client.cookies["django_language"] = "en"
    said = []
    for _ in range(2):
        file = SimpleUploadedFile("kobo.csv", CSV.encode())
        got = client.post(reverse("surveys:collected", args=["abcd"]), {"file": file})
        said.append(got.content.decode())

    assert "3 new, 0 there already, 1 refused" in said[0]
    assert "Row 5: area: There is no such choice." in said[0]
    assert "0 new, 3 there already, 1 refused" in said[1]
    assert sum(pouch.answers for pouch in campaign.pouches.all()) == 3
    assert SYSTEM.name  # the rows belong to nobody


@pytest.mark.parametrize(("days", "taken"), [(-1, 0), (31, 3)])
def test_collected_answers_come_in_after_the_last_day_but_not_before_the_first(
    campaign, reviewer, days, taken
):
    file, now = io.BytesIO(CSV.encode()), NOW + days * DAY
    with nullcontext() if taken else pytest.raises(BadInput, match="not running"):
        bring_in(campaign=campaign, file=file, name="kobo.csv", actor=reviewer, now=now)

    assert sum(pouch.answers for pouch in campaign.pouches.all()) == taken


def test_file_that_is_damaged_further_down_is_not_taken_at_all(campaign, reviewer):
    row = b"urban,30_44,satisfied,neutral,satisfied,no\n"
    head = b"area,age_band,environment,livelihood,effect,heard\n"
    for end in (b"\xff\n", b'"' + b"x" * 140_000 + b'"\n'):
        with pytest.raises(BadInput):
            bring_in(campaign=campaign, file=io.BytesIO(head + row * 1200 + end), name="a.csv",
                     actor=reviewer, now=NOW)  # fmt: skip

    assert Receipt.objects.count() == 0
    assert not Entry.objects.filter(verb="campaign.brought_in").exists()


def test_file_of_too_many_rows_is_not_taken_at_all(campaign, reviewer, monkeypatch):
    monkeypatch.setattr(bring_in_module, "MOST_ROWS", 3)

    with pytest.raises(BadInput, match="please split it"):
        bring_in(campaign=campaign, file=io.BytesIO(CSV.encode()), name="a.csv", actor=reviewer,
                 now=NOW)  # fmt: skip
    assert Receipt.objects.count() == 0


def test_collected_file_of_another_form_is_refused_whole(world, campaign):
    client = world.client("reviewer")
    for name, data in (
        ("a.csv", b"colour\nred\n"), ("a.csv", b"\xff\xfe\x00"), ("a.xml", b"<x"),
        ("a.csv", b"x" * 140_000), ("a.xml", b'<?xml version="1.0" encoding="foo"?><x/>'),
        ("a.xml", b'<?xml version="1.0" encoding="hex"?><x/>'),
    ):  # fmt: skip
        got = client.post(
            reverse("surveys:collected", args=["abcd"]), {"file": SimpleUploadedFile(name, data)}
        )
        assert got.status_code == 400
    assert campaign.pouches.count() == 0


def test_answers_for_tokens_are_not_brought_in(world, make):
    make("token")

    got = world.client("reviewer").post(
        reverse("surveys:collected", args=["abcd"]),
        {"file": SimpleUploadedFile("kobo.csv", CSV.encode())},
    )

    assert got.status_code == 400
    assert Receipt.objects.count() == 0


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
