"""Read divisions, units and titles; the figures the registry computes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from shifan.units.models import CreationRecord, Division, Level, Title, Unit


def provinces() -> QuerySet[Division]:
    """The province-level divisions, in code order."""
    return Division.objects.filter(level=Level.PROVINCE)


def townships(unit: Unit, on: date) -> QuerySet[Any]:
    """The townships of the unit's area, each with ``takes_part``: creation work is under way."""
    active = CreationRecord.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=on), division=OuterRef("pk"), started_on__lte=on
    )
    return Division.objects.filter(
        path__startswith=unit.division.path, level=Level.TOWNSHIP
    ).annotate(takes_part=Exists(active))


def township_coverage(unit: Unit, on: date) -> Fraction | None:
    """The share of the area's townships with creation work under way, in percent."""
    parts = townships(unit, on).values_list("takes_part", flat=True)
    return Fraction(100 * sum(parts), len(parts)) if parts else None


def county_coverage(unit: Unit, on: date) -> Fraction | None:
    """The share of the area's counties in which at least one township takes part, in percent."""
    counties: dict[str, bool] = {}
    for county, takes_part in townships(unit, on).values_list("parent_id", "takes_part"):
        counties[county] = counties.get(county, False) or takes_part
    return Fraction(100 * sum(counties.values()), len(counties)) if counties else None


REGISTRY_FIGURES: dict[str, Callable[[Unit, date], Fraction | None]] = {
    "township_coverage": township_coverage,
    "county_coverage": county_coverage,
}
"""Inputs the system computes from its own records, by input name."""


def registry_figure(name: str, unit: Unit, on: date, decimals: int) -> Decimal | None:
    """A computed input, rounded half-up to the decimals it keeps; ``None`` if not computable."""
    figure = REGISTRY_FIGURES[name](unit, on) if name in REGISTRY_FIGURES else None
    if figure is None:
        return None
    exact = Decimal(figure.numerator) / Decimal(figure.denominator)
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def valid_titles(on: date) -> QuerySet[Title]:
    """Titles in force on the day."""
    return Title.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=on),
        awarded_on__lte=on,
    )


def last_revoked(unit: Unit, programme: str, on: date) -> date | None:
    """The day the unit last lost a title of the programme, up to ``on``."""
    lost = Title.objects.filter(unit=unit, programme=programme, revoked_on__lte=on)
    return lost.order_by("-revoked_on").values_list("revoked_on", flat=True).first()


def levels_held(unit: Unit, programme: str, on: date, exercise: bool) -> frozenset[str]:
    """The tiers at which the unit holds a title on the day; practice titles count in practice."""
    titles = valid_titles(on).filter(unit=unit, programme=programme)
    if not exercise:
        titles = titles.filter(exercise=False)
    return frozenset(titles.values_list("level", flat=True))
