"""Read the register. It is public: everyone sees the same rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, TextField

from shifan.cycles.queries import cycles, in_force, rulebooks
from shifan.rulebook.model import RuleBook
from shifan.titles.models import Event, Title, What
from shifan.titles.queries import standings
from shifan.units.models import Division
from shifan.units.queries import lying_in, of_kind, of_name, provinces

if TYPE_CHECKING:
    from shifan.titles.states import Seen


@dataclass(frozen=True)
class Programme:
    """A programme with the version in force; without one, with its latest."""

    id: str
    book: RuleBook
    in_force: bool


def programmes(on: date) -> dict[str, Programme]:
    """All programmes as of the day, by their short names, in their order."""
    found = sorted(in_force(on).items())
    return {name: Programme(name, each.book, each.in_force(on)) for name, each in found}


def figures(on: date) -> tuple[Counter[str], Counter[str]]:
    """How many rounds each programme has opened, and how many titles of its highest tier are on
    record, practice left out."""
    rounds = Counter(cycles().values_list("rulebook__programme", flat=True))
    awarded = Exists(_awards().filter(title=OuterRef("pk"), holds_from__lte=on))
    counted = listed().filter(awarded, exercise=False).order_by()
    return rounds, Counter(dict(counted.values_list("programme").annotate(n=Count("pk"))))


def listed(only: str = "") -> QuerySet[Title]:
    """The titles the register lists: those of the highest tier of each programme, or of one."""
    highest = {
        (published.programme, published.book.measures.tiers[0].id)
        for published in rulebooks()
        if only in ("", published.programme)
    }
    scope = Q(pk__in=[])
    for programme, level in highest:
        scope |= Q(programme=programme, level=level)
    return Title.objects.filter(scope)


def titles(
    on: date,
    *,
    programme: str = "",
    search: str = "",
    province: str = "",
    unit_type: str = "",
    batch: int | None = None,
) -> QuerySet[Seen]:
    """Titles of the highest tier awarded up to the day, the latest award first, narrowed by the
    filters; with their state on the day."""
    rows = standings(listed(programme), on).exclude(awarded_on=None)
    if search:
        rows = rows.filter(of_name(search, "unit__"))
    if province:
        rows = rows.filter(lying_in(f"/{province}/", "unit__"))
    if unit_type:
        rows = rows.filter(of_kind(unit_type, "programme", "unit__"))
    if batch is not None:
        rows = rows.filter(Exists(_awards().filter(title=OuterRef("pk"), batch=batch)))
    return rows.order_by("-awarded_on", "unit__name", "id")


def _awards() -> QuerySet[Event]:
    return Event.objects.filter(what=What.AWARDED).order_by()


def titles_of(title: Title) -> QuerySet[Title]:
    """All titles of one unit: this one, and what else it holds or held."""
    return Title.objects.filter(unit=title.unit_id).order_by("pk")


def places(divisions: Iterable[Division]) -> dict[str, tuple[Division, ...]]:
    """Where each division lies, by its path: from the province down to itself.

    Nodes that only stand in the code list are left out. One query, however many divisions.
    """
    paths = {division.path for division in divisions}
    codes = {code for path in paths for code in path.strip("/").split("/")}
    known = Division.objects.filter(placeholder=False).in_bulk(codes)
    return {
        path: tuple(known[code] for code in path.strip("/").split("/") if code in known)
        for path in paths
    }


def by_place(
    on: date, programme: str = ""
) -> tuple[list[tuple[Division, int]], list[tuple[Division, int]]]:
    """The number of titles on record, of all programmes or of one: in every province of China, and
    in each place right beneath the top of another scheme, or that top itself, where there are any.
    """
    awarded = Exists(_awards().filter(title=OuterRef("pk"), holds_from__lte=on))
    rows = listed(programme).filter(awarded, exercise=False).order_by()
    rows = rows.annotate(first=_First("unit__division__path"))
    counts = Counter(dict(rows.values_list("first").annotate(Count("pk"))))
    also = rows.exclude(unit__also_in=None).annotate(further=_First("unit__also_in__path"))
    pairs = also.exclude(further=F("first")).values_list("pk", "further").distinct()
    counts.update(further for _, further in pairs)
    every = list(provinces().order_by("code"))
    others = Division.objects.filter(pk__in={*counts} - {each.code for each in every} - {None})
    return (
        [(each, counts[each.code]) for each in every],
        [(each, counts[each.code]) for each in others.order_by("code")],
    )


def places_to_ask(programme: str = "") -> QuerySet[Division]:
    """The provinces of China, and the places as :func:`by_place` tells them where titles lie
    elsewhere."""
    rows = Title.objects.filter(programme=programme) if programme else Title.objects.all()
    first = rows.order_by().annotate(first=_First("unit__division__path"))
    elsewhere = Division.objects.filter(pk__in=first.values("first"))
    return (provinces() | elsewhere).order_by("code")


class _First(Func):
    """The code that a path begins with."""

    function = "split_part"
    template = "%(function)s(%(expressions)s, '/', 2)"
    output_field = TextField()


def batch_rows(programme: str) -> dict[int, int]:
    """How many awards of each batch of the programme are on record here."""
    awards = _awards().filter(
        title__in=listed(programme).filter(exercise=False), batch__isnull=False
    )
    rows = awards.values("batch").annotate(rows=Count("id"))
    return {row["batch"] or 0: row["rows"] for row in rows.order_by("-batch")}
