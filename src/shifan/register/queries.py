"""Read the register. It is public: everyone sees the same rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet

from shifan.cycles.queries import rulebooks
from shifan.units.models import Division, Level, Title, TitleState


def listed() -> QuerySet[Title]:
    """The titles the register lists: those of each programme's highest tier."""
    highest = {
        (published.programme, published.book.measures.tiers[0].id) for published in rulebooks()
    }
    scope = Q(pk__in=[])
    for programme, level in highest:
        scope |= Q(programme=programme, level=level)
    return Title.objects.filter(scope)


def titles(
    on: date,
    *,
    search: str = "",
    province: str = "",
    unit_type: str = "",
    batch: int | None = None,
) -> QuerySet[Title]:
    """Titles of the highest tier awarded up to the day, newest first, narrowed by the filters."""
    rows = listed().filter(awarded_on__lte=on).select_related("unit__division")
    if search:
        rows = rows.filter(unit__name__icontains=search)
    if province:
        rows = rows.filter(unit__division__path__startswith=f"/{province}/")
    if unit_type:
        rows = rows.filter(unit__unit_type=unit_type)
    if batch is not None:
        rows = rows.filter(batch=batch)
    return rows.order_by("-awarded_on", "unit__name", "id")


def title(title_id: str) -> Title | None:
    """One title."""
    return Title.objects.filter(pk=title_id).select_related("unit__division").first()


def titles_of(unit_id: str) -> QuerySet[Title]:
    """All titles of one unit, oldest first: the timeline of its life."""
    return Title.objects.filter(unit_id=unit_id).order_by("awarded_on")


def state(title_: Title, on: date) -> TitleState:
    """Where the title stands on the day."""
    if title_.revoked_on is not None and title_.revoked_on <= on:
        return TitleState.REVOKED
    if title_.valid_until is not None and title_.valid_until < on:
        return TitleState.EXPIRED
    return TitleState.VALID


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


def by_province(on: date) -> list[tuple[Division, int]]:
    """Every province with the number of titles on record there."""
    provinces = Division.objects.filter(level=Level.PROVINCE).order_by("code")
    titles_on_record = listed().filter(awarded_on__lte=on, exercise=False)
    paths = titles_on_record.values_list("unit__division__path", flat=True)
    counts: dict[str, int] = {}
    for path in paths:
        code = path.split("/")[1]
        counts[code] = counts.get(code, 0) + 1
    return [(province, counts.get(province.code, 0)) for province in provinces]


def batch_rows() -> dict[int, int]:
    """How many rows of each batch are on record here."""
    rows = (
        listed()
        .filter(exercise=False, batch__isnull=False)
        .values("batch")
        .annotate(rows=Count("id"))
    )
    return {row["batch"] or 0: row["rows"] for row in rows.order_by("-batch")}
