"""What is stated on a proceeding: facts, drafts of them, opinions, replies, and who answers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shifan.accounts.models import User
from shifan.proceedings.models import Proceeding
from shifan.units.models import Department


class Fact(models.Model):
    """What one source states for one provision.

    ``values`` maps facts-table columns to text ("81.5", "true", a grade id). A later statement of
    the same source supersedes the earlier one, which stays; other sources stand beside it.
    ``provenance`` says what they were reckoned from, where they were: a survey's campaign, its
    estimate. ``reused_from`` is the first statement of what was taken over from an earlier
    application.
    """

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="facts")
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
                fields=["proceeding", "provision", "source"],
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

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="drafts")
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
                fields=["proceeding", "provision", "source", "user"], name="one_draft_per_user"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provision} {self.source}"


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

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="opinions")
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
                fields=["proceeding", "provision", "office"],
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

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="tasks")
    provision = models.CharField(max_length=40)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="tasks")
    due_on = models.DateField(null=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ("due_on", "id")
        constraints = [
            models.UniqueConstraint(fields=["proceeding", "provision"], name="one_task_per_clause")
        ]

    def __str__(self) -> str:
        return f"{self.provision} {self.department_id}"
