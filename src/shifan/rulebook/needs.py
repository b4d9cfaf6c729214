"""The conditions a move can have, each with parameters of its own.

What each one asks of a proceeding stands in :mod:`shifan.process.guards`, under the same name.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from shifan.rulebook.base import Name, Part


class _Need(Part):
    """``article`` is the one of the measures that asks for it."""

    article: int


class FactsComplete(_Need):
    """Every required entry that this stage's sources may state has a fact."""

    guard: Literal["facts_complete"]


class ThresholdReached(_Need):
    """The score reaches the threshold, with its minima and without a veto."""

    guard: Literal["threshold_reached"]


class TitleHeld(_Need):
    """The unit holds a valid title of a tier, ``level``."""

    guard: Literal["title_held"]
    level: Name


class TitleIs(_Need):
    """The title this is about is in one of the ``states``, and has one of the ``grades`` if any is
    named."""

    guard: Literal["title_is"]
    states: tuple[Literal["valid", "suspended", "revoked", "surrendered", "expired"], ...] = Field(
        min_length=1
    )
    grades: tuple[Name, ...] = ()


class RenewalWindow(_Need):
    """The unit holds no title of the highest tier, or one that ends within so many ``months``."""

    guard: Literal["renewal_window"]
    months: int = Field(ge=0, le=600)


class InputAtLeast(_Need):
    """A numeric input is at least the value given."""

    guard: Literal["input_at_least"]
    input: Name
    at_least: Decimal


class NotBarred(_Need):
    """No title of the unit was revoked in the last ``years``, and no bar lies on the unit or on the
    office that puts it forward."""

    guard: Literal["not_barred"]
    years: int = Field(ge=1, le=50)


class PartnersAgreed(_Need):
    """Every unit named as a partner has agreed."""

    guard: Literal["partners_agreed"]


class ClausesReviewed(_Need):
    """Every clause the applicant stated has an opinion, and none is marked to go back."""

    guard: Literal["clauses_reviewed"]


class NothingAdjusted(_Need):
    """The office follows the applicant everywhere."""

    guard: Literal["nothing_adjusted"]


class SomethingAdjusted(_Need):
    """The office adjusted a clause."""

    guard: Literal["something_adjusted"]


class PartiesAssigned(_Need):
    """As many as the procedure asks for act in the ``capacity``, not counting who stands aside."""

    guard: Literal["parties_assigned"]
    capacity: Name


class _History(_Need):
    """A move made before: by a proceeding of ``procedure`` over the same subject, or, where none is
    named, by this very one; within the last ``months`` if given, for the same finding (whichever
    proceeding it was) where ``same_finding``."""

    move: Name
    procedure: Name | None = None
    times: int = Field(default=1, ge=1, le=100)
    months: int | None = Field(default=None, ge=1, le=600)
    same_finding: bool = False


class WasBefore(_History):
    """The move was made at least ``times`` times before."""

    guard: Literal["was_before"]


class WasNotBefore(_History):
    """The move was made fewer than ``times`` times before."""

    guard: Literal["was_not_before"]


class NoneRunning(_Need):
    """No proceeding of ``procedure`` runs over the same subject."""

    guard: Literal["none_running"]
    procedure: Name


Need = Annotated[
    FactsComplete
    | ThresholdReached
    | TitleHeld
    | TitleIs
    | RenewalWindow
    | InputAtLeast
    | NotBarred
    | PartnersAgreed
    | ClausesReviewed
    | NothingAdjusted
    | SomethingAdjusted
    | PartiesAssigned
    | WasBefore
    | WasNotBefore
    | NoneRunning,
    Field(discriminator="guard"),
]
"""A condition of a move."""
