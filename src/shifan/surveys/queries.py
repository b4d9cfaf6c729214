"""Read campaigns, scoped to the actor in SQL, and what may be shown of a running one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from shifan.accounts.actor import Actor
from shifan.fairness.suppression import in_tens, one_way
from shifan.proceedings.models import Proceeding
from shifan.surveys.models import Campaign, Receipt
from shifan.surveys.results import strata_of
from shifan.units.models import Unit
from shifan.units.queries import of_area


def campaigns_for(actor: Actor) -> QuerySet[Campaign]:
    """The campaigns the actor may see: of units in its offices' areas, and of its own units."""
    own = {unit for unit, role in actor.units if role in ("lead", "clerk")}
    scope = Q(unit_id__in=own)
    for office in actor.offices:
        here = Q(cycle__rulebook__programme=office.programme)
        scope |= of_area(office.area, "unit__") & here
    return Campaign.objects.filter(scope).with_rules().defer("instrument")


def units_for(actor: Actor) -> QuerySet[Unit]:
    """The units an office can ask the public about."""
    scope = Q(pk__in=())
    for office in actor.offices:
        if office.role != "auditor":
            scope |= of_area(office.area)
    return Unit.objects.filter(scope).select_related("division")


def proceeding_of(campaign: Campaign) -> Proceeding | None:
    """The unit's application in the campaign's cycle."""
    rows = Proceeding.objects.select_related("unit__division", "cycle")
    return rows.filter(unit=campaign.unit_id, cycle=campaign.cycle_id).first()


@dataclass(frozen=True)
class Progress:
    """What may be shown of a campaign at any time.

    All counts are rounded down to tens, so that nobody learns of a single answer by looking twice
    or at two pages. Days and strata speak of what has been mixed; of strata, None stands for fewer
    than ten and for what would give these away.
    """

    received: int
    waiting: int
    days: tuple[tuple[date, int], ...]
    strata: tuple[Row, ...]


@dataclass(frozen=True)
class Row:
    """A stratum in words, what was mixed of it, and what it is held against."""

    key: str
    answers: int | None
    target: int | None
    population: int | None

    @property
    def percent(self) -> int | None:
        """Of the target, in percent, at most 100."""
        if self.answers is None or not self.target:
            return None
        return min(100, self.answers * 100 // self.target)


def progress(campaign: Campaign) -> Progress:
    """The campaign's progress as it may be shown now."""
    sealed = campaign.pouches.aggregate(sum=Sum("answers", default=0))["sum"]
    days = campaign.answers.values_list("day").annotate(count=Count("id")).order_by("day")
    return Progress(
        received=received(campaign),
        waiting=in_tens(sealed),
        days=tuple((day, in_tens(count)) for day, count in days),
        strata=tuple(_rows(campaign)),
    )


def received(campaign: Campaign) -> int:
    """How many answers came in, in tens."""
    return in_tens(Receipt.objects.filter(campaign=campaign).count())


def _rows(campaign: Campaign) -> list[Row]:
    found = campaign.answers.values_list("stratum").annotate(count=Count("id")).order_by()
    shown = one_way(dict.fromkeys(strata_of(campaign), 0) | dict(found))
    known = {each.key: each for each in campaign.populations.all()}
    return [
        Row(key, count and in_tens(count), *(
            (known[key].target, known[key].population) if key in known else (None, None)
        ))
        for key, count in shown.items()
    ]  # fmt: skip
