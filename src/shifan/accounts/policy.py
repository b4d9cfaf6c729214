"""The only place that decides who may do what.

Each permission has one predicate over the actor and the object. Scope is the same here as in the
queries: a unit's own members, and the offices whose area contains the unit, once the proceeding
has come up to their tier. Which *move* an actor may make is the rule book's to say
(:mod:`shifan.process`); here it is only decided in which capacity the actor faces the proceeding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast, overload

from shifan.accounts.actor import SYSTEM, Actor
from shifan.accounts.claims import SPEAKING, as_part, held_towards
from shifan.accounts.subjects import (
    Anywhere,
    Campaign,
    Office,
    OnCampaign,
    OnOffice,
    OnPartner,
    OnProceeding,
    OnProgramme,
    OnUnit,
    Partner,
    Proceeding,
    Unit,
)
from shifan.errors import NotAllowed
from shifan.process.moves import makes, offered, onward
from shifan.process.situation import Standing
from shifan.rulebook.model import Measures
from shifan.rulebook.procedures import ByCapacity, ByOffice, Move, Party, Role, Stage


def standing(actor: Actor, proceeding: Proceeding) -> Standing:
    """The offices and roles, and the capacities, in which ``actor`` faces ``proceeding``.

    A channel's authority has the capacities of the tier it replaces.
    """
    return held_towards(actor, tuple(map(as_part, proceeding.present)))


def by(office: str, role: str) -> ByOffice:
    """A capacity in the rule book's words."""
    return ByOffice(office=office, role=cast(Role, role))


def for_applicant(held: Standing) -> bool:
    """Whether those who face it so belong to the unit concerned, or to one that applies with it."""
    return any(isinstance(each, ByOffice) and each.office == "applicant" for each in held)


def for_office(held: Standing) -> bool:
    """Whether they decide on it: for an office, or in a capacity of the procedure."""
    return any(isinstance(each, ByCapacity) or each.office != "applicant" for each in held)


def takes_turn(actor: Actor, proceeding: Proceeding) -> bool:
    """Whether the proceeding waits for the actor."""
    held, stage = standing(actor, proceeding), _stage(proceeding)
    ways = onward(proceeding.procedure, stage, proceeding.kind)
    return (
        any(makes(move, held) for move in ways)
        or bool(_writes(held, proceeding.measures, stage))
        or any(_lacks(proceeding, p) and p.assigned_by in held for p in
               proceeding.procedure.naming(stage))
    )  # fmt: skip


def _lacks(proceeding: Proceeding, party: Party) -> bool:
    """Whether fewer act in the capacity than the procedure asks for."""
    return sum(each.capacity == party.capacity for each in proceeding.present) < party.number


def _stage(proceeding: Proceeding) -> Stage:
    return proceeding.procedure.stage(proceeding.stage)


def sees_whole(actor: Actor, proceeding: Proceeding) -> bool:
    """Whether the actor sees all of the file, and not only the clauses of its department."""
    return standing(actor, proceeding) != {by("applicant", "contributor")}


def is_member(actor: Actor) -> bool:
    """Belongs to some unit or office."""
    return actor.is_member


def works_for_unit(actor: Actor, unit: Unit) -> bool:
    """A lead or clerk of the unit."""
    return bool({(unit.pk, "lead"), (unit.pk, "clerk")} & actor.units)


def faces(actor: Actor, proceeding: Proceeding) -> bool:
    """Faces the proceeding in some capacity, or audits its area."""
    path, programme = proceeding.place, proceeding.measures.programme
    audits = any(
        (o.role, o.programme) == ("auditor", programme) and path.startswith(o.area)
        for o in actor.offices
    )
    return audits or bool(standing(actor, proceeding))


def views_proceeding(actor: Actor, proceeding: Proceeding) -> bool:
    """Faces it as more than a contributor, or audits its area."""
    return faces(actor, proceeding) and sees_whole(actor, proceeding)


def assigns(actor: Actor, proceeding: Proceeding, capacity: str) -> bool:
    """Names those who act in a capacity of the procedure, while it runs."""
    party, stage = proceeding.procedure.party(capacity), _stage(proceeding)
    named = party is not None and party.assigned_by in standing(actor, proceeding)
    return named and not stage.final


def begins(actor: Actor, unit: Unit, programme: str, by: ByOffice) -> bool:
    """Has the role that begins a procedure about the unit: in it, or in the office that has it."""
    if by.office == "applicant":
        return (unit.pk, by.role) in actor.units or (
            by.role == "clerk" and (unit.pk, "lead") in actor.units
        )
    return any(unit.place.startswith(area) for area in areas(actor, programme, by))


def areas(actor: Actor, programme: str, by: ByOffice) -> frozenset[str]:
    """The areas for which the actor has the role in an office of the programme's tier."""
    asked = programme, by.office, by.role
    return frozenset(o.area for o in actor.offices if (o.programme, o.tier, o.role) == asked)


def states_facts(actor: Actor, proceeding: Proceeding) -> bool:
    """Belongs to an office that may state facts at the present stage."""
    return bool(sources(actor, proceeding))


def attaches_evidence(actor: Actor, proceeding: Proceeding) -> bool:
    """Works for the applicant while the applicant may state facts."""
    if not {by("applicant", "clerk"), by("applicant", "contributor")} & standing(actor, proceeding):
        return False
    measures = proceeding.measures
    own = measures.sources_of("applicant")
    return bool(own & set(_stage(proceeding).writes))


def reviews(actor: Actor, proceeding: Proceeding) -> bool:
    """A reviewer of the office in charge, at a stage that reviews clause by clause."""
    stage = _stage(proceeding)
    return stage.reviews and any(move.role == "reviewer" for move in moves(actor, proceeding))


def replies(actor: Actor, proceeding: Proceeding) -> bool:
    """A lead or clerk of the applicant, at a stage that hears it."""
    stage = _stage(proceeding)
    return bool(stage.hears) and by("applicant", "clerk") in standing(actor, proceeding)


def reads_review(actor: Actor, proceeding: Proceeding) -> bool:
    """Offices always; the applicant's people once the office has handed its review on."""
    held = standing(actor, proceeding)
    if not held:
        return faces(actor, proceeding)
    if for_office(held):
        return True
    stage = _stage(proceeding)
    return not stage.reviews and held != {by("applicant", "contributor")}


def unreleased(actor: Actor, proceeding: Proceeding) -> frozenset[str]:
    """The fact sources whose findings the actor is not to see yet.

    While an office reviews, its findings are its own; auditors see them.
    """
    measures = proceeding.measures
    stage = _stage(proceeding)
    held = standing(actor, proceeding)
    offices = {move.office for move in stage.moves} - {"applicant"}
    mine = {each.office for each in held if isinstance(each, ByOffice)}
    if not stage.reviews or not held or offices & mine:
        return frozenset()
    return frozenset(source for office in offices for source in measures.sources_of(office))


def reads_signs(actor: Actor, proceeding: Proceeding) -> bool:
    """Faces the proceeding for an office, or audits its area."""
    held = standing(actor, proceeding)
    return for_office(held) or (not held and faces(actor, proceeding))


def views_tasks(actor: Actor, proceeding: Proceeding) -> bool:
    """The applicant's own people."""
    return for_applicant(standing(actor, proceeding))


def leads_application(actor: Actor, proceeding: Proceeding) -> bool:
    """The lead of the unit that leads the application, while it is at its first stage."""
    first = proceeding.procedure.stages[0].id
    return proceeding.stage == first and (proceeding.unit_id, "lead") in actor.units


def answers_for(actor: Actor, partner: Partner) -> bool:
    """The lead of the unit that is asked to apply jointly."""
    return (partner.unit_id, "lead") in actor.units


def gives_tasks(actor: Actor, proceeding: Proceeding) -> bool:
    """A lead or clerk of the applicant, while the file is not closed."""
    stage = _stage(proceeding)
    return bool(stage.moves) and by("applicant", "clerk") in standing(actor, proceeding)


def provisions(actor: Actor, proceeding: Proceeding) -> frozenset[str] | None:
    """The provisions the actor may see and work on; None for all of them.

    A contributor has those given to its department, and nothing else.
    """
    if sees_whole(actor, proceeding):
        return None
    given = proceeding.given
    return frozenset(clause for department, clause in given if department in actor.departments)


def moves(actor: Actor, proceeding: Proceeding) -> tuple[Move, ...]:
    """The moves from the present stage that are the actor's to make, once nothing is against."""
    stage = _stage(proceeding)
    held = standing(actor, proceeding)
    return tuple(move for move in offered(stage, proceeding.kind) if makes(move, held))


def decides(actor: Actor, proceeding: Proceeding) -> bool:
    """Some move of the present stage is for the actor's office and role."""
    return bool(moves(actor, proceeding))


def gathers(actor: Actor, batch: Proceeding) -> bool:
    """Makes a move of the batch at the present stage, before it comes to its end."""
    return batch.procedure.about == "batch" and decides(actor, batch)


def signed_in(actor: Actor) -> bool:
    """Has an account."""
    return actor.user_id is not None


def runs_office(actor: Actor) -> bool:
    """Works for an office, not as an auditor."""
    return any(office.role != "auditor" for office in actor.offices)


def audits(actor: Actor) -> bool:
    """An auditor, or an officer of the whole country."""
    return bool(audited(actor))


def audited(actor: Actor) -> frozenset[str]:
    """The programmes whose ledger the actor reads."""
    return frozenset(
        office.programme
        for office in actor.offices
        if office.role == "auditor" or (office.role == "officer" and office.area == "/")
    )


def works_for_office(actor: Actor) -> bool:
    """Belongs to the office of some tier."""
    return bool(actor.offices)


def runs_survey(actor: Actor, campaign: Campaign) -> bool:
    """Works for the office in whose name the survey's result is stated, in the unit's area."""
    measures = campaign.cycle.measures
    source = campaign.rule.source
    office = next(each.by for each in measures.fact_sources if each.id == source)
    path = campaign.unit.place
    return any(
        each.programme == measures.programme
        and measures.tier_of(each.tier) == office
        and each.role != "auditor"
        and path.startswith(each.area)
        for each in actor.offices
    )


def views_survey(actor: Actor, campaign: Campaign) -> bool:
    """Any office whose area the unit lies in, and the unit's own lead and clerks."""
    path, programme = campaign.unit.place, campaign.cycle.measures.programme
    return works_for_unit(actor, campaign.unit) or any(
        each.programme == programme and path.startswith(each.area) for each in actor.offices
    )


VERIFYING = SPEAKING
"""The roles that verify claims."""


def manages_unit(actor: Actor, unit: Unit) -> bool:
    """A lead of the unit."""
    return (unit.pk, "lead") in actor.units


def views_people(actor: Actor, unit: Unit) -> bool:
    """One of the unit's own people."""
    return unit.pk in actor.unit_ids


def manages_office(actor: Actor, office: Office) -> bool:
    """Speaks for that very office."""
    return any(
        (o.programme, o.tier, o.area) == office and o.role in VERIFYING for o in actor.offices
    )


def views_office(actor: Actor, office: Office) -> bool:
    """One of that very office's people."""
    return any((o.programme, o.tier, o.area) == office for o in actor.offices)


def verifies_claims(actor: Actor) -> bool:
    """Speaks for some office; which claims are its own to verify is for the queries."""
    return any(office.role in VERIFYING for office in actor.offices)


def runs_programme(actor: Actor, measures: Measures) -> bool:
    """Speaks for an office of the programme's highest tier; or the system, by command."""
    if actor == SYSTEM:
        return True
    top = measures.programme, measures.tiers[0].id
    return any((o.programme, o.tier) == top and o.role in SPEAKING for o in actor.offices)


ANYWHERE: dict[str, Callable[[Actor], bool]] = {
    "applications.list": is_member,
    "board.view": works_for_office,
    "burden.view": works_for_office,
    "ledger.view": audits,
    "mailbox.view": signed_in,
    "proceedings.list": signed_in,
    "mailbox.view_outbox": works_for_office,
    "mailbox.send_again": runs_office,
    "surveys.list": is_member,
    "surveys.plan": runs_office,
    "people.take_up": signed_in,
    "people.verify_claims": verifies_claims,
}
PROCEEDINGS: dict[str, Callable[[Actor, Proceeding], bool]] = {
    "applications.view": faces,
    "applications.state_fact": states_facts,
    "applications.move": decides,
    "applications.review": reviews,
    "applications.read_review": reads_review,
    "applications.reply": replies,
    "applications.view_tasks": views_tasks,
    "applications.name_partner": leads_application,
    "applications.give_tasks": gives_tasks,
    "proceedings.view": views_proceeding,
    "batches.gather": gathers,
    "evidence.attach": attaches_evidence,
    "evidence.view": faces,
    "evidence.read_signs": reads_signs,
}
UNITS: dict[str, Callable[[Actor, Unit], bool]] = {
    "applications.start": works_for_unit,
    "people.manage_unit": manages_unit,
    "people.view_unit": views_people,
}
PARTNERS: dict[str, Callable[[Actor, Partner], bool]] = {
    "applications.answer_partner": answers_for,
}
CAMPAIGNS: dict[str, Callable[[Actor, Campaign], bool]] = {
    "surveys.run": runs_survey,
    "surveys.view": views_survey,
}
OFFICES: dict[str, Callable[[Actor, Office], bool]] = {
    "people.manage_office": manages_office,
    "people.view_office": views_office,
}
PROGRAMMES: dict[str, Callable[[Actor, Measures], bool]] = {
    "programmes.run": runs_programme,
}

PERMISSIONS: dict[str, Callable[..., bool]] = {
    **ANYWHERE,
    **PROCEEDINGS,
    **UNITS,
    **PARTNERS,
    **CAMPAIGNS,
    **OFFICES,
    **PROGRAMMES,
}
"""Every permission with the predicate that decides it; the tables above say on what."""


def sources(actor: Actor, proceeding: Proceeding) -> frozenset[str]:
    """The fact sources in whose name the actor may state facts on the proceeding now."""
    measures = proceeding.measures
    stage = _stage(proceeding)
    return _writes(standing(actor, proceeding), measures, stage)


def _writes(held: Standing, measures: Measures, stage: Stage) -> frozenset[str]:
    workers = {("applicant", "clerk"), ("applicant", "contributor")}
    offices = {
        each.office
        for each in held
        if isinstance(each, ByOffice)
        and (
            (each.office, each.role) in workers
            or (each.office != "applicant" and each.role == "reviewer")
        )
    }
    return frozenset(
        source.id
        for source in measures.fact_sources
        if source.by in offices and source.id in stage.writes
    )


@overload
def allows(actor: Actor, permission: Anywhere, /) -> bool: ...
@overload
def allows(actor: Actor, permission: OnProceeding, subject: Proceeding, /) -> bool: ...
@overload
def allows(actor: Actor, permission: OnUnit, subject: Unit, /) -> bool: ...
@overload
def allows(actor: Actor, permission: OnPartner, subject: Partner, /) -> bool: ...
@overload
def allows(actor: Actor, permission: OnCampaign, subject: Campaign, /) -> bool: ...
@overload
def allows(actor: Actor, permission: OnOffice, subject: Office, /) -> bool: ...
@overload
def allows(actor: Actor, permission: OnProgramme, subject: Measures, /) -> bool: ...
def allows(actor: Actor, permission: str, /, *subject: object) -> bool:
    """Whether the actor may; an unknown permission is an error, never a yes."""
    return PERMISSIONS[permission](actor, *subject)


@overload
def require(actor: Actor, permission: Anywhere, /) -> None: ...
@overload
def require(actor: Actor, permission: OnProceeding, subject: Proceeding, /) -> None: ...
@overload
def require(actor: Actor, permission: OnUnit, subject: Unit, /) -> None: ...
@overload
def require(actor: Actor, permission: OnPartner, subject: Partner, /) -> None: ...
@overload
def require(actor: Actor, permission: OnCampaign, subject: Campaign, /) -> None: ...
@overload
def require(actor: Actor, permission: OnOffice, subject: Office, /) -> None: ...
@overload
def require(actor: Actor, permission: OnProgramme, subject: Measures, /) -> None: ...
def require(actor: Actor, permission: str, /, *subject: object) -> None:
    """Raise NotAllowed unless the actor may."""
    if not PERMISSIONS[permission](actor, *subject):
        raise NotAllowed
