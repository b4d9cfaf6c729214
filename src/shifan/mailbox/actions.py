"""Telling people something, reading it, and how they want to be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction

from shifan.accounts.actor import Actor
from shifan.accounts.models import User
from shifan.errors import BadInput, NotAllowed
from shifan.ledger import actions as ledger
from shifan.mailbox import queries
from shifan.mailbox.models import Letter, LetterState, Mail, Message, Wishes
from shifan.mailbox.times import due_at
from shifan.rulebook.base import Text


@dataclass(frozen=True)
class Circle:
    """People who are told the same in the same capacity (see :class:`Message` for ``office``).

    ``kind`` is one of :data:`shifan.mailbox.words.KINDS`.
    """

    receivers: Iterable[User]
    kind: str
    office: str


@dataclass(frozen=True)
class Telling:
    """One thing that people are told: in circles, who is in several as one of the first.

    ``params`` are the particulars, ``address`` the page it leads to. ``but`` is the id of the user
    who did it and knows, ``programme`` the one it belongs to.
    """

    circles: Sequence[Circle]
    key: str
    address: str
    unit_id: Any = None
    params: Mapping[str, Any] = field(default_factory=dict)
    but: int | None = None
    programme: str = ""


def tell(*circles: Circle, key: str, address: str, now: datetime, **more: Any) -> None:
    """Tell one thing; see :class:`Telling` and :func:`tell_all`."""
    tell_all([Telling(circles, key, address, **more)], now)


@transaction.atomic(savepoint=False)
def tell_all(tellings: Iterable[Telling], now: datetime) -> None:
    """Tell each receiver once.

    Whoever was told under the same key before is not told again. Part of the transaction of what it
    tells of, so nobody is told of what did not happen; the ledger has that act itself.
    """
    rows: dict[tuple[str, int], Message] = {}
    by_mail = set()
    for each in tellings:
        for circle in each.circles:
            for user in circle.receivers:
                if user.pk == each.but or (each.key, user.pk) in rows:
                    continue
                rows[each.key, user.pk] = Message(
                    receiver_id=user.pk, key=each.key, kind=circle.kind, params=dict(each.params),
                    address=each.address, unit_id=each.unit_id, office=circle.office, made_at=now,
                    programme=each.programme,
                )  # fmt: skip
                if user.email and settings.MAIL_ON:
                    by_mail.add(user.pk)
    if by_mail:
        wishes = {each.user_id: each for each in Wishes.objects.filter(user__in=by_mail)}
        for row in rows.values():
            if row.receiver_id in by_mail:
                row.mail_at = due_at(wishes.get(row.receiver_id, Wishes()), now)
    Message.objects.bulk_create(rows.values(), ignore_conflicts=True)


def read(*, message: Message, actor: Actor, now: datetime) -> None:
    """Mark a message of one's own as read."""
    if message.receiver_id != actor.user_id:
        raise NotAllowed
    if message.read_at is None:
        message.read_at = now
        message.save(update_fields=["read_at"])


def read_all(*, actor: Actor, now: datetime) -> int:
    """Mark all one's messages as read; how many were not."""
    return queries.messages_for(actor).filter(read_at=None).update(read_at=now)


@transaction.atomic
def set_wishes(
    *,
    actor: Actor,
    email: str,
    language: str,
    mail: str,
    quiet_from: time,
    quiet_until: time,
    now: datetime,
) -> Wishes:
    """How the actor wants messages from now on; what waits to be sent follows it too."""
    if mail not in Mail.values or language not in dict(settings.LANGUAGES):
        raise BadInput(Text(zh="请从列出的选项中选择。", en="Choose one of what is offered."))
    user = User.objects.select_for_update().get(username=actor.name)
    user.email = email
    user.save(update_fields=["email"])
    wishes, _ = Wishes.objects.update_or_create(
        user=user,
        defaults={
            "language": language, "mail": mail, "quiet_from": quiet_from,
            "quiet_until": quiet_until,
        },
    )  # fmt: skip
    due = due_at(wishes, now) if email else None
    waiting = queries.messages_for(actor).filter(letter=None, mail_at__isnull=False)
    waiting.update(mail_at=due)
    ledger.record(actor=actor.name, verb="messages.wishes_set", subject=user, at=now,
                  mail=mail, language=language)  # fmt: skip
    return wishes


@transaction.atomic
def send_again(*, letter: Letter, actor: Actor, now: datetime) -> None:
    """Send anew a letter that failed or of which it is not known whether it left.

    ``letter`` comes from the actor's outbox. Raises NotAllowed for one that needs no sending.
    """
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if letter.state not in (LetterState.UNKNOWN, LetterState.FAILED):
        raise NotAllowed
    letter.state, letter.tries, letter.due_at, letter.error = LetterState.READY, 0, now, ""
    letter.save()
    ledger.record(actor=actor.name, verb="letter.sent_again", subject=letter, at=now)
