"""Who faces a proceeding, and as what: written once, as data.

A claim says which parties of a proceeding are the actor's own. :func:`fits` reads it for a party in
memory; the queries make the very same words a filter in SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, cast
from uuid import UUID

from shifan.accounts.actor import Actor
from shifan.accounts.subjects import Party
from shifan.process.situation import Standing
from shifan.rulebook.procedures import ByCapacity, ByOffice, Role

APPLYING = ("applicant", "partner")
"""The capacities of units that apply; in any other a unit acts for the procedure."""


SPEAKING = ("approver", "officer")
"""The roles that speak for an office: what it is named for they do, and they manage its people."""


@dataclass(frozen=True)
class Claim:
    """The parties that fit ``where`` (a party's fields, with ``__startswith`` for a beginning),
    unless they have one of the capacities ``but``.

    It gives the ``roles`` in the office ``office``, or (empty) in the party's own; without roles it
    gives the party's capacity as such.
    """

    where: tuple[tuple[str, object], ...]
    roles: frozenset[str] = frozenset()
    office: str = ""
    but: tuple[str, ...] = ()

    def fits(self, party: Party) -> bool:
        """Whether the party is the actor's own."""
        return party.capacity not in self.but and all(
            _is(party, name, asked) for name, asked in self.where
        )

    def held(self, party: Party) -> Standing:
        """What it gives towards the party's proceeding."""
        if not self.roles:
            return frozenset({ByCapacity(capacity=party.capacity)})
        office = self.office or party.capacity
        return frozenset(ByOffice(office=office, role=cast(Role, role)) for role in self.roles)


def _is(party: Party, name: str, asked: object) -> bool:
    field, _, how = name.partition("__")
    value = getattr(party, field)
    return str(value).startswith(str(asked)) if how == "startswith" else value == asked


@lru_cache(maxsize=512)
def claims(actor: Actor) -> tuple[Claim, ...]:
    """The actor's claims: by its units, its offices, and as a person.

    A lead may also do a clerk's work; the lead and the clerks of a unit that applies jointly have
    the capacity of a clerk. An auditor faces nothing: it only reads.
    """
    found = []
    for unit, role in sorted(actor.units, key=str):
        own = frozenset({"lead", "clerk"} if role == "lead" else {role})
        found.append(Claim((("unit_id", unit), ("capacity", "applicant")), own))
        if role != "contributor":
            joint = (("unit_id", unit), ("capacity", "partner"), ("agreed", True))
            found.append(Claim(joint, frozenset({"clerk"}), "applicant"))
            found.append(Claim((("unit_id", unit),), but=APPLYING))
    for office in sorted(actor.offices, key=str):
        theirs = (
            ("programme", office.programme), ("office", office.tier),
            ("place__startswith", office.area),
        )  # fmt: skip
        if office.role != "auditor":
            found.append(Claim(theirs, frozenset({office.role})))
        if office.role in SPEAKING:
            found.append(Claim(theirs))
    if actor.user_id is not None:
        found.append(Claim((("user_id", actor.user_id),)))
    return tuple(found)


class Part(NamedTuple):
    """What a claim is compared with of a party; parties with the same words are the same."""

    capacity: str
    unit_id: UUID | None
    programme: str
    office: str
    place: str
    user_id: int | None
    agreed: bool | None


def as_part(party: Party) -> Part:
    return Part(
        party.capacity,
        party.unit_id,
        party.programme,
        party.office,
        party.place,
        party.user_id,
        party.agreed,
    )


@lru_cache(maxsize=4096)
def held_towards(actor: Actor, parts: tuple[Part, ...]) -> Standing:
    """In which offices, roles and capacities the actor faces a proceeding with these parties.

    It follows from its arguments alone, so it is reckoned once, however often a page asks.
    """
    mine, found = claims(actor), set[ByOffice | ByCapacity]()
    for part in parts:
        for claim in mine:
            if claim.fits(part):
                found |= claim.held(part)
    return frozenset(found)


def words(claim: Claim) -> Mapping[str, object]:
    """The claim as lookups on a party."""
    return dict(claim.where)
