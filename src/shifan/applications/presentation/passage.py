"""An application in a list, and the clauses that came back to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shifan.applications.presentation.words import VERDICTS, Tag
from shifan.proceedings.models import Proceeding
from shifan.process.deadlines import due
from shifan.rulebook.base import Millipoints, Text, millipoints
from shifan.rulebook.procedures import ReturnKind, Stage
from shifan.statements.assessment import Assessment
from shifan.statements.models import Opinion


@dataclass(frozen=True)
class Line:
    """An application in a list; ``mine`` if it waits for the reader. Points in millipoints.

    Unless ``released``, the total holds findings the reader is not to see yet. ``due`` is until
    when somebody has to act on it.
    """

    proceeding: Proceeding
    stage: Stage
    kind: Text
    verdict: Tag
    threshold: Millipoints
    full: Millipoints
    mine: bool
    released: bool
    due: datetime | None = None


def line(
    proceeding: Proceeding, *, mine: bool, released: bool, due: datetime | None = None
) -> Line:
    """The application as a list shows it."""
    measures, indicators = proceeding.measures, proceeding.indicators
    stage, unit_type = measures.application.stage(proceeding.stage), proceeding.kind
    return Line(
        proceeding,
        stage,
        measures.unit_type(unit_type).name,
        VERDICTS[proceeding.verdict],
        millipoints(indicators.apply_from),
        millipoints(indicators.base_points),
        mine,
        released,
        due,
    )


def returned_clauses(
    assessment: Assessment,
) -> list[tuple[str, ReturnKind, Opinion, datetime | None]]:
    """The clauses that came back to the applicant: why, and until when they are to be mended."""
    situation = assessment.situation
    if not any(move.office == "applicant" and move.before for move in situation.stage.moves):
        return []
    found = []
    for provision_id, kind_id in situation.returned.items():
        kind = situation.procedure.return_kind(kind_id)
        end = due(situation.measures, situation.procedure, kind.deadline, situation.moments)
        opinion = assessment.opinions[provision_id]
        found.append((provision_id, kind, opinion, end.last if end else None))
    return found
