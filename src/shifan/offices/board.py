"""The board: what an office's files wait for, counted by stage, kind and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from shifan.accounts.actor import Actor
from shifan.accounts.claims import APPLYING as APPLICANTS
from shifan.cycles.models import Cycle
from shifan.cycles.queries import cycles
from shifan.offices.counting import Counts, counts
from shifan.proceedings.models import Proceeding
from shifan.proceedings.presentation import ROLES
from shifan.proceedings.queries import APPLYING, proceedings_for
from shifan.rulebook.model import Measures
from shifan.rulebook.procedures import Stage
from shifan.units.models import Division

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
    made = (_board(rows.filter(cycle=each), each, now, language) for each in cycles())
    return [board for board in made if board is not None]


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


def _board(rows: QuerySet[Proceeding], cycle: Cycle, now: datetime, language: str) -> Board | None:
    found = counts(
        rows, now, latest=LATEST, holders=HOLDERS, dots=DOTS * 4, applying=APPLICANTS
    )  # fmt: skip
    if not found.counted:
        return None
    measures = cycle.measures
    whole = Line("", "")
    kinds = {kind.id: Line(kind.id, kind.name.in_(language)) for kind in measures.unit_types}
    codes = {each.place or "0" for each in found.counted} | {each.place for each in found.held}
    names = Division.objects.in_bulk(codes)
    places: dict[str, Line] = {}
    for each in found.counted:
        code = each.place or "0"
        if code in names:
            places.setdefault(code, Line(code, names[code].shown))
        for line in filter(None, (whole, kinds.get(each.kind), places.get(code))):
            line.cells[each.stage].add(each.files, each.late, each.soon)
    late = rows.order_by().select_related("unit__division", "rulebook").in_bulk(list(found.late))
    return Board(
        cycle,
        tuple(each for each in measures.application.stages if whole.cells[each.id].files),
        whole,
        [line for line in kinds.values() if line.cells],
        sorted(places.values(), key=lambda line: line.key),
        _quotas(measures, kinds.values(), language),
        _strips(found, cycle, language),
        [(late[pk], end) for pk, end in found.late.items()],
        _waiting(found, measures, names, language),
    )


def _waiting(
    found: Counts, measures: Measures, names: Mapping[str, Division], language: str
) -> list[Waiting]:
    """For whom files wait, those with most late ones first."""
    waiting = []
    for each in found.held:
        party = measures.application.party(each.capacity)
        name = party.name if party is not None else measures.office_name(each.office)
        parts = [name.in_(language), str(ROLES[each.role]) if each.role else "",
                 names[each.place].shown if each.place in names else ""]  # fmt: skip
        who = " · ".join(filter(None, parts))
        waiting.append(Waiting(each.capacity, each.role, each.place, who, each.files, each.late,
                               each.since))  # fmt: skip
    return waiting


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


def _strips(found: Counts, cycle: Cycle, language: str) -> list[Strip]:
    """The scores of the files that count, kind by kind."""
    totals: dict[str, list[int]] = defaultdict(list)
    for kind, total in found.scores:
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
