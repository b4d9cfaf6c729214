"""What the front page shows of notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shifan.proceedings.models import Proceeding
from shifan.process.deadlines import Due, Moments, due
from shifan.rulebook.procedures import Stage


@dataclass(frozen=True)
class Notice:
    """An application that anyone may read about now, and until when, where the rules say so."""

    proceeding: Proceeding
    stage: Stage
    until: Due | None
    open: bool


def notices(applications: Iterable[Proceeding], now: datetime) -> list[Notice]:
    """The applications with the end of the stage they are published in."""
    found = []
    for proceeding in applications:
        measures = proceeding.measures
        stage = measures.application.stage(proceeding.stage)
        ends = next((move.after for move in stage.moves if move.after is not None), None)
        entered = {proceeding.stage: proceeding.stage_since}
        moments = Moments(proceeding.year, entered, extended=proceeding.extended)
        until = due(measures, measures.application, ends, moments) if ends else None
        found.append(Notice(proceeding, stage, until, until is None or now <= until.at))
    return found
