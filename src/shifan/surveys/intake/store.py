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
    days = {campaign: now.astimezone(_zone(campaign)).date() for campaign in sorted(by_campaign)}
    with transaction.atomic():
        for campaign, day in days.items():
            places = by_campaign[campaign]
            received = _receive(campaign, day, [handed[place] for place in places])
            if received is not None:
                _store(received, handed, places, outcomes)
    return outcomes


@cache
def _zone(campaign: UUID) -> ZoneInfo:
    """The campaign's time zone, which its rule book fixes for good."""
    return Campaign.objects.with_rules().get(pk=campaign).zone


@dataclass(frozen=True, slots=True)
class _Received:
    """A campaign that takes answers, the day it is there, whether its last is gone by, and which
    submissions had come before."""

    id: UUID
    day: date
    by_token: bool
    over: bool
    known: frozenset[UUID]


def _receive(campaign: UUID, day: date, handed: Sequence[Handed]) -> _Received | None:
    """Note that these came in, and lock the campaign against being closed meanwhile.

    None where it takes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH open AS (
                SELECT id, assurance, closes_on < %(day)s AS over FROM surveys_campaign
                WHERE id = %(campaign)s AND opened_at IS NOT NULL AND closed_at IS NULL
                    AND opens_on <= %(day)s
                FOR SHARE
            ), given AS (
                SELECT DISTINCT open.id, submission, over
                FROM open, unnest(%(all)s::uuid[]) AS submission
                WHERE NOT over OR submission = ANY(%(gathered)s::uuid[])
            ), new AS (
                INSERT INTO surveys_receipt (campaign_id, submission)
                SELECT id, submission FROM given ORDER BY submission
                ON CONFLICT DO NOTHING RETURNING submission
            )
            SELECT assurance, over,
                ARRAY(SELECT submission FROM given EXCEPT SELECT submission FROM new)
            FROM open
            """,
            {
                "campaign": campaign, "day": day, "all": [each.submission for each in handed],
                "gathered": [each.submission for each in handed if each.gathered],
            },
        )  # fmt: skip
        row = cursor.fetchone()
    if row is None:
        return None
    assurance, over, known = row
    return _Received(campaign, day, assurance == Assurance.TOKEN, over, frozenset(known))


def _store(
    campaign: _Received, handed: Sequence[Handed], places: list[int], outcomes: list[Outcome]
) -> None:
    if campaign.over:
        places = [place for place in places if handed[place].gathered]
    new = {handed[place].submission for place in places} - campaign.known
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


def _spend(campaign: UUID, tokens: set[bytes]) -> set[bytes]:
    """Spend these tokens; those that existed and had not been spent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE surveys_token SET spent = true "
            "WHERE campaign_id = %s AND digest = ANY(%s) AND NOT spent RETURNING digest",
            [campaign, sorted(tokens)],
        )
        return {bytes(digest) for (digest,) in cursor.fetchall()}


def _keep(campaign: _Received, contents: list[sealing.Content]) -> None:
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
