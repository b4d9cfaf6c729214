"""Storing answers: many in one commit, each once, none readable.

What comes in is kept as a receipt (that it came), a spent token (that somebody may not come again)
and a pouch (what was said, sealed with what others said in the same commit).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from shifan.surveys import sealing
from shifan.surveys.models import Assurance, Campaign


class Outcome(StrEnum):
    """What became of an answer. ``known``: it had come before, and is there once."""

    TAKEN = "taken"
    KNOWN = "known"
    SPENT = "spent"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Handed:
    """A checked answer as it is handed in. ``submission`` is random, ``token`` a digest.

    What was ``gathered`` elsewhere is taken after the last day too, until the office ends the
    campaign: a device may have been without a network for days.
    """

    campaign: UUID
    submission: UUID
    content: sealing.Content
    token: bytes | None = None
    gathered: bool = False


def store(handed: Sequence[Handed], now: datetime) -> list[Outcome]:
    """Store all in one transaction; the outcomes in the order given.

    When this returns, what was taken is on disk. A campaign that is being closed waits for it.
    """
    outcomes = [Outcome.CLOSED] * len(handed)
    by_campaign: dict[UUID, list[int]] = defaultdict(list)
    for place, each in enumerate(handed):
        by_campaign[each.campaign].append(place)
    with transaction.atomic():
        for campaign in _open(list(by_campaign), now):
            places = by_campaign[campaign.id]
            if campaign.over:
                places = [place for place in places if handed[place].gathered]
            _store(campaign, handed, places, outcomes)
    return outcomes


@dataclass(frozen=True, slots=True)
class _Taking:
    """A campaign that takes answers now, the day it is there, and whether its last is gone by."""

    id: UUID
    by_token: bool
    day: date
    over: bool


def _open(ids: list[UUID], now: datetime) -> list[_Taking]:
    """Those that take answers now, locked against being closed meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, assurance, opens_on, closes_on FROM surveys_campaign "
            "WHERE id = ANY(%s) AND opened_at IS NOT NULL AND closed_at IS NULL FOR SHARE",
            [ids],
        )
        rows = cursor.fetchall()
    found = []
    for id_, assurance, first, last in rows:
        day = now.astimezone(_zone(id_)).date()
        if first <= day:
            found.append(_Taking(id_, assurance == Assurance.TOKEN, day, day > last))
    return found


@cache
def _zone(campaign: UUID) -> ZoneInfo:
    """The campaign's time zone, which its rule book fixes for good."""
    return Campaign.objects.select_related("cycle__rulebook").get(pk=campaign).zone


def _store(
    campaign: _Taking, handed: Sequence[Handed], places: list[int], outcomes: list[Outcome]
) -> None:
    new = _receipts(campaign.id, {handed[place].submission for place in places})
    entitled: set[bytes] | None = None
    if campaign.by_token:
        fresh = [handed[place] for place in places if handed[place].submission in new]
        entitled = _spend(campaign.id, {each.token for each in fresh if each.token})
    contents: list[sealing.Content] = []
    for place in places:
        each = handed[place]
        if each.submission not in new:
            outcomes[place] = Outcome.KNOWN
            continue
        if entitled is not None and each.token not in entitled:
            outcomes[place] = Outcome.SPENT
            continue
        outcomes[place] = Outcome.TAKEN
        new.discard(each.submission)
        if entitled is not None and each.token:
            entitled.discard(each.token)
        contents.append(each.content)
    _drop_receipts(campaign.id, new)
    if contents:
        _keep(campaign, contents)


def _receipts(campaign: UUID, submissions: set[UUID]) -> set[UUID]:
    """Note that these came in; those that had not come before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO surveys_receipt (campaign_id, submission) "
            "SELECT %s, unnest(%s::uuid[]) ON CONFLICT DO NOTHING RETURNING submission",
            [campaign, sorted(submissions)],
        )
        return {submission for (submission,) in cursor.fetchall()}


def _spend(campaign: UUID, tokens: set[bytes]) -> set[bytes]:
    """Spend these tokens; those that existed and had not been spent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE surveys_token SET spent = true "
            "WHERE campaign_id = %s AND digest = ANY(%s) AND NOT spent RETURNING digest",
            [campaign, sorted(tokens)],
        )
        return {bytes(digest) for (digest,) in cursor.fetchall()}


def _keep(campaign: _Taking, contents: list[sealing.Content]) -> None:
    sealed = sealing.seal(contents, campaign.id, campaign.day)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO surveys_pouch (id, campaign_id, day, answers, sealed) "
            "VALUES (%s, %s, %s, %s, %s)",
            [uuid4(), campaign.id, campaign.day, len(contents), sealed],
        )


def _drop_receipts(campaign: UUID, submissions: set[UUID]) -> None:
    if submissions:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM surveys_receipt WHERE campaign_id = %s AND submission = ANY(%s)",
                [campaign, list(submissions)],
            )
