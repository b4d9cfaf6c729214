"""A role granted by command names what is missing or unknown, in words."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from shifan.cli import app
from shifan.people.models import Membership

OFFICE = ["--tier", "provincial", "--area", "53"]


def grant(*words: str):
    return CliRunner().invoke(app, ["accounts", "grant", *words])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nobody", "--role", "reviewer", *OFFICE], "There is no account nobody."),
        (["stranger", "--role", "king", *OFFICE], "The role must be one of: reviewer"),
        (["stranger", "--role", "lead", *OFFICE], "The role must be one of: reviewer"),
        (["stranger", "--role", "reviewer", "--tier", "imperial", "--area", "53"],
         "neac has no tier imperial; it has: national, provincial"),
        (["stranger", "--role", "reviewer", "--tier", "provincial"], "Say by --area"),
        (["stranger", "--role", "reviewer", "--tier", "provincial", "--area", "99"], "not 99"),
        (["stranger", "--role", "reviewer", "--programme", "other", *OFFICE],
         "published are: neac"),
        (["stranger", "--role", "reviewer"], "one of the two"),
        (["stranger", "--role", "clerk", "--unit", "00000000-0000-0000-0000-000000000001"],
         "There is no unit"),
        (["stranger", "--role", "clerk", "--unit", "玉溪市"], "There is no unit 玉溪市"),
    ],
)  # fmt: skip
def test_what_cannot_be_granted_is_said_in_words(world, words, sentence):
    before = Membership.objects.count()

    refused = grant(*words)

    assert refused.exit_code == 1
    assert sentence in refused.output
    assert Membership.objects.count() == before


def test_contributor_needs_its_department(world):
    unit = str(world.unit.pk)

    assert "needs its department" in grant("stranger", "--role", "contributor", "--unit",
                                           unit).output  # fmt: skip
    given = grant("stranger", "--role", "contributor", "--unit", unit, "--department", "水利局")

    assert given.exit_code == 0, given.output
    assert Membership.objects.get(user__username="stranger").department.name == "水利局"


def test_programme_may_be_left_out_where_there_is_one(world):
    assert grant("stranger", "--role", "officer", *OFFICE).exit_code == 0

    made = Membership.objects.get(user__username="stranger")
    assert (made.programme, made.tier, made.area_id) == ("neac", "provincial", "53")
