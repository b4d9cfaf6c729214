"""The board: what an office's files wait for, counted by stage, kind and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    CharField,
    Count,
    F,
    Func,
    Min,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce

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


WAITS: dict[str, Callable[[Waiting], Any]] = {
    "who": lambda each: each.who, "files": lambda each: each.files,
    "late": lambda each: each.late, "since": lambda each: each.since,
}  # fmt: skip
"""The columns of those for whom files wait, by the word in the address."""


def arranged(board: Board, sort: str) -> Board:
    """The board with its tables in the order of a column: a stage's id, ``name``, or one of
    :data:`WAITS`; downwards with a minus."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if key in WAITS:
        return replace(board, waiting=sorted(board.waiting, key=WAITS[key], reverse=down))
    if key != "name" and key not in {stage.id for stage in board.stages}:
        return board

    def value(line: Line) -> Any:
        return line.name if key == "name" else line.cells[key].files

    kinds, places = (sorted(each, key=value, reverse=down) for each in (board.kinds, board.places))
    return replace(board, kinds=kinds, places=places)


def _board(rows: QuerySet[Proceeding], cycle: Cycle, now: datetime, language: str) -> Board:
    measures = cycle.measures
    counted = (
        rows.order_by()
        .values_list("stage", _kind(), _top("unit__division__path"))
        .annotate(n=Count("pk"))
    )
    waits = Turn.objects.filter(proceeding__in=rows.order_by(), party__isnull=False)
    due = waits.filter(due_at__lt=now + WEEK).order_by()
    pressing = due.values_list(
        "proceeding__stage", _kind("proceeding__"), _top("proceeding__unit__division__path")
    ).annotate(
        late=Count("proceeding", distinct=True, filter=Q(due_at__lt=now)),
        soon=Count("proceeding", distinct=True, filter=Q(due_at__gte=now)),
    )  # fmt: skip
    whole = Line("", "")
    kinds = {kind.id: Line(kind.id, kind.name.in_(language)) for kind in measures.unit_types}
    found = [(stage, kind, place or "0", n, 0, 0) for stage, kind, place, n in counted]
    found += [(stage, kind, place or "0", 0, *numbers) for stage, kind, place, *numbers in pressing]
    names = Division.objects.in_bulk({place for _, _, place, *_ in found})
    places = {code: Line(code, each.name) for code, each in names.items()}
    for stage, kind, place, *numbers in found:
        lines = (whole, kinds.get(kind), places.get(place))
        for line in filter(None, lines):
            line.cells[stage].add(*numbers)
    first = waits.filter(due_at__lt=now).order_by().values("proceeding").annotate(due=Min("due_at"))
    ends = dict(first.order_by("due", "proceeding").values_list("proceeding", "due")[:LATEST])
    late = rows.order_by().select_related("unit__division", "rulebook").in_bulk(list(ends))
    return Board(
        cycle,
        tuple(each for each in measures.application.stages if whole.cells[each.id].files),
        whole,
        [line for line in kinds.values() if line.cells],
        sorted(places.values(), key=lambda line: line.key),
        _quotas(measures, kinds.values(), language),
        _strips(rows, cycle, language),
        [(late[pk], end) for pk, end in ends.items()],
        _waiting(waits, measures, now, language),
    )


def _kind(proceeding: str = "") -> Coalesce:
    """The type of a file's unit; ``proceeding`` is how a row's file is reached."""
    return kind_in(f"{proceeding}rulebook__programme", f"{proceeding}unit__")


def _top(path: str) -> Coalesce:
    """The code of the place right beneath the country, empty for the country itself and for what
    lies nowhere."""
    top = Func(F(path), Value("/"), Value(2), function="split_part", output_field=CharField())
    return Coalesce(top, Value(""))


def _waiting(
    turns: QuerySet[Turn], measures: Measures, now: datetime, language: str
) -> list[Waiting]:
    """For whom files wait, those with most late ones first."""
    others = turns.filter(party__office="").exclude(party__capacity__in=APPLICANTS)
    found = [*_held(turns.exclude(party__office=""), now, False), *_held(others, now, True)]
    found.sort(key=lambda each: (-each["late"], -each["files"], each["place"]))
    del found[HOLDERS:]
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


def _held(turns: QuerySet[Turn], now: datetime, several: bool) -> list[Any]:
    """How many files wait for whom; of a capacity that ``several`` have, each file counts once."""
    place = "proceeding__unit__division__path" if several else "party__place"
    grouped = turns.order_by().values("party__capacity", "party__office", "role")
    counted: Any = grouped.annotate(
        place=_top(place),
        files=Count("proceeding", distinct=several),
        since=Min("proceeding__stage_since"),
        late=Count("proceeding", distinct=several, filter=Q(due_at__lt=now)),
    )
    return list(counted.order_by("-late", "-files", "place")[:HOLDERS])


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
    for kind, total in scored.values_list(_kind(), "total")[: DOTS * 4]:
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
