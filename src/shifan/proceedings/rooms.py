"""What other rooms bring to proceedings: how they are read, and what effects do.

They stand beneath this one in the line of data and register here when the site starts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from shifan.accounts.actor import Actor
from shifan.ledger.actions import Record
from shifan.proceedings.models import Proceeding, Step
from shifan.process.situation import Situation
from shifan.rulebook.base import Part
from shifan.rulebook.procedures import Move, Stage


class File(Protocol):
    """A proceeding as it is read: the situation, and what a step seals of it."""

    @property
    def proceeding(self) -> Proceeding: ...
    @property
    def situation(self) -> Situation: ...
    @property
    def snapshot(self) -> dict[str, Any]: ...
    @property
    def sealed(self) -> str: ...


@dataclass(frozen=True)
class Deed:
    """A move that was made: by whom, from when it holds (``step.at``) and when it was recorded.

    What follows from it adds its own lines to ``journal``, which goes to the ledger in one piece.
    """

    file: File
    move: Move
    step: Step
    actor: Actor
    now: datetime
    finding: str = ""
    journal: list[Record] = field(default_factory=list)


Brought = Callable[[Sequence[tuple[Deed, Any]]], None]
"""What an effect does, for many moves at once; each with the effect's parameters."""

READERS: list[Callable[[Sequence[Proceeding], datetime], Sequence[File]]] = []
"""How proceedings are read, many at once, in their order: the room of statements brings it."""

ARRIVALS: list[Callable[[File, Stage, datetime], None]] = []
"""What is done when a proceeding is about to enter a stage."""

ENDINGS: list[Callable[[Sequence[Deed]], None]] = []
"""What is done when proceedings came to a stage without a way on."""

EFFECTS: dict[str, Brought] = {}
"""What effects do, by the key under which the rule book writes them."""


def read(proceedings: Sequence[Proceeding], now: datetime) -> Sequence[File]:
    """Read proceedings about whatever, in their order."""
    return READERS[0](proceedings, now) if proceedings else []


def said(effect: Part) -> tuple[str, Part]:
    """An effect's key and its parameters."""
    return effect.kind, effect.said  # type: ignore[attr-defined]
