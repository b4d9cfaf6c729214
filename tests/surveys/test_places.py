"""Strata by division: asked for from the registry, counted, weighed and shown like the others."""

from __future__ import annotations

import pytest
from tests.conftest import NOW
from tests.surveys.conftest import WHOLE, planned, put
from tools.instruments import SATISFACTION

from shifan.errors import BadInput
from shifan.surveys import places, presentation, results
from shifan.surveys.instrument.model import Instrument
from shifan.surveys.instrument.read import read
from shifan.surveys.instrument.write import write
from shifan.units.models import Division


@pytest.fixture
def towns(world) -> list[str]:
    """The codes of the two townships below the unit, whose county is a placeholder."""
    Division.objects.filter(parent=world.unit.division).update(placeholder=True)
    return [division.code for division in places.below(world.unit)]


def test_divisions_right_below_are_those_asked_for(world):
    assert [division.level for division in places.below(world.unit)] == ["county"]


def test_divisions_below_are_asked_for_and_make_strata(world, towns):
    campaign = planned(world, by_division=True)

    question = campaign.form.questions[0]
    assert (question.name, question.required) == ("division", True)
    assert list(question.choice_names) == towns
    assert campaign.strata == ["division", "area", "age_band"]
    keys = list(campaign.populations.values_list("key", flat=True))
    assert (len(keys), f"{towns[0]}|urban|18_29" in keys) == (16, True)
    assert campaign.stratum(WHOLE | {"division": towns[1]}) == f"{towns[1]}|urban|30_44"
    assert presentation.stratum_label(campaign, f"{towns[1]}|urban|30_44") == (
        "凤凰街道 · 城镇（居委会） · 30至44岁"
    )


def test_answers_are_weighed_to_each_division_s_population(world, towns):
    campaign = planned(world, by_division=True)
    for code, people, said in ((towns[0], 9000, "satisfied"), (towns[1], 1000, "dissatisfied")):
        key = f"{code}|urban|30_44"
        campaign.populations.filter(key=key).update(population=people)
        put(campaign, 50, division=code, environment=said)
    campaign.populations.filter(population=None).update(population=0)
    campaign.closed_at = NOW
    campaign.save()

    assert str(results.of(campaign)[0].weighed.share) == "90.000"


def test_form_with_the_question_is_taken_as_it_is_once_written_and_read_again(
    world, towns, tmp_path
):
    asked = planned(world, by_division=True).form
    path = tmp_path / "form.xlsx"
    path.write_bytes(write(asked))

    assert planned(world, by_division=True, instrument=read(path)).form.digest == asked.digest


@pytest.mark.parametrize("wrong", [{"choices": ()}, {"required": False}, {"relevant": "1 = 1"}])
def test_question_of_that_name_that_asks_something_else_is_refused(world, towns, wrong):
    asked = places.asking(SATISFACTION, world.unit).model_dump()
    form = Instrument.model_validate(asked | {"questions": [asked["questions"][0] | wrong]})

    with pytest.raises(BadInput, match="must be a required select_one"):
        planned(world, by_division=True, instrument=form)


def test_unit_without_divisions_below_and_too_many_groups_are_refused(world, towns):
    area = world.unit.division
    Division.objects.bulk_create([
        Division(code=f"8{n:05}", name=f"{n}", level="township", parent=area,
                 path=f"{area.path}8{n:05}/")
        for n in range(58)
    ])  # fmt: skip
    with pytest.raises(BadInput, match="480 groups, more than 400"):
        planned(world, by_division=True)
    Division.objects.filter(parent=area).update(placeholder=True)
    Division.objects.filter(level="township").update(placeholder=True)
    with pytest.raises(BadInput, match="no divisions below"):
        planned(world, by_division=True)
