"""Titles as tests need them: awarded, and ended."""

from __future__ import annotations

from datetime import date
from typing import Any

from shifan.accounts.actor import SYSTEM
from shifan.titles.actions import Cause, Term, award, happen
from shifan.titles.models import Event, Title, What
from shifan.units.models import Unit


def titled(unit: Unit, level: str, on: date, *, exercise: bool = False, **term: Any) -> Title:
    """The unit's title of the level, awarded on the day."""
    from tests.conftest import NOW

    return award(
        unit=unit, programme="neac", level=level, term=Term(on, **term),
        cause=Cause(source="test"), actor=SYSTEM, now=NOW, exercise=exercise,
    ).title  # fmt: skip


def ended(title: Title, on: date, what: What = What.REVOKED) -> Event:
    """The title is revoked, or lapses, from the day on."""
    from tests.conftest import NOW

    return happen(
        title=title, what=what, holds_from=on, cause=Cause(source="test"), actor=SYSTEM, now=NOW
    )
