"""Voices: what each of several says, until together they make a move."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.accounts.claims import claims
from shifan.errors import NotAllowed
from shifan.ledger.actions import Record, record_many
from shifan.proceedings import rooms
from shifan.proceedings.actions.carrying import Intent, carry_out
from shifan.proceedings.actions.counting import carried, since, speaking
from shifan.proceedings.actions.moves import Refused, locked
from shifan.proceedings.actions.settling import go_on, settle
from shifan.proceedings.models import Proceeding, Step, Voice
from shifan.process.moves import CLOSED, MoveRefused, require
from shifan.process.voices import ABSTAIN
from shifan.rulebook.procedures import ByCapacity, Move


@transaction.atomic
def speak(
    *,
    proceeding: Proceeding,
    choice: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
    finding: str = "",
) -> Step | None:
    """Give the actor's voice for a move of its capacity, or ``abstain``; the step, if that made it.

    It may be given anew until the move is made. Raises NotAllowed, and Refused where the move is
    not open.
    """
    settle(now=now, matters=[proceeding.matter])
    row = locked([proceeding])[0]
    policy.require(actor, "applications.view", row)
    file = rooms.read([row], now)[0]
    held = policy.standing(actor, row)
    try:
        move = (
            _abstains(file) if choice == ABSTAIN
            else require(file.situation, choice, held, reason, now)
        )  # fmt: skip
    except MoveRefused as refused:
        raise Refused(refused) from refused
    if not isinstance(move.by, ByCapacity):
        raise NotAllowed
    mine = [
        party for party in speaking(file, move.by.capacity)
        if any(claim.fits(party) for claim in claims(actor))
    ]  # fmt: skip
    if not mine:
        raise NotAllowed
    step = since(file)
    for party in mine:
        Voice.objects.update_or_create(
            party=party, since=step,
            defaults={"proceeding": row, "choice": choice, "reason": reason.strip()[:1000],
                      "by_id": actor.user_id, "at": now},
        )  # fmt: skip
    journal = [
        Record(actor.name, "proceeding.voice_given", row, now,
               details={"capacity": move.by.capacity, "choice": choice})
    ]  # fmt: skip
    made = _made(file, now)
    found = None
    if made is not None:
        intent = Intent(file, made, now, reason.strip(), finding=finding)
        found = carry_out([intent], actor, now, journal)[0]
    record_many(journal)
    if found is not None:
        go_on([row], now)
    return found


def _abstains(file: rooms.File) -> Move:
    """The first move of the stage that is voted on. Raises MoveRefused if there is none."""
    for move in file.situation.stage.moves:
        if isinstance(move.by, ByCapacity) and move.by.voices is not None:
            return move
    raise MoveRefused(ABSTAIN, (CLOSED,))


def _made(file: rooms.File, now: datetime) -> Move | None:
    """The first move that the voices carry as they stand."""
    for move in file.situation.stage.moves:
        if isinstance(move.by, ByCapacity) and carried(file, move, over=False):
            return move
    return None
