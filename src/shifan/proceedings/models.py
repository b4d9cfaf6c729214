"""A proceeding: where it stands, who has part in it, the steps it took."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from shifan.accounts.models import User
from shifan.cycles.models import Cycle
from shifan.rulebook.indicators import IndicatorSet
from shifan.rulebook.model import Measures
from shifan.units.models import Unit
from shifan.vault.models import StoredFile


class Proceeding(models.Model):
    """One unit's file in one cycle.

    ``stage`` is a stage id of the rule book. ``tiers`` lists the offices it has come up to (a
    channel's authority under the channel's name), which is what lets them see it. ``total``
    (millipoints) and ``verdict`` repeat the latest assessment for lists; ``version`` rises with
    every change. ``channel`` is the rule book's channel it comes through, empty for the ordinary
    way.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="proceedings")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="proceedings")
    stage = models.CharField(max_length=60)
    stage_since = models.DateTimeField()
    channel = models.CharField(max_length=60, blank=True)
    tiers = ArrayField(models.CharField(max_length=60), default=list)
    total = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=20, default="incomplete")
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-stage_since", "id")
        constraints = [
            models.UniqueConstraint(fields=["unit", "cycle"], name="proceeding_once_per_cycle")
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

    @property
    def partner_units(self) -> frozenset[uuid.UUID]:
        """The units that agreed to apply jointly with the file's own."""
        return frozenset(self.partners.filter(agreed=True).values_list("unit_id", flat=True))

    @property
    def given(self) -> frozenset[tuple[int, str]]:
        """Which department was given which provision."""
        return frozenset(self.tasks.values_list("department_id", "provision"))


class Partner(models.Model):
    """A unit that applies together with the application's own unit, which leads.

    ``agreed`` is None until the unit's lead has answered. From a yes on, its people work on the
    file like the lead unit's clerks.
    """

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="partners")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="partnerships")
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("named_at", "id")
        constraints = [models.UniqueConstraint(fields=["proceeding", "unit"], name="partner_once")]

    def __str__(self) -> str:
        return f"{self.unit_id}"


class Step(models.Model):
    """One move an application made, by whom and why, and the score it made it with.

    ``snapshot`` is the file at that moment: rule book, statements, what counted, evidence;
    ``sealed`` its digest. ``document`` is the number or name of the decision's document, with its
    file where that was filed. ``in_grace`` marks what came after the deadline, within its grace.
    """

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=60)
    from_stage = models.CharField(max_length=60, blank=True)
    to_stage = models.CharField(max_length=60)
    reason = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField()
    total = models.PositiveIntegerField()
    sealed = models.CharField(max_length=64)
    snapshot = models.JSONField(null=True)
    document = models.CharField(max_length=120, blank=True)
    document_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+"
    )
    document_name = models.CharField(max_length=200, blank=True)
    in_grace = models.BooleanField(default=False)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.move} → {self.to_stage}"
