"""The vault: each file once, by content hash, and where it is attached."""

import uuid

from django.db import models

from shifan.accounts.models import User
from shifan.applications.models import Application


class StoredFile(models.Model):
    """A file's content, stored once under its SHA-256; ``pages`` where they can be counted."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    pages = models.PositiveIntegerField(null=True)
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def path(self) -> str:
        """Where the storage keeps the content."""
        return f"vault/{self.sha256[:2]}/{self.sha256}"


class Attachment(models.Model):
    """A file shown as evidence for a provision of an application; removing keeps the row.

    ``reused`` if it was there before: taken from an earlier application or from another clause.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="evidence")
    provision = models.CharField(max_length=40)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)
    attached_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    attached_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    reused = models.BooleanField(default=False)

    class Meta:
        ordering = ("attached_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["application", "provision", "file"],
                condition=models.Q(removed_at__isnull=True),
                name="attached_once",
            )
        ]

    def __str__(self) -> str:
        return self.name
