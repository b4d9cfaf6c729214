"""A file's content, kept once, and what was found out about it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scan(models.TextChoices):
    """What the virus scanner says of a file."""

    NONE = "none", _("not scanned")
    WAITING = "waiting", _("being checked")
    CLEAN = "clean", _("clean")
    REFUSED = "refused", _("refused by the virus scanner")


class StoredFile(models.Model):
    """A file's content, stored once under its SHA-256.

    ``scan`` starts as ``waiting`` where a scanner is configured, and nobody reads the file before
    it is ``clean``; ``finding`` is what the scanner called what it found, ``asked_at`` when it
    last gave no answer. ``looked_at`` is when the
    worker counted the ``pages`` and took the ``sketch`` by which like files are found; both
    stay empty for what has none.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField()
    scan = models.CharField(max_length=10, choices=Scan, default=Scan.NONE)
    finding = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    pages = models.PositiveIntegerField(null=True)
    sketch = models.BinaryField(null=True)

    class Meta:
        indexes = [
            models.Index(
                name="file_to_scan", fields=["stored_at"], condition=models.Q(scan="waiting")
            ),
            models.Index(
                name="file_to_look_at",
                fields=["stored_at"],
                condition=models.Q(looked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def path(self) -> str:
        """Where the storage keeps the content."""
        return f"vault/{self.sha256[:2]}/{self.sha256}"

    @property
    def readable(self) -> bool:
        """Whether anybody may have the content: not while the scanner has yet to pass it."""
        return self.scan in (Scan.NONE, Scan.CLEAN)

    @property
    def kind(self) -> str:
        """``image``, ``video`` or ``document``."""
        main = self.media_type.partition("/")[0]
        return main if main in ("image", "video") else "document"

    @property
    def has_preview(self) -> bool:
        """Whether a picture of it can be shown."""
        return self.kind == "image" or self.media_type == "application/pdf"


class LikenessKey(models.Model):
    """One of the keys of a file's sketch; like files have a key in common."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="keys")
    key = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "file"], name="likeness_key_once")]

    def __str__(self) -> str:
        return f"{self.key}"
