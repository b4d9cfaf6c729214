"""The audit ledger: one row per action, chained by hash, never changed."""

import pgtrigger
from django.db import models


class Entry(models.Model):
    """One action: who did what to which object, before and after, and the chain's hashes.

    ``actor`` is the account's user name, or ``system``; ``before`` and ``after`` are digests of the
    object's state (empty when there is none). ``form`` is the canonical form it is hashed in.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=80)
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict)
    form = models.PositiveSmallIntegerField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("number",)
        indexes = [models.Index(fields=["object_type", "object_id", "number"])]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"

    @property
    def body(self) -> dict[str, object]:
        """What the hash covers, besides the number and the hash before."""
        return {
            "at": self.at.isoformat(timespec="microseconds"),
            "actor": self.actor,
            "verb": self.verb,
            "object_type": self.object_type,
            "object_id": self.object_id,
            "before": self.before,
            "after": self.after,
            "details": self.details,
        }
