"""Where a proceeding stands, who has it, the ways on from there, its parties and its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.accounts.claims import claims
from shifan.accounts.models import User
from shifan.proceedings.actions.counting import voices_of
from shifan.proceedings.models import Party as Row
from shifan.proceedings.models import Proceeding, Step
from shifan.proceedings.queries import nameable
from shifan.proceedings.rooms import File
from shifan.process.deadlines import Due
from shifan.process.moves import Option, onward
from shifan.process.timing import closes, expected
from shifan.rulebook.base import Text
from shifan.rulebook.effects import MoveOthers
from shifan.rulebook.procedures import ByAnyone, ByCapacity, ByOffice, Party, Stage, ToVote

ROLES = {
    "lead": _("lead"),
    "clerk": _("clerk"),
    "contributor": _("contributor"),
    "reviewer": _("reviewer"),
    "approver": _("approver"),
    "officer": _("officer"),
}
"""What the rule book's roles are called."""


def in_charge(proceeding: Proceeding, stage: Stage) -> list[str]:
    """Who deals with it at this stage, each once: "Provincial office, reviewer"."""
    moves = onward(proceeding.procedure, stage, proceeding.kind)
    by = dict.fromkeys(move.by for move in moves if isinstance(move.by, ByOffice))
    capacities = dict.fromkeys(m.by.capacity for m in moves if isinstance(m.by, ByCapacity))
    parties = [proceeding.procedure.party(each) for each in capacities]
    return [
        *(capacity(proceeding, each) for each in by),
        *(party.name.in_(get_language() or "zh-hans") for party in parties if party is not None),
    ]


def capacity(proceeding: Proceeding, by: ByOffice) -> str:
    """An office and a role in words; a channel's authority where it acts for the tier."""
    role = ROLES[by.role]
    if by.office == "applicant":
        return gettext("Applicant, %(role)s") % {"role": role}
    measures = proceeding.measures
    name = measures.office_name(measures.office_of(by.office, proceeding.channel))
    office = name.in_(get_language() or "zh-hans")
    return gettext("%(office)s, %(role)s") % {"office": office, "role": role}


@dataclass(frozen=True)
class Way:
    """A move on the page from which it is made.

    ``kind``: ``onward``, ``back`` to an earlier stage, ``end`` without a title, ``grant``, or
    ``all`` where it moves all that it holds together. ``then`` says who has the file afterwards.
    """

    option: Option
    target: Stage
    kind: Literal["onward", "back", "end", "grant", "all"]
    then: tuple[str, ...]
    closes: Due | None


def ways(file: File, options: Iterable[Option]) -> list[Way]:
    """The actor's moves with what each leads to, those that end the file last."""
    situation, procedure = file.situation, file.situation.procedure
    order = [stage.id for stage in procedure.stages]
    made = []
    for option in options:
        target = procedure.stage(option.move.to)
        kind: Literal["onward", "back", "end", "grant", "all"] = "onward"
        if option.move.awards:
            kind = "grant"
        elif any(isinstance(effect.said, MoveOthers) for effect in option.move.effects):
            kind = "all"
        elif target.final:
            kind = "end"
        elif order.index(target.id) < order.index(situation.stage_id):
            kind = "back"
        then = tuple(in_charge(file.proceeding, target))
        made.append(Way(option, target, kind, then, closes(option.move, situation)))
    return sorted(made, key=lambda way: ("onward", "grant", "all", "back", "end").index(way.kind))


def returned(proceeding: Proceeding) -> Step | None:
    """The last step, if it brought the file here with a remark to whoever has it now."""
    last = proceeding.steps.order_by("-at", "-id").first()
    return last if last is not None and last.reason else None


def next_deadline(file: File) -> Due | None:
    """The first deadline that the present stage has to meet, or by which it should be left."""
    situation = file.situation
    unit_type = situation.indicators.unit_type
    moves = onward(situation.procedure, situation.stage, unit_type)
    found = [end for move in moves if (end := closes(move, situation))]
    should = expected(situation)
    found += [should] if should is not None else []
    return min(found, key=lambda end: end.at, default=None)


@dataclass(frozen=True)
class Past:
    """A step of the history with the names of its move and its stage; ``by_anyone`` where somebody
    began it without an account."""

    step: Step
    move: Text | None
    stage: Stage
    by_anyone: bool


def history(proceeding: Proceeding, steps: Iterable[Step]) -> list[Past]:
    """The steps it took, the latest first."""
    return [past(proceeding, step) for step in steps][::-1]


def past(proceeding: Proceeding, step: Step) -> Past:
    """One step; ``move`` is None for the start."""
    procedure = proceeding.procedure
    moves = procedure.stage(step.from_stage).moves if step.from_stage else ()
    made = next((move for move in moves if move.id == step.move), None)
    name, by_anyone = (made.name, False) if made else (None, isinstance(procedure.opens, ByAnyone))
    return Past(step, name, procedure.stage(step.to_stage), by_anyone)


@dataclass(frozen=True)
class Seat:
    """A capacity of the procedure: who ``held`` it, each with its name, and how many it needs.

    ``spoke`` counts who has given a voice at the present stage; ``assigns`` says whether the reader
    may name somebody and whom it is likely to (``nameable``), ``mine`` are the reader's own places.
    """

    party: Party
    held: tuple[tuple[Row, str], ...]
    mine: tuple[Row, ...]
    spoke: int
    assigns: bool
    nameable: tuple[User, ...] = ()


def seats(file: File, actor: Actor) -> list[Seat]:
    """The capacities of the procedure, with who has them."""
    proceeding, procedure = file.proceeding, file.situation.procedure
    if not procedure.parties:
        return []
    rows = list(proceeding.parties.select_related("user", "unit").order_by("named_at", "pk"))
    voices = {voice.party_id for voice in voices_of(file)}
    own = claims(actor)
    found = []
    for party in procedure.parties:
        held = [row for row in rows if row.capacity == party.capacity]
        present = [row for row in held if row.ended_at is None and not row.aside]
        assigns = policy.assigns(actor, proceeding, party.capacity)
        found.append(
            Seat(
                party,
                tuple((row, who(proceeding, row)) for row in held),
                tuple(row for row in present if any(claim.fits(row) for claim in own)),
                sum(row.pk in voices for row in present),
                assigns,
                tuple(nameable(actor)) if assigns and party.kind == "person" else (),
            )
        )
    return found


def office_called(proceeding: Proceeding, name: str) -> str:
    """The office of the programme with that name or id; empty if there is none."""
    offices = proceeding.measures.offices
    return next((e.id for e in offices if name and name in (e.id, e.name.zh, e.name.en)), "")


def who(proceeding: Proceeding, row: Row) -> str:
    """The person, unit or office that the party is."""
    if row.office:
        name = proceeding.measures.office_name(row.office)
        return name.in_(get_language() or "zh-hans")
    return str(row.user or row.unit)


@dataclass(frozen=True)
class Line:
    """A proceeding in a list; ``mine`` if it waits for the reader."""

    proceeding: Proceeding
    name: Text
    stage: Stage
    address: str
    mine: bool


def line(proceeding: Proceeding, mine: bool) -> Line:
    """The proceeding as a list shows it."""
    procedure = proceeding.procedure
    page = "applications:workspace" if proceeding.applies else "proceedings:show"
    return Line(
        proceeding,
        procedure.name,
        procedure.stage(proceeding.stage),
        reverse(page, args=[proceeding.pk]),
        mine,
    )


def votes(file: File) -> bool:
    """Whether the present stage is decided by a vote, in which one may abstain."""
    return any(
        isinstance(move.by, ByCapacity) and isinstance(move.by.voices, ToVote)
        for move in file.situation.stage.moves
    )


def as_data(proceeding: Proceeding) -> dict[str, Any]:
    """The proceeding as plain data: no person is named but by its account."""
    return {
        "id": str(proceeding.pk), "procedure": proceeding.procedure_id,
        "rulebook": str(proceeding.rulebook), "rulebook_digest": proceeding.rulebook.digest,
        "about": proceeding.procedure.about, "subject": str(proceeding.about),
        "matter": str(proceeding.matter), "unit": proceeding.called,
        "exercise": proceeding.exercise, "stage": proceeding.stage,
        "since": proceeding.stage_since.isoformat(),
        "closed_at": proceeding.closed_at.isoformat() if proceeding.closed_at else None,
        "opened_by_step": proceeding.origin_id, "total": proceeding.total,
        "parties": [
            {"capacity": each.capacity, "unit": str(each.unit_id) if each.unit_id else None,
             "office": each.office or None, "user": each.user.username if each.user else None,
             "agreed": each.agreed, "aside": each.aside,
             "ended_at": each.ended_at.isoformat() if each.ended_at else None}
            for each in proceeding.parties.select_related("user")
        ],
        "turns": [
            {"capacity": each.party.capacity if each.party else "clock", "role": each.role or None,
             "move": each.move or None, "due": each.due_at.isoformat() if each.due_at else None}
            for each in proceeding.turns.select_related("party")
        ],
        "steps": [
            {"id": each.pk, "move": each.move, "from": each.from_stage, "to": each.to_stage,
             "at": each.at.isoformat(), "recorded_at": each.recorded_at.isoformat(),
             "by": each.by.username if each.by else None, "reason": each.reason,
             "document": each.document, "sealed": each.sealed,
             "titles": [event.pk for event in each.events.all()]}
            for each in proceeding.steps.select_related("by").prefetch_related("events")
        ],
    }  # fmt: skip
