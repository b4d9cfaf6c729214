"""Messages to people, the letters they go out in, and how each person wants them."""

import uuid
from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from shifan.accounts.models import User

INTERNAL = "internal"
"""The capacity of those told of their unit's own business: it is in no office's outbox."""


class Mail(models.TextChoices):
    """How somebody wants messages by e-mail."""

    AT_ONCE = "at_once", _("At once")
    DIGEST = "digest", _("Once a day, together")
    NONE = "none", _("Not by e-mail")


class Wishes(models.Model):
    """How one person wants messages. In the quiet hours no e-mail is sent."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="wishes")
    language = models.CharField(max_length=10, default="zh-hans")
    mail = models.CharField(max_length=10, choices=Mail, default=Mail.AT_ONCE)
    quiet_from = models.TimeField(default=time(21))
    quiet_until = models.TimeField(default=time(7))

    def __str__(self) -> str:
        return f"{self.user_id} {self.mail}"


class LetterState(models.TextChoices):
    """Where an e-mail stands. ``unknown``: it may or may not have left; nothing sends it again by
    itself."""

    READY = "ready", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    UNKNOWN = "unknown", _("not known whether it left")
    FAILED = "failed", _("not sent")


class Letter(models.Model):
    """One e-mail to one address, with all messages that were due for it.

    Its text is made from its messages when it is sent, and kept nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    address = models.EmailField()
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=LetterState, default=LetterState.READY)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                name="letters_to_send",
                fields=["due_at"],
                condition=models.Q(state__in=["ready", "sending"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class Message(models.Model):
    """What one person is told: a kind with its particulars, put into words for the reader.

    The same ``key`` is told to the same receiver once. ``unit`` is what it is about and ``office``
    in which capacity the receiver is told (``applicant``, a tier of the ``programme``, or
    ``INTERNAL``), which decides who finds it in the outbox. ``mail_at`` is when it is due by
    e-mail, None if it is not.
    """

    receiver = models.ForeignKey(User, on_delete=models.CASCADE, related_name="messages")
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    address = models.CharField(max_length=200)
    unit = models.ForeignKey("units.Unit", on_delete=models.CASCADE, null=True)
    office = models.CharField(max_length=60)
    programme = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail_at = models.DateTimeField(null=True)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, related_name="messages")

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["receiver", "key"], name="told_once"),
        ]
        indexes = [
            models.Index(
                name="unread", fields=["receiver"], condition=models.Q(read_at__isnull=True)
            ),
            models.Index(
                name="mail_due",
                fields=["mail_at"],
                condition=models.Q(mail_at__isnull=False, letter__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
