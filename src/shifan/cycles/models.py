"""Published rule-book versions, and the cycles opened under them."""

from datetime import date

import pgtrigger
from django.db import models

from shifan.accounts.models import User
from shifan.rulebook.deadlines import Deadline
from shifan.rulebook.indicators import IndicatorSet
from shifan.rulebook.loader import from_document
from shifan.rulebook.model import Measures, RuleBook


class AlteredRuleBook(Exception):
    """A stored rule book whose content no longer has the digest it was published with."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: what is stored is not what was published; its digest differs")


class WithoutContent(models.Manager["PublishedRuleBook"]):
    """Rows without their content, a megabyte each, which :attr:`PublishedRuleBook.book` reads once
    in a process."""

    def get_queryset(self) -> models.QuerySet["PublishedRuleBook"]:
        return super().get_queryset().defer("content")


class PublishedRuleBook(models.Model):
    """One version of a programme's rule book: its content, for good.

    A correction is published beside it as the next ``revision``.
    """

    programme = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    revision = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    effective_from = models.DateField()
    effective_until = models.DateField(null=True)
    published_at = models.DateTimeField()

    objects = WithoutContent()

    class Meta:
        base_manager_name = "objects"
        ordering = ("programme", "-effective_from", "-revision")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "version", "revision"], name="rulebook_revision_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.programme}/{self.version}"

    def in_force(self, day: date) -> bool:
        """Whether the version holds on the day."""
        until = self.effective_until
        return self.effective_from <= day and (until is None or day <= until)

    @property
    def book(self) -> RuleBook:
        """The rule book itself; read and parsed once per process, as versions never change.

        Raises AlteredRuleBook if what is stored is not what was published.
        """
        if self.digest not in _parsed:
            book = from_document(self.content)
            if book.digest != self.digest:
                raise AlteredRuleBook(f"{self} revision {self.revision}")
            _parsed[self.digest] = book
        return _parsed[self.digest]


_parsed: dict[str, RuleBook] = {}


class SurveyForm(models.Model):
    """The file of a survey's form that came with a rule book, by the SHA-256 the book names."""

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.digest[:12]


class Proposal(models.Model):
    """A rule book that somebody of the programme's office proposes to publish: checked, in full.

    It waits until it is published or withdrawn (``ended_at``).
    """

    programme = models.CharField(max_length=60)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    published = models.ForeignKey(
        PublishedRuleBook, on_delete=models.PROTECT, null=True, related_name="proposals"
    )

    class Meta:
        ordering = ("-proposed_at", "-id")

    def __str__(self) -> str:
        return f"{self.programme} {self.digest[:12]}"

    @property
    def book(self) -> RuleBook:
        """The rule book as proposed."""
        return from_document(self.content)


class Cycle(models.Model):
    """One round of applications under one rule-book version.

    An ``exercise`` is a practice round: it may use a version that is not in force, and what it
    grants is marked as practice wherever it shows. ``extended`` repeats its extensions: the last
    day by procedure and deadline.
    """

    rulebook = models.ForeignKey(PublishedRuleBook, on_delete=models.PROTECT)
    year = models.PositiveIntegerField()
    batch = models.PositiveIntegerField()
    exercise = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    extended = models.JSONField(default=dict)

    class Meta:
        ordering = ("-year",)
        constraints = [
            models.UniqueConstraint(fields=["rulebook", "year", "exercise"], name="cycle_once")
        ]

    def __str__(self) -> str:
        return f"{self.rulebook_id} {self.year}"

    @property
    def measures(self) -> Measures:
        return self.rulebook.book.measures

    def extended_in(self, procedure_id: str) -> dict[str, date]:
        """The last days to which deadlines of the procedure were extended."""
        found = self.extended.get(procedure_id, {})
        return {name: date.fromisoformat(day) for name, day in found.items()}

    def indicators(self, unit_type: str) -> IndicatorSet:
        return self.rulebook.book.indicators[unit_type]


class Extension(models.Model):
    """More time than the rule book gives: a deadline of a procedure in a round, with the document
    and the reason, for everybody to read."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="extensions")
    procedure_id = models.CharField(max_length=60)
    deadline_id = models.CharField(max_length=60)
    until = models.DateField()
    reason = models.CharField(max_length=1000)
    document = models.CharField(max_length=120)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        triggers = [
            pgtrigger.Protect(name="for_good", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.until}"

    @property
    def deadline(self) -> Deadline:
        """The deadline of the rule book."""
        return self.cycle.measures.procedure(self.procedure_id).deadline(self.deadline_id)
