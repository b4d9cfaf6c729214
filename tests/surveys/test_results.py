"""What an ended campaign found, what decisions on flags change, and how it enters the score."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from django.urls import reverse
from tests.conftest import NOW
from tests.surveys.conftest import close, content, put
from tests.titled import at

from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.surveys import actions, engines, results, weighing
from shifan.surveys.models import Answer


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
    proceeding = at(world.proceeding(facts=True), "provincial_inspection", ["provincial"], NOW)
    put(closed, 450, environment="satisfied", livelihood="satisfied", effect="satisfied")
    put(closed, 50, environment="neutral", livelihood="neutral", effect="neutral")

    stated = actions.state(campaign=closed, proceeding=proceeding, actor=reviewer, now=NOW)

    assert stated == ["7.1.1", "7.1.2", "7.1.3"]
    fact = proceeding.facts.get(provision="7.1.1", superseded_at=None)
    assert fact.source == "survey"
    assert fact.values == {
        "satisfaction_environment": "90", "satisfaction_environment_sample": "500",
    }  # fmt: skip
    assert fact.provenance["weighed"]["share"] == "90.000"
    assert fact.provenance["campaign"] == "abcd"
    page = world.client("reviewer").get(
        reverse("applications:clause", args=[proceeding.pk, "7.1.1"])
    )
    assert "abcd" in page.content.decode()
    assert fact.provenance["weighed"]["low"] in page.content.decode()


def test_result_is_not_stated_while_it_runs_nor_elsewhere_nor_by_the_unit(
    campaign, world, reviewer
):
    proceeding = world.proceeding()
    with pytest.raises(Conflict):
        actions.state(campaign=campaign, proceeding=proceeding, actor=reviewer, now=NOW)
    close(campaign)
    with pytest.raises(NotAllowed):
        actions.state(campaign=campaign, proceeding=proceeding, actor=world.actors["lead"], now=NOW)
    put(campaign, 500)
    with pytest.raises(NotAllowed):  # a draft is not the office's to write in
        actions.state(campaign=campaign, proceeding=proceeding, actor=reviewer, now=NOW)


def test_population_smaller_than_its_answers_is_not_weighed_to_and_the_page_says_so(closed, world):
    put(closed, 60)
    for key in results.strata_of(closed):
        closed.populations.create(key=key, population=5)

    page = world.client("reviewer").get(reverse("surveys:campaign", args=["abcd"]))

    assert "未按人口加权" in page.content.decode()
