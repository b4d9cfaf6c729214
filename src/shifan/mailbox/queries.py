"""Read messages: one's own, and the outbox of an office."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from shifan.accounts.actor import Actor
from shifan.accounts.models import User
from shifan.mailbox.models import INTERNAL, Letter, Message


def messages_for(actor: Actor) -> QuerySet[Message]:
    """The actor's own messages, the latest first."""
    return Message.objects.filter(receiver_id=actor.user_id).select_related("unit")


def unread(actor: Actor) -> int:
    """How many of one's messages are unread; one query."""
    if actor.user_id is None:
        return 0
    return Message.objects.filter(receiver_id=actor.user_id, read_at=None).count()


def still_to_tell(receivers: Iterable[User], key: str) -> list[User]:
    """Those among the receivers who were not told yet under this key."""
    users = list(receivers)
    rows = Message.objects.filter(receiver__in=users, key=key)
    told = set(rows.values_list("receiver_id", flat=True))
    return [user for user in users if user.pk not in told]


def outbox(actor: Actor) -> QuerySet[Message]:
    """What was sent to the units of the offices' area and to the offices' own people there.

    An auditor sees what was sent to everybody in its area, but for the units' own business.
    """
    scope = Q(pk__in=[])
    for office in actor.offices:
        where = Q(unit__division__path__startswith=office.area)
        if office.area == "/":
            where = Q(unit__isnull=False)
        area = where & Q(programme=office.programme)
        if office.role != "auditor":
            area &= Q(office__in=["applicant", office.tier])
        scope |= area
    return (
        Message.objects.filter(scope)
        .exclude(office=INTERNAL)
        .select_related("unit", "receiver", "letter")
    )


def letters_for(actor: Actor) -> QuerySet[Letter]:
    """The letters that hold a message of the actor's outbox."""
    return Letter.objects.filter(messages__in=outbox(actor)).distinct()
