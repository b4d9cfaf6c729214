"""Loops of procedures in which nobody stands: they would never stop."""

from __future__ import annotations

from collections.abc import Iterator

from shifan.rulebook.check.place import Report
from shifan.rulebook.check.procedures import lines
from shifan.rulebook.effects import MoveOthers, Open
from shifan.rulebook.model import Measures
from shifan.rulebook.procedures import Procedure

Node = tuple[str, str]
"""A procedure and a move of it, or a procedure alone."""


def findings(measures: Measures, report: Report) -> None:
    """Moves that set each other off, and procedures that open each other by the clock alone."""
    for node in _in_loop(_moved(measures)):
        index = _index(measures, node[0])
        message = f"move {node[1]} sets itself off again through the moves it makes of others"
        report.add(("procedures", index), f"procedure {node[0]}", message)
    for node in _in_loop(_opened(measures)):
        index = _index(measures, node[0])
        message = "opens itself again with only the clock between: no person ends it"
        report.add(("procedures", index), f"procedure {node[0]}", message)


def _index(measures: Measures, name: str) -> int:
    return [each.id for each in measures.procedures].index(name)


def _moved(measures: Measures) -> dict[Node, set[Node]]:
    """Which moves a move makes at once, by its `move` effects."""
    edges: dict[Node, set[Node]] = {}
    for procedure in measures.procedures:
        for _, move in procedure.moves():
            for effect in move.effects:
                if isinstance(effect.said, MoveOthers):
                    moved = [each for each in measures.procedures if each.about == "unit"]
                    if effect.said.of == "lines":
                        moved = lines(measures, procedure)
                    others = {(each.id, effect.said.move) for each in moved}
                    edges.setdefault((procedure.id, move.id), set()).update(others)
    return edges


def _opened(measures: Measures) -> dict[Node, set[Node]]:
    """Which procedures one opens on its way when only the clock moves it."""
    return {
        (procedure.id, ""): {(name, "") for name in _by_clock(procedure)}
        for procedure in measures.procedures
    }


def _by_clock(procedure: Procedure) -> Iterator[str]:
    """What is opened by moves that the clock reaches from the first stage without a person."""
    seen, todo = set(), [procedure.stages[0].id]
    known = {stage.id: stage for stage in procedure.stages}
    while todo:
        stage = known.get(todo.pop())
        if stage is None or stage.id in seen:
            continue
        seen.add(stage.id)
        for move in stage.moves:
            if move.by == "clock":
                todo.append(move.to)
                for effect in move.effects:
                    if isinstance(effect.said, Open):
                        yield effect.said.procedure


def _in_loop(edges: dict[Node, set[Node]]) -> list[Node]:
    """The nodes from which a way leads back to themselves."""
    found = []
    for start in edges:
        seen: set[Node] = set()
        todo = list(edges[start])
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                todo += edges.get(node, ())
        if start in seen:
            found.append(start)
    return found
