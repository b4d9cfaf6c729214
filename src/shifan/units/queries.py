"""Read divisions and units; the figures the registry computes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from unicodedata import normalize

from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.db.models.lookups import Contains, Exact, IsNull

from shifan.units.models import CreationRecord, Division, Level, Unit


def provinces() -> QuerySet[Division]:
    """The province-level divisions of China, in code order."""
    return Division.objects.filter(level=Level.PROVINCE, parent="0")


def top_of(division: Division) -> str:
    """The code of the top of its scheme of places."""
    first = division.path.strip("/").partition("/")[0] or division.code
    return Division.objects.filter(pk=first).values_list("parent", flat=True).first() or first


def of_area(area: str, unit: str = "") -> Q:
    """The units an office of the area is in charge of; ``unit`` is how a row's unit is reached."""
    if area == "/":  # all of them, those that lie nowhere too
        return Q(**{f"{unit}pk__isnull": False})
    return Q(**{f"{unit}division__path__startswith": area})


def lying_in(area: str, unit: str = "") -> Q:
    """The units that lie in the area or reach into it; ``unit`` as in :func:`of_area`."""
    also = Unit.also_in.through.objects.filter(division__path__startswith=area)
    return of_area(area, unit) | Q(**{f"{unit}pk__in": also.values("unit")})


def of_name(search: str, unit: str = "") -> Q:
    """The units whose name holds the text, and the areas whose English or romanised name does;
    ``unit`` as in :func:`of_area`."""
    area = Q(**{f"{unit}is_area": True}) & place_of_name(search, f"{unit}division__")
    return Q(**{f"{unit}name__icontains": search}) | area


def place_of_name(search: str, division: str = "") -> Q:
    """The divisions whose name holds the text, in either language; ``division`` is how a row's
    division is reached.

    Of the English or romanised name only letters and figures count, without their accents: Lüliang
    is found by luliang, Xi'an by xian.
    """
    found = Q(**{f"{division}name__icontains": search})
    if plain := PLAIN.sub("", normalize("NFKD", search.lower())):
        found |= Q(Contains(_Plain(F(f"{division}name_en")), plain))
    return found


PLAIN = re.compile("[^a-z0-9]")


class _Plain(Func):
    """A text's letters and figures, as :func:`place_of_name` looks for them."""

    template = "regexp_replace(normalize(lower(%(expressions)s), NFKD), '[^a-z0-9]', '', 'g')"
    output_field = TextField()


def kind_in(programme: str, unit: str = "") -> Coalesce:
    """A unit's type in the programme that a field of the row names, for the database."""
    own = CombinedExpression(F(f"{unit}kinds"), "->>", F(programme), output_field=TextField())
    return Coalesce(own, F(f"{unit}unit_type"), output_field=TextField())


def of_kind(kind: str, programme: str, unit: str = "") -> Q:
    """The units of the type in the programme that a field of the row names.

    Nearly all are of one type everywhere, which the planner knows the number of.
    """
    plain = Q(**{f"{unit}kinds": {}})
    return plain & Q(**{f"{unit}unit_type": kind}) | ~plain & Q(
        Exact(kind_in(programme, unit), kind)
    )


def townships(unit: Unit, on: date) -> QuerySet[Any]:
    """The townships of the unit's area, each with ``takes_part``: creation work is under way.

    A subquery for a value is looked up per township; for EXISTS the planner may instead read the
    whole country's registry, which costs ten times as much.
    """
    active = CreationRecord.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=on), division=OuterRef("pk"), started_on__lte=on
    )
    return Division.objects.filter(
        path__startswith=unit.place if unit.division else "-", level=Level.TOWNSHIP
    ).annotate(takes_part=IsNull(Subquery(active.values("pk")[:1]), False))


@dataclass(frozen=True)
class Participation:
    """Of one county: its townships, and those among them with creation work under way."""

    townships: int
    taking_part: int


def participation(unit: Unit, on: date) -> list[Participation]:
    """The counties of the unit's area that have townships, with one query."""
    rows = townships(unit, on).values("parent_id").order_by()
    counts = rows.annotate(all=Count("pk"), part=Count("pk", filter=Q(takes_part=True)))
    return [Participation(*row) for row in counts.values_list("all", "part")]


def township_coverage(counties: Sequence[Participation]) -> Fraction | None:
    """The share of the area's townships with creation work under way, in percent."""
    taking_part = sum(county.taking_part for county in counties)
    return _percent(taking_part, sum(county.townships for county in counties))


def county_coverage(counties: Sequence[Participation]) -> Fraction | None:
    """The share of the area's counties in which at least one township takes part, in percent."""
    return _percent(sum(county.taking_part > 0 for county in counties), len(counties))


def _percent(part: int, whole: int) -> Fraction | None:
    return Fraction(100 * part, whole) if whole else None


REGISTRY_FIGURES: dict[str, Callable[[Sequence[Participation]], Fraction | None]] = {
    "township_coverage": township_coverage,
    "county_coverage": county_coverage,
}
"""Inputs the system computes from its own records, by input name."""


def registry_figures(unit: Unit, on: date) -> dict[str, Fraction]:
    """All that the system computes for the unit, by input name, as far as it can be; exact."""
    counties = participation(unit, on)
    figures = {name: figure(counties) for name, figure in REGISTRY_FIGURES.items()}
    return {name: figure for name, figure in figures.items() if figure is not None}


def rounded(figure: Fraction, decimals: int) -> Decimal:
    """A computed figure, rounded half-up to the decimals its input keeps."""
    exact = Decimal(figure.numerator) / Decimal(figure.denominator)
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
