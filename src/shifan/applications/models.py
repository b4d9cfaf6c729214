"""An application: where it stands, the facts stated on it, the steps it took."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shifan.accounts.models import User
from shifan.cycles.models import Cycle
from shifan.rulebook.indicators import IndicatorSet
from shifan.rulebook.model import Measures
from shifan.units.models import Department, Unit
from shifan.vault.models import StoredFile


class Application(models.Model):
    """One unit's file in one cycle.

    ``stage`` is a stage id of the rule book. ``tiers`` lists the offices it has come up to (a
    channel's authority under the channel's name), which is what lets them see it. ``total``
    (millipoints) and ``verdict`` repeat the latest assessment for lists; ``version`` rises with
    every change. ``channel`` is the rule book's channel it comes through, empty for the ordinary
    way.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="applications")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="applications")
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

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="partners")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="partnerships")
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("named_at", "id")
        constraints = [models.UniqueConstraint(fields=["application", "unit"], name="partner_once")]

    def __str__(self) -> str:
        return f"{self.unit_id}"


class Fact(models.Model):
    """What one source states for one provision.

    ``values`` maps facts-table columns to text ("81.5", "true", a grade id). A later statement of
    the same source supersedes the earlier one, which stays; other sources stand beside it.
    ``provenance`` says what they were reckoned from, where they were: a survey's campaign, its
    estimate. ``reused_from`` is the first statement of what was taken over from an earlier
    application.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="facts")
    provision = models.CharField(max_length=40)
    source = models.CharField(max_length=60)
    values = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    provenance = models.JSONField(default=dict)
    stated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    stated_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    reused_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

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


class Draft(models.Model):
    """What a user is typing for one source and provision, not stated yet; seen by that user only.

    ``values`` maps facts-table columns to what was typed, right or wrong. ``over`` is the id of the
    statement it was typed over (0 for none).
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="drafts")
    provision = models.CharField(max_length=40)
    source = models.CharField(max_length=60)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    values = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    over = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "provision", "source", "user"], name="one_draft_per_user"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provision} {self.source}"


class Step(models.Model):
    """One move an application made, by whom and why, and the score it made it with.

    ``snapshot`` is the file at that moment: rule book, statements, what counted, evidence;
    ``sealed`` its digest. ``document`` is the number or name of the decision's document, with its
    file where that was filed. ``in_grace`` marks what came after the deadline, within its grace.
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


class Verdict(models.TextChoices):
    """What an office thinks of one clause of the applicant's file."""

    AGREE = "agree", _("agree")
    ADJUST = "adjust", _("adjust")
    RETURN = "return", _("return")


class Opinion(models.Model):
    """An office's opinion on one provision, on the statement and the evidence it looked at.

    ``basis`` is the digest of these; once they change the opinion no longer stands. An adjustment
    puts the office's own statement beside the applicant's. ``kind`` is a return kind of the rule
    book. A later opinion of the same office supersedes this one, as does the file's coming back.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="opinions")
    provision = models.CharField(max_length=40)
    office = models.CharField(max_length=60)
    verdict = models.CharField(max_length=10, choices=Verdict)
    kind = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    basis = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "provision", "office"],
                condition=models.Q(superseded_at__isnull=True),
                name="one_current_opinion_per_office",
            ),
            models.CheckConstraint(
                name="opinion_gives_its_reason",
                condition=models.Q(verdict="agree") | ~models.Q(reason=""),
            ),
            models.CheckConstraint(
                name="return_has_a_kind",
                condition=models.Q(verdict="return") & ~models.Q(kind="")
                | ~models.Q(verdict="return") & models.Q(kind=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provision} {self.verdict}"


class Reply(models.Model):
    """What the applicant answers to an opinion, before the file goes up."""

    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, related_name="reply")
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.opinion_id}"


class Task(models.Model):
    """A provision given to a department of the unit, with the day it is due."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="tasks")
    provision = models.CharField(max_length=40)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="tasks")
    due_on = models.DateField(null=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ("due_on", "id")
        constraints = [
            models.UniqueConstraint(fields=["application", "provision"], name="one_task_per_clause")
        ]

    def __str__(self) -> str:
        return f"{self.provision} {self.department_id}"
