"""Proceedings: where each stands, who has part in it, whose turn it is, the steps it took."""

import uuid
from datetime import date

from django.db import models

from shifan.accounts.models import User
from shifan.cycles.models import Cycle, PublishedRuleBook
from shifan.rulebook.indicators import NOTHING_ASKED, IndicatorSet
from shifan.rulebook.model import Measures
from shifan.rulebook.procedures import Procedure
from shifan.units.models import Unit
from shifan.vault.models import StoredFile


class Proceeding(models.Model):
    """One run of a procedure, about one subject, under the very book it began with.

    ``procedure_id`` and ``stage`` are ids of the rule book; ``closed_at`` is when it came to a
    final stage. ``about`` is the id of the subject (of what kind, the procedure says), ``matter``
    that of what it belongs to: proceedings over the same matter see each other. ``unit`` is the
    unit concerned; a batch has none, and the path of the ``area`` of the office that runs it.
    ``cycle`` is the round it applies in, or gathers from. ``origin`` is the step that
    opened it, ``part_of`` the batch it is a line of. ``occasion`` tells apart what the clock opens
    again and again. ``channel`` is the rule book's channel it comes through, empty for the ordinary
    way. ``total`` (millipoints) and ``verdict`` repeat the latest assessment for lists; ``version``
    rises with every change.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rulebook = models.ForeignKey(
        PublishedRuleBook, on_delete=models.PROTECT, related_name="proceedings"
    )
    procedure_id = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="proceedings")
    area = models.CharField(max_length=250, blank=True)
    cycle = models.ForeignKey(
        Cycle, on_delete=models.PROTECT, null=True, related_name="proceedings"
    )
    about = models.UUIDField()
    matter = models.UUIDField()
    origin = models.ForeignKey("Step", on_delete=models.PROTECT, null=True, related_name="opened")
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="lines")
    occasion = models.CharField(max_length=80, blank=True)
    exercise = models.BooleanField(default=False)
    stage = models.CharField(max_length=60)
    stage_since = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=60, blank=True)
    total = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=20, default="incomplete")
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-stage_since", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "cycle", "procedure_id"],
                condition=models.Q(cycle__isnull=False),
                name="proceeding_once_per_cycle",
            ),
            models.UniqueConstraint(
                fields=["procedure_id", "about", "occasion"],
                condition=~models.Q(occasion=""),
                name="opened_once_an_occasion",
            ),
            models.CheckConstraint(
                name="about_a_unit_or_in_an_area",
                condition=models.Q(unit__isnull=False, area="")
                | models.Q(unit__isnull=True) & ~models.Q(area=""),
            ),
        ]
        indexes = [
            models.Index(fields=["cycle", "stage", "-stage_since"]),
            models.Index(fields=["matter", "procedure_id"]),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def measures(self) -> Measures:
        return self.rulebook.book.measures

    @property
    def procedure(self) -> Procedure:
        return self.measures.procedure(self.procedure_id)

    @property
    def indicators(self) -> IndicatorSet:
        return NOTHING_ASKED if self.unit is None else self.rulebook.book.indicators[self.kind]

    @property
    def extended(self) -> dict[str, date]:
        """The last days to which deadlines of its procedure were extended in its round."""
        return self.cycle.extended_in(self.procedure_id) if self.cycle is not None else {}

    @property
    def kind(self) -> str:
        """The type of the unit concerned, empty where there is none."""
        return "" if self.unit is None else self.unit.kind_in(self.rulebook.programme)

    @property
    def concerned(self) -> Unit:
        """The unit concerned, for what only proceedings about one have."""
        if self.unit is None:
            raise TypeError(f"{self.procedure_id} {self.pk} is about no unit")
        return self.unit

    @property
    def place(self) -> str:
        """The path of where the unit lies; of a batch, of the area it is for."""
        return self.area if self.unit is None else self.unit.place

    @property
    def called(self) -> str:
        """What it is called in lists: the unit concerned, or the batch by its round and number."""
        if self.unit is not None:
            return self.unit.name
        return f"{self.year}-{self.cycle.batch if self.cycle is not None else 0}"

    @property
    def shown(self) -> str:
        """The same on a page in the active language."""
        return self.called if self.unit is None else self.unit.shown

    @property
    def applies(self) -> bool:
        """Whether it is a unit's application in a round."""
        return self.cycle_id is not None and self.unit_id is not None

    @property
    def year(self) -> int:
        """The year of the round it applies in, else that in which it began."""
        return self.cycle.year if self.cycle is not None else self.created_at.year

    @property
    def present(self) -> "list[Party]":
        """The parties that have not ended and do not stand aside."""
        return [each for each in self.parties.all() if each.ended_at is None and not each.aside]

    @property
    def tiers(self) -> list[str]:
        """The offices it has come to, a channel's authority under the channel's name."""
        return sorted({each.office for each in self.present if each.office})

    @property
    def partners(self) -> "models.QuerySet[Party]":
        """The units it is made with, and those asked to."""
        return self.parties.filter(capacity=PARTNER)

    @property
    def given(self) -> frozenset[tuple[int, str]]:
        """Which department was given which provision."""
        return frozenset(self.tasks.values_list("department_id", "provision"))


def touch(proceeding: Proceeding) -> None:
    """Raise the version, so that what was read of it before counts as changed."""
    Proceeding.objects.filter(pk=proceeding.pk).update(version=models.F("version") + 1)


APPLICANT, PARTNER = "applicant", "partner"
"""The capacities that every book has: the unit concerned, and those that apply jointly with it."""


class Party(models.Model):
    """Who has part in a proceeding, in a *capacity*: one of unit, office and person.

    A tier's ``office`` (a channel's authority under the channel's name) of the ``programme`` has
    the capacity of the tier, at the ``place`` of the unit concerned. ``agreed`` is None until a
    unit that is asked to apply jointly has answered. Who stands ``aside`` says why; who has
    ``ended`` has no part any more, but had.
    """

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="parties")
    capacity = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="partnerships")
    programme = models.CharField(max_length=60, blank=True)
    office = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=250, blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="parts")
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    aside = models.BooleanField(default=False)
    reason = models.CharField(max_length=1000, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("named_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["proceeding", "capacity", "unit", "office", "user"],
                condition=models.Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="party_once",
            ),
            models.CheckConstraint(
                name="party_is_one_of_unit_office_person",
                condition=models.Q(unit__isnull=False, user__isnull=True, office="")
                | models.Q(unit__isnull=True, user__isnull=False, office="")
                | models.Q(unit__isnull=True, user__isnull=True) & ~models.Q(office=""),
            ),
            models.CheckConstraint(
                name="office_of_a_programme",
                condition=models.Q(office="", programme="")
                | ~models.Q(office="") & ~models.Q(programme=""),
            ),
        ]
        indexes = [
            models.Index(
                name="party_of_office", fields=["programme", "office", "place"],
                opclasses=["text_ops", "text_ops", "text_pattern_ops"],
                condition=models.Q(ended_at__isnull=True) & ~models.Q(office=""),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.capacity} {self.unit_id or self.office or self.user_id}"


class Snapshot(models.Model):
    """A file as it was sealed, stored once by its digest."""

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.JSONField()

    def __str__(self) -> str:
        return self.digest


class Step(models.Model):
    """One move a proceeding made, by whom and why, and the score it made it with.

    It holds from ``at`` and was ``recorded_at`` a moment, which is later for what the clock makes
    (then ``by`` is nobody). ``sealed`` is the digest of the file at that moment, which is kept as a
    :class:`Snapshot`: rule book, statements, what counted, evidence. ``document`` is the number or
    name of the decision's document, with its file where that was filed. ``in_grace`` marks what
    came after the deadline, within its grace.
    """

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=60)
    from_stage = models.CharField(max_length=60, blank=True)
    to_stage = models.CharField(max_length=60)
    reason = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    total = models.PositiveIntegerField()
    sealed = models.CharField(max_length=64)
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

    @property
    def snapshot(self) -> dict[str, object] | None:
        """The file as it was sealed, if it was kept."""
        kept = Snapshot.objects.filter(pk=self.sealed).values_list("content", flat=True)
        return kept.first()


class Voice(models.Model):
    """What one party says at a stage where several decide: the move it is for, or to abstain.

    ``since`` is the step by which the proceeding came to the stage: coming there anew, all speak
    anew. A party may change its voice until they are counted.
    """

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="voices")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="voices")
    since = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=60)
    reason = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["party", "since"], name="one_voice_a_party")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.choice}"


class Turn(models.Model):
    """Whose move it is, and until when: of a ``party`` in a ``role``, or (None) of the clock.

    The rows of a proceeding are written anew with each of its steps; lists, board, mail and clock
    read nothing else. For the clock ``move`` is what it makes from ``due_at`` on, and ``brings``
    what that makes of the title it is about (an event's name), where nothing can stand against it.
    """

    proceeding = models.ForeignKey(Proceeding, on_delete=models.CASCADE, related_name="turns")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, related_name="turns")
    role = models.CharField(max_length=20, blank=True)
    move = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField(null=True)
    brings = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ("due_at", "id")
        indexes = [
            models.Index(
                name="turn_of_the_clock", fields=["due_at"], condition=models.Q(party__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.party_id or self.move} {self.due_at}"
