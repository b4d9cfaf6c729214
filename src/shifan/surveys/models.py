"""A campaign, who may answer it once, and what was answered.

Nothing here leads from an answer to who gave it. ``Token`` and ``Receipt`` say that something was
handed in, ``Answer`` says what; they share no key and no time finer than the day. In between, a
``Pouch`` holds what came in since the last mixing, sealed: see :mod:`shifan.surveys.mixing` and
``docs/how-answers-are-kept-apart.md``.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shifan.accounts.models import User
from shifan.cycles.models import Cycle
from shifan.rulebook.surveys import Survey
from shifan.surveys.instrument.model import Instrument
from shifan.units.models import Unit

State = Literal["planned", "waiting", "running", "over", "closed"]
"""Of a campaign: not open yet; open, its first day to come; taking answers; its last day gone by,
what enumerators gathered still coming in; ended by the office."""


class Assurance(models.TextChoices):
    """How surely one person answers once."""

    OPEN = "open", _("open link")
    TOKEN = "token", _("one answer per token")
    ENUMERATOR = "enumerator", _("enumerators in the field")


class Campaigns(models.QuerySet["Campaign"]):
    """Campaigns, to be read with what they belong to."""

    def with_rules(self) -> Campaigns:
        """With unit and cycle; of the rule book only what it takes to find it parsed."""
        rows = self.select_related("unit__division", "cycle__rulebook")
        return rows.defer("cycle__rulebook__content")


class Campaign(models.Model):
    """One survey of the public about one unit, in one period.

    ``survey`` is the survey's id in the rule book, ``instrument`` the form as it was asked, frozen
    once the campaign opens; ``strata`` names those of its questions that place an answer in a
    stratum. ``opens_on`` and ``closes_on`` are its first and last day, in the rule book's time
    zone. ``code`` stands in the public address.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=12, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="campaigns")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="campaigns")
    survey = models.CharField(max_length=60)
    assurance = models.CharField(max_length=12, choices=Assurance)
    instrument = models.JSONField()
    strata = ArrayField(models.CharField(max_length=60), default=list)
    opens_on = models.DateField()
    closes_on = models.DateField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = Campaigns.as_manager()

    class Meta:
        ordering = ("-made_at", "id")
        constraints = [
            models.CheckConstraint(
                name="campaign_ends_after_it_begins",
                condition=models.Q(closes_on__gte=models.F("opens_on")),
            )
        ]

    def __str__(self) -> str:
        return self.code

    @cached_property
    def form(self) -> Instrument:
        """The form as it is asked."""
        return Instrument.model_validate(self.instrument)

    @property
    def rule(self) -> Survey:
        """What the rule book says of this survey."""
        return self.cycle.measures.survey(self.survey)

    @property
    def zone(self) -> ZoneInfo:
        """The rule book's time zone."""
        return ZoneInfo(self.cycle.measures.time_zone)

    def day(self, now: datetime) -> date:
        """The day it is, where the rule book says what time it is."""
        return now.astimezone(self.zone).date()

    def state(self, now: datetime) -> State:
        """The state it is in at that moment."""
        if self.closed_at is not None:
            return "closed"
        if self.opened_at is None:
            return "planned"
        day = self.day(now)
        if day < self.opens_on:
            return "waiting"
        return "running" if day <= self.closes_on else "over"

    def stratum(self, values: Mapping[str, str]) -> str:
        """The key of the stratum in which answers place whoever gave them."""
        return "|".join(values.get(name, "") for name in self.strata)


class Stratum(models.Model):
    """One stratum of a campaign: its registry population and the answers aimed at, if known.

    ``key`` joins the choices that make it, in the order of the campaign's ``strata``, by ``|``.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="populations")
    key = models.CharField(max_length=200)
    population = models.PositiveIntegerField(null=True)
    target = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("key",)
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="stratum_once")]

    def __str__(self) -> str:
        return self.key


class Token(models.Model):
    """A right to answer once; only its digest is kept, and whether it was used, not when."""

    pk = models.CompositePrimaryKey("campaign_id", "digest")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="tokens", db_index=False
    )
    digest = models.BinaryField()
    spent = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.campaign)


class FieldKey(models.Model):
    """What lets one team of enumerators hand in answers; only its digest is kept."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="field_keys")
    digest = models.BinaryField()
    label = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.label


class Receipt(models.Model):
    """The random number under which an answer came in, so that it is taken once.

    This table, like those of tokens and answers, is partitioned by the hash of its own key, so that
    an engine can spread it over machines: see ``docs/operate.md``.
    """

    pk = models.CompositePrimaryKey("campaign_id", "submission")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="receipts", db_index=False
    )
    submission = models.UUIDField()

    def __str__(self) -> str:
        return str(self.campaign)


class Pouch(models.Model):
    """Answers that came in together, sealed with a key of their day until they are mixed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="pouches", db_index=False
    )
    day = models.DateField()
    answers = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["campaign", "day"])]

    def __str__(self) -> str:
        return f"{self.campaign} {self.day}"


class Answer(models.Model):
    """One answer after mixing. ``day`` is that of its batch; ``flags`` are ids of quality rules."""

    pk = models.CompositePrimaryKey("campaign_id", "id")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="answers", db_index=False
    )
    id = models.UUIDField(default=uuid.uuid4, editable=False)
    day = models.DateField()
    stratum = models.CharField(max_length=200)
    values = models.JSONField()
    flags = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        indexes = [models.Index(fields=["campaign", "day"])]

    def __str__(self) -> str:
        return f"{self.campaign} {self.day}"


class Weighting(models.Model):
    """What the answers that a quality rule flags count for, decided by a named person.

    ``weight`` is in thousandths: 0 excludes them. It is for all that the rule flags, never for a
    single answer, so nobody can pick by what was said.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="weightings")
    rule = models.CharField(max_length=40)
    weight = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "rule"],
                condition=models.Q(superseded_at__isnull=True),
                name="one_weighting_per_rule",
            ),
            models.CheckConstraint(
                name="weighting_gives_its_reason", condition=~models.Q(reason="")
            ),
            models.CheckConstraint(name="weight_up_to_one", condition=models.Q(weight__lte=1000)),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.weight}"

    @property
    def percent(self) -> str:
        """The weight in percent."""
        return f"{self.weight / 10:g}"
