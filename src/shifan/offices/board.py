"""The board: what an office's files wait for, counted by stage, kind and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from shifan.accounts.actor import Actor
from shifan.accounts.claims import APPLYING as APPLICANTS
from shifan.cycles.models import Cycle
from shifan.cycles.queries import cycles
from shifan.proceedings.models import Proceeding, Turn
from shifan.proceedings.presentation import ROLES
from shifan.proceedings.queries import APPLYING, proceedings_for
from shifan.rulebook.model import Measures
from shifan.rulebook.procedures import Stage
from shifan.units.models import Division
from shifan.units.queries import kind_in

WEEK = timedelta(days=7)
LATEST = 10
"""Late files named at most."""
HOLDERS = 12
"""Those for whom files wait, named at most."""
DOTS = 400
"""Scores drawn of a kind at most."""


@dataclass
class Cell:
    """How many files stand at a stage, how many of them are late, and due within a week."""

    files: int = 0
    late: int = 0
    soon: int = 0

    def add(self, files: int, late: int, soon: int) -> None:
        self.files, self.late, self.soon = self.files + files, self.late + late, self.soon + soon


@dataclass
class Line:
    """A row of the board: the files of one kind or place, by stage."""

    key: str
    name: str
    cells: dict[str, Cell] = field(default_factory=lambda: defaultdict(Cell))

    def of(self, stages: Sequence[Stage]) -> list[tuple[Stage, Cell]]:
        """The cells in the order of the stages."""
        return [(stage, self.cells[stage.id]) for stage in stages]


@dataclass(frozen=True)
class Quota:
    """A quota of the rule book beside the number of files that were awarded."""

    name: str
    awarded: int
    maximum: int


@dataclass(frozen=True)
class Strip:
    """The scores of one kind as dots: each in per mille of the most that can be won."""

    name: str
    dots: tuple[int, ...]
    threshold: int


@dataclass(frozen=True)
class Waiting:
    """How many files wait for a role in an office (or a capacity), in one part of the country."""

    capacity: str
    role: str
    place: str
    who: str
    files: int
    late: int
    since: datetime


@dataclass(frozen=True)
class Board:
    """One round as the office sees it: the ``stages`` at which there are files."""

    cycle: Cycle
    stages: tuple[Stage, ...]
    whole: Line
    kinds: list[Line]
    places: list[Line]
    quotas: list[Quota]
    strips: list[Strip]
    late: list[tuple[Proceeding, datetime]]
    waiting: list[Waiting]


def boards(actor: Actor, now: datetime, language: str) -> list[Board]:
    """A board for each round the actor's offices have files in, the newest first."""
    rows = proceedings_for(actor).filter(APPLYING)
    there = set(rows.order_by().values_list("cycle_id", flat=True).distinct())
    return [_board(rows.filter(cycle=each), each, now, language)
            for each in cycles() if each.pk in there]  # fmt: skip


def _board(rows: QuerySet[Proceeding], cycle: Cycle, now: datetime, language: str) -> Board:
    measures = cycle.measures
    turns = Turn.objects.filter(proceeding=OuterRef("pk"), party__isnull=False)
    marked = rows.order_by().annotate(
        is_late=Exists(turns.filter(due_at__lt=now)),
        is_soon=Exists(turns.filter(due_at__gte=now, due_at__lt=now + WEEK)),
    )
    kind = kind_in("rulebook__programme", "unit__")
    counted = marked.values_list("stage", kind, "unit__division__path").annotate(
        n=Count("pk"), late=Count("pk", filter=Q(is_late=True)),
        soon=Count("pk", filter=Q(is_soon=True)),
    )  # fmt: skip
    whole = Line("", "")
    kinds = {kind.id: Line(kind.id, kind.name.in_(language)) for kind in measures.unit_types}
    found = [(stage, kind, _top(path), *numbers) for stage, kind, path, *numbers in counted]
    names = Division.objects.in_bulk({place for _, _, place, *_ in found})
    places = {code: Line(code, each.name) for code, each in names.items()}
    for stage, kind, place, *numbers in found:
        lines = (whole, kinds.get(kind), places.get(place))
        for line in filter(None, lines):
            line.cells[stage].add(*numbers)
    late = (
        marked.filter(is_late=True)
        .annotate(due=Min("turns__due_at", filter=Q(turns__party__isnull=False)))
        .select_related("unit__division", "rulebook")
        .order_by("due", "pk")[:LATEST]
    )
    return Board(
        cycle,
        tuple(each for each in measures.application.stages if whole.cells[each.id].files),
        whole,
        [line for line in kinds.values() if line.cells],
        sorted(places.values(), key=lambda line: line.key),
        _quotas(measures, kinds.values(), language),
        _strips(rows, cycle, language),
        [(each, each.due) for each in late],
        _waiting(rows, measures, now, language),
    )


def _waiting(
    rows: QuerySet[Proceeding], measures: Measures, now: datetime, language: str
) -> list[Waiting]:
    """For whom files wait, those with most late ones first."""
    path = F("proceeding__unit__division__path")
    top = Func(path, Value("/"), Value(2), function="split_part", output_field=CharField())
    files = Count("proceeding", distinct=True)
    turns = Turn.objects.filter(proceeding__in=rows.order_by(), party__isnull=False)
    counted = (
        turns.exclude(party__capacity__in=APPLICANTS)
        .values("party__capacity", "party__office", "role")
        .annotate(
            place=top, files=files, since=Min("proceeding__stage_since"),
            late=Count("proceeding", distinct=True, filter=Q(due_at__lt=now)),
        )
        .order_by("-late", "-files", "place")[:HOLDERS]
    )  # fmt: skip
    found = list(counted)
    names = Division.objects.in_bulk({each["place"] for each in found})
    waiting = []
    for each in found:
        capacity, role, place = each["party__capacity"], each["role"], each["place"]
        party = measures.application.party(capacity)
        name = party.name if party is not None else measures.office_name(each["party__office"])
        parts = [name.in_(language), str(ROLES[role]) if role else "",
                 names[place].name if place in names else ""]  # fmt: skip
        who = " · ".join(filter(None, parts))
        waiting.append(
            Waiting(capacity, role, place, who, each["files"], each["late"], each["since"])
        )
    return waiting


def _top(path: str | None) -> str:
    """The code of the place right beneath the country, or of the country and what lies nowhere."""
    return (path or "/").strip("/").split("/")[0] or "0"


def _quotas(measures: Measures, kinds: Iterable[Line], language: str) -> list[Quota]:
    granted = measures.application.granted
    awarded = {
        line.key: sum(cell.files for stage, cell in line.cells.items() if stage in granted)
        for line in kinds
    }
    return [
        Quota(
            each.name.in_(language),
            sum(awarded.get(kind, 0) for kind in each.unit_types or awarded),
            each.maximum,
        )
        for each in measures.quotas
    ]


def _strips(rows: QuerySet[Proceeding], cycle: Cycle, language: str) -> list[Strip]:
    """The scores of the files that count, kind by kind."""
    totals: dict[str, list[int]] = defaultdict(list)
    scored = rows.exclude(verdict="incomplete").order_by("-total")
    for kind, total in scored.values_list("unit__unit_type", "total")[: DOTS * 4]:
        totals[kind].append(total)
    strips = []
    for each in cycle.measures.unit_types:
        indicators = cycle.rulebook.book.indicators.get(each.id)
        if indicators is None or not totals[each.id]:
            continue
        most = max(int(indicators.base_points * 1000), *totals[each.id], 1)
        strips.append(
            Strip(
                each.name.in_(language),
                tuple(total * 1000 // most for total in totals[each.id][:DOTS]),
                int(indicators.apply_from * 1000) * 1000 // most,
            )
        )
    return strips
