"""Where an application stands, who has it, the ways on from there, and its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import get_language, gettext

from shifan.applications.presentation.words import ROLES, VERDICTS, Tag
from shifan.proceedings.models import Proceeding, Step
from shifan.process.deadlines import Due, due
from shifan.process.moves import Option, onward
from shifan.process.timing import closes
from shifan.rulebook.base import Millipoints, Text, millipoints
from shifan.rulebook.model import Measures
from shifan.rulebook.procedures import ByOffice, ReturnKind, Stage
from shifan.statements.assessment import Assessment
from shifan.statements.models import Opinion


@dataclass(frozen=True)
class Line:
    """An application in a list; ``mine`` if it waits for the reader. Points in millipoints.

    Unless ``released``, the total holds findings the reader is not to see yet.
    """

    proceeding: Proceeding
    stage: Stage
    kind: Text
    verdict: Tag
    threshold: Millipoints
    full: Millipoints
    mine: bool
    released: bool


def line(proceeding: Proceeding, *, mine: bool, released: bool) -> Line:
    """The application as a list shows it."""
    measures, indicators = proceeding.measures, proceeding.indicators
    stage, unit_type = measures.application.stage(proceeding.stage), proceeding.unit.unit_type
    return Line(
        proceeding,
        stage,
        measures.unit_type(unit_type).name,
        VERDICTS[proceeding.verdict],
        millipoints(indicators.apply_from),
        millipoints(indicators.base_points),
        mine,
        released,
    )


def in_charge(proceeding: Proceeding, stage: Stage) -> list[str]:
    """Who deals with the file at this stage, each once: "Provincial office, reviewer"."""
    moves = onward(proceeding.measures.application, stage, proceeding.unit.unit_type)
    people = dict.fromkeys(move.by for move in moves if isinstance(move.by, ByOffice))
    return [capacity(proceeding, by) for by in people]


def capacity(proceeding: Proceeding, by: ByOffice) -> str:
    """An office and a role in words; a channel's authority where it acts for the tier."""
    role = ROLES[by.role]
    if by.office == "applicant":
        return gettext("Applicant, %(role)s") % {"role": role}
    measures = proceeding.measures
    name = measures.office_name(measures.office_of(by.office, proceeding.channel))
    office = name.in_(get_language() or "zh-hans")
    return gettext("%(office)s, %(role)s") % {"office": office, "role": role}


@dataclass(frozen=True)
class Way:
    """A move on the page from which it is made.

    ``kind``: ``onward``, ``back`` to an earlier stage, ``end`` without a title, or ``grant``.
    ``then`` says who has the file afterwards.
    """

    option: Option
    target: Stage
    kind: Literal["onward", "back", "end", "grant"]
    then: tuple[str, ...]
    closes: Due | None


def ways(assessment: Assessment, options: Iterable[Option]) -> list[Way]:
    """The actor's moves with what each leads to, those that end the file last."""
    situation = assessment.situation
    measures = situation.measures
    order = [stage.id for stage in measures.application.stages]
    made = []
    for option in options:
        target = measures.application.stage(option.move.to)
        kind: Literal["onward", "back", "end", "grant"] = "onward"
        if option.move.awards:
            kind = "grant"
        elif target.final:
            kind = "end"
        elif order.index(target.id) < order.index(situation.stage_id):
            kind = "back"
        then = tuple(in_charge(assessment.proceeding, target))
        made.append(Way(option, target, kind, then, closes(option.move, situation)))
    return sorted(made, key=lambda way: ("onward", "grant", "back", "end").index(way.kind))


def returned(proceeding: Proceeding) -> Step | None:
    """The last step, if it brought the file here with a remark to whoever has it now."""
    last = proceeding.steps.order_by("-at", "-id").first()
    return last if last is not None and last.reason else None


def returned_clauses(
    assessment: Assessment,
) -> list[tuple[str, ReturnKind, Opinion, datetime | None]]:
    """The clauses that came back to the applicant: why, and until when they are to be mended."""
    situation = assessment.situation
    if not any(move.office == "applicant" and move.before for move in situation.stage.moves):
        return []
    found = []
    for provision_id, kind_id in situation.returned.items():
        kind = situation.measures.application.return_kind(kind_id)
        end = due(situation.measures, situation.procedure, kind.deadline, situation.moments)
        opinion = assessment.opinions[provision_id]
        found.append((provision_id, kind, opinion, end.last if end else None))
    return found


def next_deadline(assessment: Assessment) -> Due | None:
    """The first deadline that the present stage has to meet."""
    situation = assessment.situation
    unit_type = situation.indicators.unit_type
    moves = onward(situation.procedure, situation.stage, unit_type)
    found = [end for move in moves if (end := closes(move, situation))]
    return min(found, key=lambda end: end.at, default=None)


@dataclass(frozen=True)
class Past:
    """A step of the history with the names of its move and its stage."""

    step: Step
    move: Text | None
    stage: Stage


def history(measures: Measures, steps: Iterable[Step]) -> list[Past]:
    """The steps an application took, the latest first."""
    return [past(measures, step) for step in steps][::-1]


def past(measures: Measures, step: Step) -> Past:
    """One step; ``move`` is None for the start of the application."""
    moves = measures.application.stage(step.from_stage).moves if step.from_stage else ()
    name = next((move.name for move in moves if move.id == step.move), None)
    return Past(step, name, measures.application.stage(step.to_stage))
