"""Who acts: a user with its roles, read once per request."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Office:
    """A role in the office of a programme's tier. ``area`` is the path of what it answers for."""

    programme: str
    tier: str
    role: str
    area: str


@dataclass(frozen=True)
class Actor:
    """A user and its roles; the anonymous visitor has no name and no roles.

    ``units`` holds (unit id, role) pairs, ``departments`` the ids of those it contributes for.
    """

    name: str = ""
    label: str = ""
    user_id: int | None = None
    units: frozenset[tuple[UUID, str]] = frozenset()
    offices: frozenset[Office] = frozenset()
    departments: frozenset[int] = frozenset()

    @property
    def is_member(self) -> bool:
        return bool(self.units or self.offices)

    @property
    def unit_ids(self) -> frozenset[UUID]:
        return frozenset(unit for unit, _ in self.units)


ANYONE = Actor(name="anyone", label="anyone")
"""The actor of what anybody may do without an account."""

SYSTEM = Actor(name="system", label="system")
"""The actor of what no person did: loading, seeding, timed work."""
