"""What changed between two rule books, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from shifan.rulebook.loader import document
from shifan.rulebook.model import RuleBook


@dataclass(frozen=True)
class Change:
    """One difference. ``where`` is the path, ids standing for positions in lists."""

    kind: Literal["added", "removed", "changed"]
    where: str
    before: Any = None
    after: Any = None

    def __str__(self) -> str:
        if self.kind == "changed":
            return f"changed {self.where}: {self.before!r} -> {self.after!r}"
        return f"{self.kind} {self.where}"


def diff(old: RuleBook, new: RuleBook) -> list[Change]:
    """All changes from ``old`` to ``new``; a list's entries are matched by id, not by position."""
    return list(
        _walk(
            document(old.measures, old.indicators, ()),
            document(new.measures, new.indicators, ()),
            "",
        )
    )


def _walk(old: Any, new: Any, where: str) -> list[Change]:
    old, new = _keyed(old), _keyed(new)
    if isinstance(old, dict) and isinstance(new, dict):
        changes: list[Change] = []
        for key in [*old, *(key for key in new if key not in old)]:
            path = f"{where}/{key}" if where else str(key)
            if key not in new:
                changes.append(Change("removed", path, old[key]))
            elif key not in old:
                changes.append(Change("added", path, None, new[key]))
            else:
                changes += _walk(old[key], new[key], path)
        return changes
    return [] if old == new else [Change("changed", where, old, new)]


def _keyed(value: Any) -> Any:
    """A list of parts as a mapping by id (or article number); anything else as it is."""
    if isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
        for key in ("id", "number"):
            if all(key in part for part in value):
                return {part[key]: part for part in value}
        return dict(enumerate(value))
    return value
