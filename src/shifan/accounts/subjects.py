"""What the policy needs to know of the things it decides about; the rows of the apps have it.

Below them stand the permissions by what each is about: asked about anything else, mypy refuses.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, Protocol
from uuid import UUID

from shifan.rulebook.model import Measures
from shifan.rulebook.procedures import Procedure
from shifan.rulebook.surveys import Survey


class Unit(Protocol):
    """What can be designated; ``place`` is the path of codes, from the root, of where it lies."""

    @property
    def pk(self) -> UUID: ...
    @property
    def place(self) -> str: ...
    def kind_in(self, programme: str) -> str: ...


class Party(Protocol):
    """Who has part in a proceeding: a unit, the ``office`` of a programme's tier (a channel's
    authority under the channel's name) at a ``place``, or a person. ``agreed`` is a
    joint applicant's word."""

    @property
    def capacity(self) -> str: ...
    @property
    def unit_id(self) -> UUID | None: ...
    @property
    def programme(self) -> str: ...
    @property
    def office(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def user_id(self) -> int | None: ...
    @property
    def agreed(self) -> bool | None: ...


class Proceeding(Protocol):
    """A run of a procedure: where it stands and who has part in it; the ``kind`` of the unit it
    concerns (empty for a batch) and the ``place`` it lies in.

    ``present`` are the parties it has now; ``given`` says which department was given which
    provision.
    """

    @property
    def unit_id(self) -> UUID | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def measures(self) -> Measures: ...
    @property
    def procedure(self) -> Procedure: ...
    @property
    def present(self) -> Collection[Party]: ...
    @property
    def given(self) -> frozenset[tuple[int, str]]: ...


class Partner(Protocol):
    """A unit that is asked to apply jointly."""

    @property
    def unit_id(self) -> UUID | None: ...


class Cycle(Protocol):
    """A round in which units apply, under one rule book."""

    @property
    def measures(self) -> Measures: ...


class Campaign(Protocol):
    """A survey of the public about one unit."""

    @property
    def unit(self) -> Unit: ...
    @property
    def cycle(self) -> Cycle: ...
    @property
    def rule(self) -> Survey: ...


Office = tuple[str, str, str]
"""A tier's office, or a channel's authority: its programme, tier and the path of its area."""

Anywhere = Literal[
    "applications.list",
    "board.view",
    "burden.view",
    "ledger.view",
    "mailbox.view",
    "proceedings.list",
    "mailbox.view_outbox",
    "mailbox.send_again",
    "surveys.list",
    "surveys.plan",
    "people.take_up",
    "people.verify_claims",
]
"""The permissions that are about nothing in particular."""

OnProceeding = Literal[
    "applications.view",
    "applications.state_fact",
    "applications.move",
    "applications.review",
    "applications.read_review",
    "applications.reply",
    "applications.view_tasks",
    "applications.name_partner",
    "applications.give_tasks",
    "proceedings.view",
    "batches.gather",
    "evidence.attach",
    "evidence.view",
    "evidence.read_signs",
]
OnUnit = Literal["applications.start", "people.manage_unit", "people.view_unit"]
OnPartner = Literal["applications.answer_partner"]
OnCampaign = Literal["surveys.run", "surveys.view"]
OnOffice = Literal["people.manage_office", "people.view_office"]
OnProgramme = Literal["programmes.run"]
