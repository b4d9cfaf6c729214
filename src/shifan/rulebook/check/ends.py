"""Whether anybody can come to a good end, and whether a title can be renewed in its time."""

from __future__ import annotations

from shifan.rulebook.check.place import Report
from shifan.rulebook.check.procedures import closure, movers
from shifan.rulebook.effects import Award
from shifan.rulebook.loader import Reading
from shifan.rulebook.model import Measures
from shifan.rulebook.needs import RenewalWindow
from shifan.rulebook.procedures import Move, Procedure


def findings(reading: Reading, report: Report) -> None:
    """A book by which nobody can be named, and a window to renew that is longer than the title."""
    measures = reading.measures
    assert measures is not None
    scored = set(reading.indicators) & {kind.id for kind in measures.unit_types}
    if not reading.files and not reading.lacks_indicators:
        report.add(("unit_types",), "", "there are no indicators: no unit can apply")
    elif scored and not any(_good_end(measures, kind) for kind in sorted(scored)):
        kinds = ", ".join(sorted(scored))
        report.add(("procedures",), "", f"no move that awards a title is open to any of: {kinds}")
    _windows(measures, report)


def _good_end(measures: Measures, kind: str) -> bool:
    """Whether a unit of the type can come to a move that awards, on some way."""
    return any(
        move.only in ((), None) or kind in move.only
        for procedure in measures.procedures
        for stage, move in procedure.moves()
        if _awards(move)
        and (procedure.about != "unit" or stage.id in _reached(procedure, kind))
        and (move.by != "move" or movers(measures, procedure, move))
    )


def _awards(move: Move) -> bool:
    return any(isinstance(effect.said, Award) for effect in move.effects)


def _reached(procedure: Procedure, kind: str) -> set[str]:
    ways = {
        stage.id: [move.to for move in stage.moves if not move.only or kind in move.only]
        for stage in procedure.stages
    }
    return closure(procedure.stages[0].id, ways)


def _windows(measures: Measures, report: Report) -> None:
    terms = [_months(effect.said) for procedure in measures.procedures
             for _, move in procedure.moves() for effect in move.effects
             if isinstance(effect.said, Award)]  # fmt: skip
    known = [term for term in terms if term is not None]
    if not known or len(known) < len(terms):
        return
    for p, procedure in enumerate(measures.procedures):
        for s, stage in enumerate(procedure.stages):
            for m, move in enumerate(stage.moves):
                for n, need in enumerate(move.needs):
                    if isinstance(need, RenewalWindow) and need.months > max(known):
                        message = (f"a window of {need.months} months is longer than any title: "
                                   f"{max(known)} months")  # fmt: skip
                        place = ("procedures", p, "stages", s, "moves", m, "needs", n)
                        report.add(place, f"move {move.id}", message)


def _months(award: Award) -> int | None:
    """The length of the title in months; None where it is not told or has no end."""
    if award.years is not None:
        return award.years * 12
    return award.months
