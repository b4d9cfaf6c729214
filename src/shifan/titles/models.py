"""Titles, and the events that are their life. Nothing here is ever changed or deleted."""

import uuid

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from shifan.proceedings.models import Step
from shifan.units.models import Unit


class State(models.TextChoices):
    """How a title stands on a day."""

    NONE = "none", _("not awarded")
    VALID = "valid", _("valid")
    SUSPENDED = "suspended", _("suspended")
    EXPIRED = "expired", _("expired")
    SURRENDERED = "surrendered", _("surrendered")
    REVOKED = "revoked", _("revoked")


class What(models.TextChoices):
    """What can happen to a title."""

    AWARDED = "awarded", _("The title is awarded")
    SUSPENDED = "suspended", _("The title is suspended")
    REINSTATED = "reinstated", _("A suspension is lifted")
    REVOKED = "revoked", _("The title is revoked")
    LAPSED = "lapsed", _("The title lapses")
    SURRENDERED = "surrendered", _("The title is given back")
    SUPERSEDED = "superseded", _("Another title takes its place")
    STAYED = "stayed", _("A decision is put on hold")
    RESUMED = "resumed", _("A decision is no longer on hold")
    ANNULLED = "annulled", _("A decision is declared void")


UNDOES = {
    What.REINSTATED: (What.SUSPENDED,),
    What.RESUMED: (What.STAYED,),
    What.STAYED: (What.AWARDED, What.SUSPENDED, What.REVOKED, What.LAPSED),
    What.ANNULLED: (What.AWARDED, What.SUSPENDED, What.REINSTATED, What.REVOKED, What.LAPSED),
}
"""What each event that undoes another may undo."""

ENDS = (What.REVOKED, What.LAPSED, What.SURRENDERED, What.SUPERSEDED)
"""The events that end the terms awarded before them."""


class Title(models.Model):
    """What one unit (or several together, with ``joint_holders``) holds of a programme at a level.

    One for good: a renewal appends a term to it. ``number`` counts the titles of the programme's
    level. ``exercise`` marks titles from practice cycles, which stand for nothing outside the
    system.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="titles")
    joint_holders = models.ManyToManyField(Unit, related_name="joint_titles")
    programme = models.CharField(max_length=60)
    level = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    exercise = models.BooleanField(default=False)

    class Meta:
        ordering = ("programme", "level", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "programme", "level", "exercise"], name="title_once"
            ),
            models.UniqueConstraint(
                fields=["programme", "level", "exercise", "number"], name="title_number_once"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="for_good", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.level} {self.number}"


class Event(models.Model):
    """Something that happened to a title, with the two times of it.

    It ``holds_from`` the beginning of a day and was ``recorded_at`` a moment, which may be later.
    ``undoes`` is the event it lifts, holds up or voids. ``step`` is the move that brought it about;
    ``source`` says where else it is on record. Of an award: ``grade``, the last day ``until``
    (None: no end), the ``batch``, ``conditions``, the ``rulebook`` and ``total`` (millipoints) it
    was judged under, and ``precision``, how exactly the day is known. ``former`` is the address the
    award had in the register while each award was a title of its own.
    """

    title = models.ForeignKey(Title, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=12, choices=What)
    holds_from = models.DateField()
    recorded_at = models.DateTimeField()
    undoes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="undone_by"
    )
    step = models.ForeignKey(Step, on_delete=models.PROTECT, null=True, related_name="events")
    reason = models.CharField(max_length=1000, blank=True)
    article = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=300, blank=True)
    grade = models.CharField(max_length=60, blank=True)
    until = models.DateField(null=True)
    batch = models.PositiveIntegerField(null=True)
    conditions = models.JSONField(default=list)
    rulebook = models.CharField(max_length=100, blank=True)
    rulebook_digest = models.CharField(max_length=64, blank=True)
    total = models.PositiveIntegerField(null=True)
    precision = models.CharField(
        max_length=5,
        default="day",
        choices=[("day", _("day")), ("month", _("month")), ("year", _("year"))],
    )
    former = models.UUIDField(null=True, unique=True)

    class Meta:
        ordering = ("holds_from", "id")
        indexes = [
            models.Index(fields=["title", "what", "holds_from"]),
            models.Index(
                fields=["what"], name="event_that_undoes", condition=models.Q(undoes__isnull=False)
            ),
            models.Index(fields=["batch"], condition=models.Q(what="awarded"), name="event_batch"),
        ]
        constraints = [
            models.CheckConstraint(
                name="event_undoes_what_it_must",
                condition=models.Q(
                    what__in=["reinstated", "resumed", "stayed", "annulled"], undoes__isnull=False
                )
                | ~models.Q(what__in=["reinstated", "resumed", "stayed", "annulled"])
                & models.Q(undoes__isnull=True),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.holds_from}"


class Finding(models.Model):
    """Something found amiss with a title: what proceedings about a finding are about.

    A proceeding that finds the same thing once more is about the same finding.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.ForeignKey(Title, on_delete=models.PROTECT, related_name="findings")
    text = models.CharField(max_length=1000, blank=True)
    found_at = models.DateTimeField()
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="findings")

    class Meta:
        ordering = ("found_at", "id")

    def __str__(self) -> str:
        return str(self.id)


class Bar(models.Model):
    """Until when a ``unit``, or an ``office`` for what it puts forward in its area (the ``place``),
    may not apply.

    The step is the one that brought it about; ``lifted_at`` says when that was annulled.
    """

    programme = models.CharField(max_length=60)
    exercise = models.BooleanField(default=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="bars")
    office = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=250, blank=True)
    since = models.DateField()
    until = models.DateField()
    article = models.PositiveIntegerField(null=True)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="bars")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("since", "id")
        constraints = [
            models.CheckConstraint(
                name="bar_on_unit_or_office",
                condition=models.Q(unit__isnull=False, office="")
                | models.Q(unit__isnull=True) & ~models.Q(office=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id or self.office} {self.until}"
