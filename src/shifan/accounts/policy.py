"""The only place that decides who may do what.

Each permission has one predicate over the actor and the object. Scope is the same here as in the
queries: a unit's own members, and the offices whose area contains the unit, once the application
has come up to their tier. Which *move* an actor may make is the rule book's to say
(:mod:`shifan.process`); here it is only decided in which capacity the actor faces the application.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from shifan.accounts.actor import Actor
from shifan.errors import NotAllowed
from shifan.process.moves import onward
from shifan.process.situation import Standing
from shifan.rulebook.model import By, Measures, Role, Stage


def standing(actor: Actor, application: Any) -> Standing:
    """The offices and roles in which ``actor`` faces ``application``.

    ``application`` needs ``unit_id``, ``unit.division.path``, ``tiers`` (the offices it has come
    to), ``measures`` and ``partners``. A channel's authority has the capacities of the tier it
    replaces, the people of a unit that applies jointly those of a clerk.
    """
    found: set[By] = set()
    for unit, role in actor.units:
        if unit == application.unit_id:
            found |= in_unit(role)
    if _works_for_partner(actor, application):
        found.add(by("applicant", "clerk"))
    path = application.unit.division.path
    for office in actor.offices:
        if office.role == "auditor":
            continue
        if path.startswith(office.area) and office.tier in application.tiers:
            found.add(by(application.measures.tier_of(office.tier), office.role))
    return frozenset(found)


def _works_for_partner(actor: Actor, application: Any) -> bool:
    mine = {unit for unit, role in actor.units if role in ("lead", "clerk")}
    mine.discard(application.unit_id)
    return bool(mine) and application.partners.filter(unit__in=mine, agreed=True).exists()


def by(office: str, role: str) -> By:
    """A capacity in the rule book's words."""
    return By(office=office, role=cast(Role, role))


def in_unit(role: str) -> Standing:
    """The capacities a role in the applicant's unit gives; a lead may also do a clerk's work."""
    roles = {"lead", "clerk"} if role == "lead" else {role}
    return frozenset(by("applicant", each) for each in roles)


def has_turn(held: Standing, measures: Measures, stage: Stage, unit_type: str) -> bool:
    """Whether a file at this stage waits for those who face it in the capacities ``held``."""
    moves = any(move.by in held for move in onward(measures, stage, unit_type))
    return moves or bool(_writes(held, measures, stage))


def takes_turn(actor: Actor, application: Any) -> bool:
    """Whether the application waits for the actor."""
    measures = application.measures
    stage = measures.stage(application.stage)
    return has_turn(standing(actor, application), measures, stage, application.unit.unit_type)


def sees_whole(actor: Actor, application: Any) -> bool:
    """Whether the actor sees all of the file, and not only the clauses of its department."""
    return standing(actor, application) != {by("applicant", "contributor")}


def is_member(actor: Actor, subject: Any = None) -> bool:
    """Belongs to some unit or office."""
    return actor.is_member


def works_for_unit(actor: Actor, unit: Any) -> bool:
    """A lead or clerk of the unit."""
    return bool({(unit.pk, "lead"), (unit.pk, "clerk")} & actor.units)


def faces(actor: Actor, application: Any) -> bool:
    """Faces the application in some capacity, or audits its area."""
    path = application.unit.division.path
    audits = any(o.role == "auditor" and path.startswith(o.area) for o in actor.offices)
    return audits or bool(standing(actor, application))


def states_facts(actor: Actor, application: Any) -> bool:
    """Belongs to an office that may state facts at the present stage."""
    return bool(sources(actor, application))


def attaches_evidence(actor: Actor, application: Any) -> bool:
    """Works for the applicant while the applicant may state facts."""
    if not {by("applicant", "clerk"), by("applicant", "contributor")} & standing(
        actor, application
    ):
        return False
    measures = application.measures
    own = measures.sources_of("applicant")
    return bool(own & set(measures.stage(application.stage).writes))


def reviews(actor: Actor, application: Any) -> bool:
    """A reviewer of the office in charge, at a stage that reviews clause by clause."""
    stage = application.measures.stage(application.stage)
    held = standing(actor, application)
    return bool(stage.reviews) and any(
        move.by in held and move.by.role == "reviewer" for move in stage.moves
    )


def replies(actor: Actor, application: Any) -> bool:
    """A lead or clerk of the applicant, at a stage that hears it."""
    stage = application.measures.stage(application.stage)
    return bool(stage.hears) and by("applicant", "clerk") in standing(actor, application)


def reads_review(actor: Actor, application: Any) -> bool:
    """Offices always; the applicant's people once the office has handed its review on."""
    held = standing(actor, application)
    if not held:
        return faces(actor, application)
    if any(each.office != "applicant" for each in held):
        return True
    stage = application.measures.stage(application.stage)
    return not stage.reviews and held != {by("applicant", "contributor")}


def unreleased(actor: Actor, application: Any) -> frozenset[str]:
    """The fact sources whose findings the actor is not to see yet.

    While an office reviews, its findings are its own; auditors see them.
    """
    measures = application.measures
    stage = measures.stage(application.stage)
    held = standing(actor, application)
    offices = {move.by.office for move in stage.moves} - {"applicant"}
    if not stage.reviews or not held or offices & {each.office for each in held}:
        return frozenset()
    return frozenset(source for office in offices for source in measures.sources_of(office))


def reads_signs(actor: Actor, application: Any) -> bool:
    """Faces the application for an office, or audits its area."""
    held = standing(actor, application)
    return any(each.office != "applicant" for each in held) or (
        not held and faces(actor, application)
    )


def views_tasks(actor: Actor, application: Any) -> bool:
    """The applicant's own people."""
    return any(each.office == "applicant" for each in standing(actor, application))


def leads_application(actor: Actor, application: Any) -> bool:
    """The lead of the unit that leads the application, while it is at its first stage."""
    first = application.measures.stages[0].id
    return application.stage == first and (application.unit_id, "lead") in actor.units


def answers_for(actor: Actor, partner: Any) -> bool:
    """The lead of the unit that is asked to apply jointly."""
    return (partner.unit_id, "lead") in actor.units


def gives_tasks(actor: Actor, application: Any) -> bool:
    """A lead or clerk of the applicant, while the file is not closed."""
    stage = application.measures.stage(application.stage)
    return bool(stage.moves) and by("applicant", "clerk") in standing(actor, application)


def provisions(actor: Actor, application: Any) -> frozenset[str] | None:
    """The provisions the actor may see and work on; None for all of them.

    A contributor has those given to its department, and nothing else.
    """
    if sees_whole(actor, application):
        return None
    given = application.tasks.filter(department_id__in=actor.departments)
    return frozenset(given.values_list("provision", flat=True))


def decides(actor: Actor, application: Any) -> bool:
    """Some move of the present stage is for the actor's office and role."""
    stage = application.measures.stage(application.stage)
    return any(move.by in standing(actor, application) for move in stage.moves)


def signed_in(actor: Actor, subject: Any = None) -> bool:
    """Has an account."""
    return actor.user_id is not None


def runs_office(actor: Actor, subject: Any = None) -> bool:
    """Works for an office, not as an auditor."""
    return any(office.role != "auditor" for office in actor.offices)


def audits(actor: Actor, subject: Any = None) -> bool:
    """An auditor, or an officer of the whole country."""
    return any(
        office.role == "auditor" or (office.role == "officer" and office.area == "/")
        for office in actor.offices
    )


def works_for_office(actor: Actor, subject: Any = None) -> bool:
    """Belongs to the office of some tier."""
    return bool(actor.offices)


def runs_survey(actor: Actor, campaign: Any) -> bool:
    """Works for the office in whose name the survey's result is stated, in the unit's area."""
    measures = campaign.cycle.measures
    source = campaign.rule.source
    office = next(each.by for each in measures.fact_sources if each.id == source)
    path = campaign.unit.division.path
    return any(
        measures.tier_of(each.tier) == office
        and each.role != "auditor"
        and path.startswith(each.area)
        for each in actor.offices
    )


def views_survey(actor: Actor, campaign: Any) -> bool:
    """Any office whose area the unit lies in, and the unit's own lead and clerks."""
    path = campaign.unit.division.path
    return works_for_unit(actor, campaign.unit) or any(
        path.startswith(each.area) for each in actor.offices
    )


VERIFYING = ("approver", "officer")
"""The roles that speak for an office: they manage its people and verify claims."""


def manages_unit(actor: Actor, unit: Any) -> bool:
    """A lead of the unit."""
    return (unit.pk, "lead") in actor.units


def views_people(actor: Actor, unit: Any) -> bool:
    """One of the unit's own people."""
    return unit.pk in actor.unit_ids


def manages_office(actor: Actor, office: Any) -> bool:
    """Speaks for that very office; ``office`` is its tier and the path of its area."""
    return any((o.tier, o.area) == office and o.role in VERIFYING for o in actor.offices)


def views_office(actor: Actor, office: Any) -> bool:
    """One of that very office's people; ``office`` is its tier and the path of its area."""
    return any((o.tier, o.area) == office for o in actor.offices)


def verifies_claims(actor: Actor, subject: Any = None) -> bool:
    """Speaks for some office; which claims are its own to verify is for the queries."""
    return any(office.role in VERIFYING for office in actor.offices)


PERMISSIONS: dict[str, Callable[[Actor, Any], bool]] = {
    "applications.list": is_member,
    "applications.start": works_for_unit,
    "applications.view": faces,
    "applications.state_fact": states_facts,
    "applications.move": decides,
    "applications.review": reviews,
    "applications.read_review": reads_review,
    "applications.reply": replies,
    "applications.view_tasks": views_tasks,
    "applications.name_partner": leads_application,
    "applications.answer_partner": answers_for,
    "applications.give_tasks": gives_tasks,
    "burden.view": works_for_office,
    "evidence.attach": attaches_evidence,
    "evidence.view": faces,
    "evidence.read_signs": reads_signs,
    "decisions.designate": decides,
    "ledger.view": audits,
    "mailbox.view": signed_in,
    "mailbox.view_outbox": works_for_office,
    "mailbox.send_again": runs_office,
    "surveys.list": is_member,
    "surveys.plan": runs_office,
    "surveys.run": runs_survey,
    "surveys.view": views_survey,
    "people.take_up": signed_in,
    "people.manage_unit": manages_unit,
    "people.view_unit": views_people,
    "people.manage_office": manages_office,
    "people.view_office": views_office,
    "people.verify_claims": verifies_claims,
}
"""Every permission with the predicate that decides it."""


def sources(actor: Actor, application: Any) -> frozenset[str]:
    """The fact sources in whose name the actor may state facts on the application now."""
    measures = application.measures
    stage = measures.stage(application.stage)
    return _writes(standing(actor, application), measures, stage)


def _writes(held: Standing, measures: Measures, stage: Stage) -> frozenset[str]:
    workers = {("applicant", "clerk"), ("applicant", "contributor")}
    offices = {
        each.office
        for each in held
        if (each.office, each.role) in workers
        or (each.office != "applicant" and each.role == "reviewer")
    }
    return frozenset(
        source.id
        for source in measures.fact_sources
        if source.by in offices and source.id in stage.writes
    )


def allows(actor: Actor, permission: str, subject: Any = None) -> bool:
    """Whether the actor may; an unknown permission is an error, never a yes."""
    return PERMISSIONS[permission](actor, subject)


def require(actor: Actor, permission: str, subject: Any = None) -> None:
    """Raise NotAllowed unless the actor may."""
    if not allows(actor, permission, subject):
        raise NotAllowed
