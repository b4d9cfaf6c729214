"""An application: where it stands, the facts stated on it, the steps it took."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from shifan.accounts.models import User
from shifan.cycles.models import Cycle
from shifan.rulebook.model import IndicatorSet, Measures
from shifan.units.models import Unit


class Application(models.Model):
    """One unit's file in one cycle.

    ``stage`` is a stage id of the rule book. ``tiers`` lists the offices it has come up to, which
    is what lets them see it. ``total`` (millipoints) and ``verdict`` repeat the latest assessment
    for lists; ``version`` rises with every change.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="applications")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="applications")
    stage = models.CharField(max_length=60)
    stage_since = models.DateTimeField()
    tiers = ArrayField(models.CharField(max_length=60), default=list)
    total = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=20, default="incomplete")
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-stage_since", "id")
        constraints = [
            models.UniqueConstraint(fields=["unit", "cycle"], name="application_once_per_cycle")
        ]
        indexes = [models.Index(fields=["cycle", "stage", "-stage_since"])]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def measures(self) -> Measures:
        return self.cycle.measures

    @property
    def indicators(self) -> IndicatorSet:
        return self.cycle.indicators(self.unit.unit_type)


class Fact(models.Model):
    """What one source states for one provision.

    ``values`` maps facts-table columns to text ("81.5", "true", a grade id). A later statement of
    the same source supersedes the earlier one, which stays; other sources stand beside it.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="facts")
    provision = models.CharField(max_length=40)
    source = models.CharField(max_length=60)
    values = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    stated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    stated_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("stated_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "provision", "source"],
                condition=models.Q(superseded_at__isnull=True),
                name="one_current_fact_per_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provision} {self.source}"


class Step(models.Model):
    """One move an application made, by whom and why, and the score it made it with.

    ``sealed`` is the digest of the facts that counted and of the evidence attached at that moment.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=60)
    from_stage = models.CharField(max_length=60, blank=True)
    to_stage = models.CharField(max_length=60)
    reason = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField()
    total = models.PositiveIntegerField()
    sealed = models.CharField(max_length=64)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.move} → {self.to_stage}"
