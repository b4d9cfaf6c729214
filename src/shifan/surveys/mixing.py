"""Mixing: sealed answers become answers, in an order and at a time that tell nothing.

What was handed in stays sealed for its day. Then pouches of at least ``LEAST`` answers together, as
few as may ever be shown, are opened, shuffled and stored under the last of their days; the pouches
are deleted in the same transaction. The youngest ``LEAST`` or more always stay sealed until the
campaign is closed, so that no later mixing is of a few.
``docs/how-answers-are-kept-apart.md`` says what this holds against.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Sum

from shifan.fairness.suppression import LEAST
from shifan.surveys import sealing
from shifan.surveys.models import Campaign, Pouch

logger = logging.getLogger(__name__)


@transaction.atomic
def mix(campaign: Campaign, now: datetime) -> int:
    """Mix what may be mixed now; the number of answers. Raises KeyLost.

    Of a closed campaign that is everything, unless it has fewer than ``LEAST`` answers in all:
    these are deleted unopened.
    """
    rows = Campaign.objects.with_rules().select_for_update(of=("self",))
    campaign = rows.get(pk=campaign.pk)
    waiting = list(campaign.pouches.order_by("day", "pk").defer("sealed"))
    if campaign.closed_at is None:
        return _mixed(campaign, _earlier(waiting, campaign.day(now)))
    held = sum(pouch.answers for pouch in waiting)
    if held < LEAST:
        campaign.pouches.all().delete()
        return 0
    return _mixed(campaign, waiting)


@transaction.atomic
def drop_lost(campaign: Campaign, now: datetime) -> int:
    """Delete what cannot be read any more and mix the rest; how many answers are gone.

    0 where nothing is lost.
    """
    gone = sealing.lost(campaign)
    if not gone:
        return 0
    held: int = campaign.pouches.aggregate(sum=Sum("answers"))["sum"]
    campaign.pouches.filter(pk__in=gone).delete()
    return held - mix(campaign, now)


def _earlier(waiting: Sequence[Pouch], today: date) -> list[Pouch]:
    """The oldest pouches of days gone by that leave ``LEAST`` answers of such days sealed."""
    past = [pouch for pouch in waiting if pouch.day < today]
    kept = 0
    while past and kept < LEAST:
        kept += past.pop().answers
    enough = kept >= LEAST and sum(pouch.answers for pouch in past) >= LEAST
    return past if enough else []


def _mixed(campaign: Campaign, pouches: Sequence[Pouch]) -> int:
    if not pouches:
        return 0
    last = max(pouch.day for pouch in pouches)
    ids = [pouch.pk for pouch in pouches]
    contents = [
        content for pouch in Pouch.objects.filter(pk__in=ids) for content in sealing.open_(pouch)
    ]
    secrets.SystemRandom().shuffle(contents)
    _insert(campaign, last, contents)
    Pouch.objects.filter(pk__in=ids).delete()
    return len(contents)


def _insert(campaign: Campaign, day: date, contents: Sequence[sealing.Content]) -> None:
    with connection.cursor() as cursor, cursor.copy(
        "COPY surveys_answer (campaign_id, id, day, stratum, values, flags) FROM STDIN"
    ) as rows:  # fmt: skip
        for each in contents:
            values = json.dumps(each["values"], ensure_ascii=False)
            rows.write_row((campaign.pk, uuid4(), day, each["stratum"], values, each["flags"]))


def mix_all(now: datetime) -> int:
    """Mix every campaign that has something waiting, then destroy the keys no longer needed."""
    count = 0
    for campaign in Campaign.objects.filter(pouches__isnull=False).distinct():
        try:
            count += mix(campaign, now)
        except sealing.KeyLost as lost:  # of one campaign: the others go on
            logger.error("survey %s: the key %s is not in the key folder", campaign.code, lost)
    days = [campaign.day(now) for campaign in Campaign.objects.with_rules()]
    sealing.forget(min(days, default=now.date()))
    return count
