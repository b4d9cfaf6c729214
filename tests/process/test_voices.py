"""How the voices of several count."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from shifan.process.voices import ABSTAIN, Count, count
from shifan.rulebook.procedures import Voices

SEATS = frozenset("abcdefghij")
RULE = {
    "vote": {
        "quorum": 30,
        "majorities": [{"turnout_below": 60, "more_than": "66.6"}, {"more_than": 50}],
        "ties": "chair",
        "chair": "chair",
    }
}


def voices(said):
    return TypeAdapter(Voices).validate_python(said)


def cast(yes: int, no: int, abstain: int = 0) -> dict[str, str]:
    """So many votes of the ten seats, in order."""
    said = ["yes"] * yes + ["no"] * no + [ABSTAIN] * abstain
    return dict(zip("abcdefghij", said, strict=False))


@pytest.mark.parametrize(
    ("choices", "carried", "settled"),
    [
        ({}, False, False),
        ({"a": "yes"}, False, False),
        ({"a": "yes", "b": "yes"}, True, True),
        ({"a": "yes", "b": "no"}, False, True),
        ({"a": "yes", "x": "yes"}, False, False),
    ],
)
def test_two_evaluators_must_agree(choices, carried, settled):
    found = count("all", "yes", choices, frozenset("ab"))

    assert (found.carried, found.settled) == (carried, settled)


def test_nobody_is_no_agreement():
    assert count("all", "yes", {}, frozenset()).carried is False


@pytest.mark.parametrize(
    ("said", "carried"),
    [
        (cast(2, 0), False),  # 20 % is no quorum
        (cast(2, 0, 1), True),  # who abstains makes the quorum; two of two for it
        (cast(2, 1), True),  # 66.7 % is more than 66.6
        (cast(3, 2), False),  # 60 % of a turnout of half is too little
        (cast(4, 2), True),  # from 60 % turnout on more than half is enough
        (cast(3, 3), False),  # a tie, and the chair is against
        (cast(5, 5), False),
    ],
)
def test_majority_depends_on_the_turnout(said, carried):
    assert count(voices(RULE), "yes", said, SEATS, chair="no").carried is carried


def test_chair_decides_a_tie_and_nothing_else():
    rule = voices(RULE)

    assert count(rule, "yes", cast(3, 3), SEATS, chair="yes").carried is True
    assert count(rule, "yes", cast(2, 4), SEATS, chair="yes").carried is False


def test_who_stands_aside_is_not_counted_for_the_quorum():
    """Three of ten are a quorum of 30 %; with one aside, three of nine, and its voice is gone."""
    said = cast(3, 0)
    found = count(voices(RULE), "yes", said, SEATS - {"a"})

    assert found == Count(entitled=9, spoke=2, agree=2, carried=False, settled=False)


def test_majority_of_all_entitled():
    rule = voices({"vote": {"majorities": [{"more_than": 50}], "of": "entitled"}})

    assert count(rule, "yes", cast(5, 0), SEATS).carried is False
    assert count(rule, "yes", cast(6, 4), SEATS) == Count(10, 10, 6, carried=True, settled=True)


@pytest.mark.parametrize(
    ("support", "members", "said", "carried", "settled"),
    [
        ({"percent": 5}, 400, 19, False, False),
        ({"percent": 5}, 400, 20, True, True),
        ({"percent": 5}, 401, 20, False, False),  # a share is rounded up
        ({"number": 3}, 10, 3, True, True),
        ({"number": 3, "percent": 50}, 10, 4, False, False),
    ],
)
def test_support_by_so_many(support, members, said, carried, settled):
    entitled = frozenset(str(n) for n in range(members))
    choices = {str(n): "appeal" for n in range(said)}
    found = count(voices({"support": support}), "appeal", choices, entitled)

    assert (found.carried, found.settled) == (carried, settled)


def test_any_one_decides_where_nothing_is_said():
    assert count(None, "yes", {"a": "yes"}, frozenset("ab")).carried is True
