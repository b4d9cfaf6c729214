"""Moves that people make: one, or many at once, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import File as Uploaded
from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.errors import DomainError
from shifan.ledger.actions import Record, record_many
from shifan.proceedings import rooms
from shifan.proceedings.actions.carrying import Intent, carry_out
from shifan.proceedings.actions.settling import go_on, settle
from shifan.proceedings.models import Proceeding, Step
from shifan.proceedings.queries import in_full
from shifan.proceedings.rooms import File
from shifan.process.moves import MoveRefused, require
from shifan.rulebook.base import Text
from shifan.rulebook.procedures import ByOffice, Move
from shifan.vault.actions import plain_name, store, suffixed


class Refused(DomainError):
    """A move that the rule book does not allow now, with every reason."""

    def __init__(self, refused: MoveRefused, unit: str = "") -> None:
        texts = [refusal.text for refusal in refused.refusals]
        if unit:
            texts = [Text(zh=f"{unit}：{t.zh}", en=f"{unit}: {t.en or t.zh}") for t in texts]
        super().__init__(*texts)
        self.refusals = refused.refusals


def locked(proceedings: Sequence[Proceeding]) -> list[Proceeding]:
    """The rows as they are now, held until the transaction ends, in the order given."""
    ids = [each.pk for each in proceedings]
    rows = in_full(Proceeding.objects.select_for_update(of=("self",)).filter(pk__in=ids))
    found = {row.pk: row for row in rows.order_by("pk")}
    return [found[pk] for pk in ids]


@transaction.atomic
def make_move(
    *,
    proceeding: Proceeding,
    move_id: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
    document: str = "",
    document_file: Uploaded[bytes] | None = None,
    finding: str = "",
) -> Step:
    """Move the proceeding to the next stage, if the rule book lets the actor; the step it took.

    ``document`` is the number or name of the decision's document, where the move asks for one, and
    ``document_file`` the document itself, if it is filed as well. ``finding`` is the id of the
    finding that the move is about once more, if it is. What the move brings about stands or falls
    with it, and so does what the clock makes at once of the stage it comes to. Raises NotAllowed
    and Refused, and what storing a file raises.
    """
    settle(now=now, matters=[proceeding.matter])
    row = locked([proceeding])[0]
    policy.require(actor, "applications.view", row)
    file = rooms.read([row], now)[0]
    try:
        move = _required(file, move_id, actor, reason, now, document)
    except MoveRefused as refused:
        raise Refused(refused) from refused
    filed = _filed(document, document_file, now) if move.document else {}
    journal: list[Record] = []
    intent = Intent(file, move, now, reason.strip(), filed, finding)
    step = carry_out([intent], actor, now, journal)[0]
    record_many(journal)
    go_on([row], now)
    return step


@transaction.atomic
def make_moves(
    *,
    proceedings: Sequence[Proceeding],
    move_id: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
    document: str = "",
) -> list[Step]:
    """Make the same move of many proceedings, all or none, with one append to the ledger.

    Raises NotAllowed, and Refused with what stands against the first that cannot make it.
    """
    settle(now=now, matters=[each.matter for each in proceedings])
    files = rooms.read(locked(proceedings), now)
    intents = []
    for file in files:
        policy.require(actor, "applications.view", file.proceeding)
        try:
            move = _required(file, move_id, actor, reason, now, document)
        except MoveRefused as refused:
            raise Refused(refused, file.proceeding.called) from refused
        filed = {"document": document.strip()[:120]} if move.document else {}
        intents.append(Intent(file, move, now, reason.strip(), filed))
    journal: list[Record] = []
    steps = carry_out(intents, actor, now, journal)
    record_many(journal)
    go_on([file.proceeding for file in files], now)
    return steps


def _required(
    file: File, move_id: str, actor: Actor, reason: str, now: datetime, document: str
) -> Move:
    """The move, if it is the actor's alone to make now; what several decide is none."""
    held = policy.standing(actor, file.proceeding)
    alone = frozenset(each for each in held if isinstance(each, ByOffice))
    return require(file.situation, move_id, alone, reason, now, document)


def _filed(document: str, file: Uploaded[bytes] | None, now: datetime) -> dict[str, Any]:
    """The decision's document as a step keeps it."""
    kept: dict[str, Any] = {"document": document.strip()[:120]}
    if file is not None:
        stored = store(file, now)
        kept["document_file"] = stored
        kept["document_name"] = suffixed(plain_name(file.name or ""), stored.media_type)
    return kept
