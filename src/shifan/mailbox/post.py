"""Sending letters: at most once by itself, whatever breaks.

A letter is claimed in a transaction of its own before the mail server is spoken to. What the
server certainly refused is tried again; where it is not known whether the letter left (the line
broke, the process was killed), nothing sends it a second time but a person.
"""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from itertools import groupby

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from shifan.mailbox.models import Letter, LetterState, Message
from shifan.mailbox.words import letter_text

PAUSES = (1, 5, 30, 120)
"""Minutes to wait after the first, second, … failure; after the last one it is given up."""
LOST_AFTER = timedelta(minutes=10)
"""A letter that is "being sent" for longer lost its sender."""


@transaction.atomic
def collect(now: datetime) -> int:
    """Put the messages that are due into letters, one per receiver; how many letters."""
    rows = Message.objects.filter(letter=None, mail_at__lte=now, receiver__is_active=True).exclude(
        receiver__email=""
    )
    rows = rows.select_for_update(of=("self",), skip_locked=True)
    rows = rows.select_related("receiver__wishes").order_by("receiver_id", "made_at", "id")
    made = 0
    for _, group in groupby(rows, key=lambda each: each.receiver_id):
        messages = list(group)
        receiver = messages[0].receiver
        wishes = getattr(receiver, "wishes", None)
        letter = Letter.objects.create(
            address=receiver.email,
            language=wishes.language if wishes else "zh-hans", due_at=now,
        )  # fmt: skip
        Message.objects.filter(pk__in=[each.pk for each in messages]).update(letter=letter)
        made += 1
    return made


def deliver(now: datetime) -> int:
    """Send every letter that is due, each claimed before; how many left."""
    lost = Letter.objects.filter(state=LetterState.SENDING, claimed_at__lt=now - LOST_AFTER)
    lost.update(state=LetterState.UNKNOWN, error="the sender stopped")
    sent = 0
    while (letter := _claim(now)) is not None:
        sent += _send(letter, now)
    return sent


@transaction.atomic
def _claim(now: datetime) -> Letter | None:
    ready = Letter.objects.filter(state=LetterState.READY, due_at__lte=now).order_by("due_at")
    letter = ready.select_for_update(skip_locked=True).first()
    if letter is not None:
        letter.state, letter.claimed_at = LetterState.SENDING, now
        letter.tries += 1
        letter.save()
    return letter


def _send(letter: Letter, now: datetime) -> bool:
    """Whether the letter left; its state says what happened."""
    subject, text = letter_text(letter)
    mail = EmailMessage(subject, text, to=[letter.address])
    mail.extra_headers["Message-ID"] = f"<{letter.pk}@shifan>"
    server: BaseEmailBackend = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        return _failed(letter, now, error)
    try:
        server.send_messages([mail])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        return _failed(letter, now, error)
    except (OSError, smtplib.SMTPException) as error:
        letter.state, letter.error = LetterState.UNKNOWN, type(error).__name__
    else:
        letter.state, letter.sent_at, letter.error = LetterState.SENT, now, ""
    finally:
        _close(server)
    letter.save()
    return letter.state == LetterState.SENT


def _failed(letter: Letter, now: datetime, error: Exception) -> bool:
    """It certainly did not leave: later again, or given up."""
    letter.error = f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
    if letter.tries > len(PAUSES):
        letter.state = LetterState.FAILED
    else:
        letter.state = LetterState.READY
        letter.due_at = now + timedelta(minutes=PAUSES[letter.tries - 1])
    letter.save()
    return False


def _close(server: BaseEmailBackend) -> None:
    try:
        server.close()
    except (OSError, smtplib.SMTPException):
        return  # the letter's fate is settled; a rude goodbye changes nothing
