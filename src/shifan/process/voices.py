"""What several say together: agreement of all, a vote, support by so many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from shifan.rulebook.procedures import Majority, Support, ToSupport, ToVote, Voices, Vote

ABSTAIN = "abstain"
"""The choice of who takes part and decides for no move; it counts for the turnout."""


@dataclass(frozen=True)
class Count:
    """How the voices for one move stand.

    ``entitled`` may speak (who stands aside may not), ``spoke`` did, ``agree`` chose the move.
    ``carried`` says whether the condition is met as it stands; ``settled`` that no further voice
    can change that.
    """

    entitled: int
    spoke: int
    agree: int
    carried: bool
    settled: bool


def count(
    voices: Voices | None,
    move_id: str,
    choices: Mapping[str, str],
    entitled: frozenset[str],
    chair: str | None = None,
) -> Count:
    """Count the voices for a move.

    ``choices`` gives what each party chose last, a move of the stage or ``abstain``; voices of who
    is not (or no longer) ``entitled`` do not count. ``chair`` is the choice of who decides a tie.
    Without a condition any one voice carries it.
    """
    heard = {who: what for who, what in choices.items() if who in entitled}
    agree = sum(what == move_id for what in heard.values())
    left = len(entitled) - len(heard)
    if voices is None:
        carried, settled = agree > 0, agree > 0 or left == 0
    elif isinstance(voices, ToSupport):
        least = _least(voices.support, len(entitled))
        carried, settled = agree >= least, agree >= least or agree + left < least
    elif isinstance(voices, ToVote):
        carried = _carried(voices.vote, move_id, heard, len(entitled), chair)
        settled = left == 0
    else:
        carried = agree == len(entitled) > 0
        settled = carried or agree < len(heard)
    return Count(len(entitled), len(heard), agree, carried, settled)


def _least(support: Support, entitled: int) -> int:
    """How many must support it; a share is rounded up."""
    return max(support.number, ceil(Fraction(support.percent) * entitled / 100))


def _carried(
    vote: Vote, move_id: str, heard: Mapping[str, str], entitled: int, chair: str | None
) -> bool:
    if not entitled or len(heard) < vote.quorum_number:
        return False
    turnout = Fraction(100 * len(heard), entitled)
    if turnout < Fraction(vote.quorum):
        return False
    agree = sum(what == move_id for what in heard.values())
    against = sum(what not in (move_id, ABSTAIN) for what in heard.values())
    whole = entitled if vote.of == "entitled" else agree + against
    if agree == against and agree and vote.ties == "chair":
        return chair == move_id
    return whole > 0 and Fraction(100 * agree, whole) > Fraction(_majority(vote, turnout).more_than)


def _majority(vote: Vote, turnout: Fraction) -> Majority:
    """The first that fits the turnout; the last fits any, as the check of the book makes sure."""
    fits = (
        m for m in vote.majorities if m.turnout_below is None or turnout < Fraction(m.turnout_below)
    )
    return next(fits, vote.majorities[-1])
