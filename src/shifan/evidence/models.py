"""Where the vault's files are attached, and files on their way in."""

import uuid

from django.db import models

from shifan.accounts.models import User
from shifan.proceedings.models import Proceeding
from shifan.vault.models import StoredFile


class Attachment(models.Model):
    """A file shown as evidence for a provision of an application; removing keeps the row.

    ``reused`` if it was there before: taken from an earlier application or from another clause.
    ``replaces`` is the version before this one. ``effective_from`` and ``effective_until`` (both
    included) say for which time the document itself holds, whenever it was uploaded.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="evidence")
    provision = models.CharField(max_length=40)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    attached_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    attached_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    reused = models.BooleanField(default=False)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    effective_from = models.DateField(null=True)
    effective_until = models.DateField(null=True)

    class Meta:
        ordering = ("attached_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["proceeding", "provision", "file"],
                condition=models.Q(removed_at__isnull=True),
                name="attached_once",
            ),
            models.CheckConstraint(
                name="effective_period_runs_forward",
                condition=models.Q(effective_from=None)
                | models.Q(effective_until=None)
                | models.Q(effective_from__lte=models.F("effective_until")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A large file on its way in, piece by piece.

    The pieces lie in the state folder; how far it has come is the size of what lies there. It ends
    as ``attachment``, or is thrown away when it ``expires_at``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="+")
    provision = models.CharField(max_length=40)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    length = models.PositiveBigIntegerField()
    expires_at = models.DateTimeField()
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True)

    class Meta:
        ordering = ("expires_at",)

    def __str__(self) -> str:
        return self.name
