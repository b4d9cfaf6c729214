"""Every way in which a file can stand at a stage: what a walk over the whole procedure needs."""

from __future__ import annotations

from dataclasses import dataclass

from shifan.process.moves import offered
from shifan.rulebook.model import Measures
from shifan.rulebook.procedures import Procedure, Stage


@dataclass(frozen=True)
class Way:
    """A stage, and the offices a file has come to when it stands there."""

    stage: Stage
    tiers: frozenset[str]


def offices_of(
    measures: Measures, procedure: Procedure, stage: Stage, channel: str
) -> frozenset[str]:
    """The offices a stage waits for, for a move or to name who makes it: to these a proceeding
    comes when it enters the stage."""
    return frozenset(measures.office_of(tier, channel) for tier in procedure.offices(stage))


def ways(measures: Measures, unit_type: str, channel: str = "") -> tuple[Way, ...]:
    """All the ways a file of the type and channel can stand, the first stage first.

    A stage that can be entered from below and, after a return, from above is there once for each.
    """
    found = [Way(measures.application.stages[0], frozenset())]
    for way in found:
        for move in offered(way.stage, unit_type):
            target = measures.application.stage(move.to)
            come = offices_of(measures, measures.application, target, channel)
            entered = Way(target, way.tiers | come)
            if entered not in found:
                found.append(entered)
    return tuple(found)
