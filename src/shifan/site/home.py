"""What the front page shows of notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shifan.applications.models import Application
from shifan.process.deadlines import Due, Moments, due
from shifan.rulebook.procedures import Stage


@dataclass(frozen=True)
class Notice:
    """An application that anyone may read about now, and until when, where the rules say so."""

    application: Application
    stage: Stage
    until: Due | None
    open: bool


def notices(applications: Iterable[Application], now: datetime) -> list[Notice]:
    """The applications with the end of the stage they are published in."""
    found = []
    for application in applications:
        measures = application.measures
        stage = measures.application.stage(application.stage)
        ends = next((move.after for move in stage.moves if move.after is not None), None)
        entered = {application.stage: application.stage_since}
        until = (
            due(measures, measures.application, ends, Moments(application.cycle.year, entered))
            if ends
            else None
        )
        found.append(Notice(application, stage, until, until is None or now <= until.at))
    return found
