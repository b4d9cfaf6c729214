"""Coming to a role and leaving it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_unicode_slug
from django.db import IntegrityError, transaction
from django.urls import reverse

from shifan.accounts import policy
from shifan.accounts.actor import SYSTEM, Actor
from shifan.accounts.models import Role, User
from shifan.cycles.queries import rulebooks
from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.ledger import actions as ledger
from shifan.mailbox.actions import Circle, tell
from shifan.mailbox.models import INTERNAL
from shifan.people import queries
from shifan.people.models import Invitation, Membership
from shifan.rulebook.base import Text
from shifan.units.models import Department, Division, Unit

LASTS = timedelta(days=14)
"""How long an invitation can be taken up."""
OPEN_AT_ONCE = 100
"""Invitations of one unit or office that may be open at the same time."""
UNIT_ROLES = (Role.LEAD, Role.CLERK, Role.CONTRIBUTOR)
OFFICE_ROLES = (Role.REVIEWER, Role.APPROVER, Role.OFFICER)


@transaction.atomic
def invite_to_unit(
    *, unit: Unit, role: str, department: str, actor: Actor, now: datetime
) -> Invitation:
    """Offer a role in the unit. ``department`` names a contributor's, and is made if new.

    Raises NotAllowed, and BadInput for a role or department that does not fit.
    """
    policy.require(actor, "people.manage_unit", unit)
    department = department.strip()[:80]
    if role not in UNIT_ROLES or (role == Role.CONTRIBUTOR) != bool(department):
        raise BadInput(
            Text(
                zh="请选择角色；承办人员须写明所在部门，其他角色不写部门。",
                en="Choose a role; a contributor needs a department, the others have none.",
            )
        )
    found = None
    if department:
        found, _ = Department.objects.get_or_create(unit=unit, name=department)
    return _invite(actor, now, role=role, unit=unit, department=found)


@transaction.atomic
def invite_to_office(
    *, programme: str, tier: str, area: Division, role: str, actor: Actor, now: datetime
) -> Invitation:
    """Offer a role in the office of the tier for the area. Raises NotAllowed and BadInput."""
    policy.require(actor, "people.manage_office", (programme, tier, area.path))
    if role not in OFFICE_ROLES:
        raise BadInput(Text(zh="请选择角色。", en="Choose a role."))
    return _invite(actor, now, role=role, programme=programme, tier=tier, area=area)


@transaction.atomic
def add_department(*, unit: Unit, name: str, actor: Actor, now: datetime) -> Department:
    """Name a department of the unit, to give clauses to. Raises NotAllowed and BadInput."""
    policy.require(actor, "people.manage_unit", unit)
    name = name.strip()[:80]
    if not name:
        raise BadInput(Text(zh="请写明部门名称。", en="Give the department's name."))
    department, new = Department.objects.get_or_create(unit=unit, name=name)
    if new:
        ledger.record(actor=actor.name, verb="department.added", subject=department, at=now,
                      unit=str(unit.pk), name=name)  # fmt: skip
    return department


def _invite(actor: Actor, now: datetime, **offered: Any) -> Invitation:
    waiting = queries.open_invitations(
        now,
        unit=offered.get("unit"),
        programme=offered.get("programme", ""),
        tier=offered.get("tier", ""),
        area=offered.get("area"),
    )
    if waiting.count() >= OPEN_AT_ONCE:
        raise BadInput(Text(zh="未使用的邀请过多，请先撤回。", en="Withdraw some open ones first."))
    invitation = Invitation.objects.create(
        made_by_id=user_of(actor), made_at=now, expires_at=now + LASTS, **offered
    )
    ledger.record(actor=actor.name, verb="role.offered", subject=invitation, at=now,
                  **_particulars(invitation))  # fmt: skip
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, actor: Actor, now: datetime) -> None:
    """Make the link of an invitation useless. Raises NotAllowed, and Conflict if it is not open."""
    invitation = _locked(invitation)
    _require_manages(actor, invitation)
    if invitation.ended_at is not None:
        raise Conflict(Text(zh="该邀请已被使用或撤回。", en="The invitation is used or withdrawn."))
    invitation.ended_at = now
    invitation.save(update_fields=["ended_at"])
    ledger.record(actor=actor.name, verb="role.offer_withdrawn", subject=invitation, at=now)


@transaction.atomic
def take_up(*, invitation: Invitation, actor: Actor, now: datetime) -> Membership:
    """Take the offered role. Raises NotAllowed, and Conflict if the invitation is not open."""
    policy.require(actor, "people.take_up")
    invitation = _locked(invitation)
    if invitation.ended_at is not None or invitation.expires_at <= now:
        raise Conflict(
            Text(
                zh="邀请已被使用、撤回或过期，请向邀请人索取新的邀请。",
                en="The invitation was used or withdrawn, or has run out. Ask for a new one.",
            )
        )
    invitation.ended_at, invitation.taken_by_id = now, actor.user_id
    invitation.save(update_fields=["ended_at", "taken_by"])
    membership = join(actor.user_id, actor, now, **_place(invitation), role=invitation.role)
    where = str(invitation.unit) if invitation.unit else str(invitation.area)
    tell(
        Circle([invitation.made_by], "joined", INTERNAL), key=f"joined:{invitation.pk}", now=now,
        unit_id=invitation.unit_id, but=actor.user_id,
        address=reverse("people:people"), params={"who": actor.label, "where": where},
    )  # fmt: skip
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, actor: Actor, now: datetime) -> None:
    """Leave a role, or take one from a colleague one manages.

    What they stated and did stays, under their name. Raises NotAllowed, and Conflict for the last
    one who leads a unit or manages an office.
    """
    membership = _locked_with_colleagues(membership)
    if membership.user_id != actor.user_id:
        _require_manages(actor, membership)
    _require_another_head(membership)
    _end(membership, actor, now)


@transaction.atomic
def hand_over(*, membership: Membership, actor: Actor, now: datetime) -> Membership:
    """Hand the lead of a unit to the colleague of ``membership``; one goes on as a clerk.

    Raises NotAllowed, and BadInput for a colleague who leads already.
    """
    membership = _locked_with_colleagues(membership)
    unit = membership.unit
    if unit is None:
        raise NotAllowed
    policy.require(actor, "people.manage_unit", unit)
    own = Membership.objects.filter(unit=unit, user_id=user_of(actor), role=Role.LEAD).first()
    leads = Membership.objects.filter(unit=unit, user_id=membership.user_id, role=Role.LEAD)
    if own is None or leads.exists():
        raise BadInput(Text(zh="对方已是负责人。", en="They lead the unit already."))
    new = join(membership.user_id, actor, now, unit=unit, role=Role.LEAD)
    _end(own, actor, now)
    join(own.user_id, actor, now, unit=unit, role=Role.CLERK)
    tell(
        Circle([membership.user], "handed_over", INTERNAL), key=f"handed:{new.pk}", now=now,
        unit_id=unit.pk, address=reverse("people:unit", args=[unit.pk]),
        params={"who": actor.label, "where": unit.name},
    )  # fmt: skip
    return new


@transaction.atomic
def open_account(*, username: str, name: str, password: str, now: datetime) -> User:
    """A visitor's new account, without any role. Raises BadInput if the user name is taken."""
    try:
        validate_unicode_slug(username)
        with transaction.atomic():
            user = User.objects.create_user(username=username, name=name, password=password)
    except (ValidationError, IntegrityError) as error:
        raise BadInput(
            Text(zh="此用户名不可用，请换一个。", en="This user name can't be had; choose another.")
        ) from error
    ledger.record(actor=username, verb="account.opened", subject=user, at=now)
    return user


def user_of(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id


@transaction.atomic
def grant(
    *,
    username: str,
    role: str,
    now: datetime,
    unit_id: str | None = None,
    department: str = "",
    programme: str = "",
    tier: str = "",
    area_code: str | None = None,
) -> Membership:
    """Give a user a role in a unit (a contributor: in its department of that name, made if new), or
    in the office of a programme's tier for an area (without ``programme``, of the only one there
    is).

    Raises BadInput that names what is missing or unknown.
    """
    user = User.objects.filter(username=username).first()
    unit = _unit(unit_id) if unit_id else None
    area = Division.objects.filter(pk=area_code).first() if area_code else None
    if user is None:
        raise BadInput(Text(zh=f"没有账号 {username}。", en=f"There is no account {username}."))
    if bool(unit_id) == bool(tier):
        raise BadInput(
            Text(
                zh="请写明单位（--unit），或者主管部门（--tier 和 --area），两者取一。",
                en="Name a unit (--unit), or an office (--tier and --area): one of the two.",
            )
        )
    if unit_id:
        place = _in_unit(unit, unit_id, role, department)
    else:
        place = _in_office(programme, tier, area, area_code, role)
    membership, _ = Membership.objects.get_or_create(user=user, role=role, **place)
    ledger.record(actor=SYSTEM.name, verb="role.granted", subject=membership, at=now,
                  user=username, **_particulars(membership))  # fmt: skip
    return membership


def _unit(unit_id: str) -> Unit | None:
    try:
        return Unit.objects.filter(pk=unit_id).first()
    except ValidationError:  # no id at all
        return None


def _in_unit(unit: Unit | None, unit_id: str, role: str, department: str) -> dict[str, Any]:
    _one_of(role, UNIT_ROLES)
    if unit is None:
        raise BadInput(Text(zh=f"没有单位 {unit_id}。", en=f"There is no unit {unit_id}."))
    if (role == Role.CONTRIBUTOR) != bool(department):
        raise BadInput(
            Text(
                zh="承办人员须写明所在部门（--department），其他角色不写。",
                en="A contributor needs its department (--department), the others have none.",
            )
        )
    found = unit.departments.get_or_create(name=department)[0] if department else None
    return {"unit": unit, "department": found}


def _in_office(
    programme: str, tier: str, area: Division | None, area_code: str | None, role: str
) -> dict[str, Any]:
    _one_of(role, (*OFFICE_ROLES, Role.AUDITOR))
    books = {book.programme: book for book in rulebooks().order_by("pk")}
    programme = programme or (next(iter(books)) if len(books) == 1 else "")
    if programme not in books:
        known = "、".join(books) or "-"
        raise BadInput(
            Text(
                zh=f"请用 --programme 写明项目；已发布的有：{known}。",
                en=f"Say which programme by --programme; published are: {known}.",
            )
        )
    offices = [each.id for each in books[programme].book.measures.offices]
    if tier not in offices:
        raise BadInput(
            Text(
                zh=f"项目 {programme} 没有层级 {tier}；有：{'、'.join(offices)}。",
                en=f"{programme} has no tier {tier}; it has: {', '.join(offices)}.",
            )
        )
    if area is None:
        raise BadInput(
            Text(
                zh=f"请用 --area 写明主管地区的代码（没有 {area_code or '空'}）。",
                en=f"Say by --area for which place the office answers (not {area_code or 'none'}).",
            )
        )
    return {"programme": programme, "tier": tier, "area": area}


def _one_of(role: str, roles: Sequence[Role]) -> None:
    if role not in roles:
        names = ", ".join(roles)
        raise BadInput(Text(zh=f"角色须为：{names}。", en=f"The role must be one of: {names}."))


def join(user_id: Any, actor: Actor, now: datetime, **place: Any) -> Membership:
    membership, new = Membership.objects.get_or_create(user_id=user_id, **place)
    if new:
        ledger.record(actor=actor.name, verb="role.granted", subject=membership, at=now,
                      user=membership.user.username, **_particulars(membership))  # fmt: skip
    return membership


def _end(membership: Membership, actor: Actor, now: datetime) -> None:
    ledger.record(actor=actor.name, verb="role.ended", subject=membership, at=now,
                  user=membership.user.username, **_particulars(membership))  # fmt: skip
    membership.delete()


def _place(row: Invitation | Membership) -> dict[str, Any]:
    """Where the role is held, as fields."""
    return {
        "unit": row.unit, "department": row.department, "programme": row.programme,
        "tier": row.tier, "area": row.area,
    }  # fmt: skip


def _particulars(row: Invitation | Membership) -> dict[str, Any]:
    return {
        "role": row.role, "unit": row.unit_id and str(row.unit_id),
        "programme": row.programme, "tier": row.tier,
        "department": row.department.name if row.department else "", "area": row.area_id,
    }  # fmt: skip


def _require_manages(actor: Actor, row: Invitation | Membership) -> None:
    if row.unit is not None:
        policy.require(actor, "people.manage_unit", row.unit)
    else:
        assert row.area is not None, "the database keeps each role in a unit or an office"
        policy.require(actor, "people.manage_office", (row.programme, row.tier, row.area.path))
        if row.role == Role.AUDITOR:
            raise NotAllowed


def _require_another_head(membership: Membership) -> None:
    """Conflict if without this role nobody could manage the place's people any more."""
    place = {
        "unit": membership.unit, "programme": membership.programme, "tier": membership.tier,
        "area": membership.area,
    }  # fmt: skip
    heads = (Role.LEAD,) if membership.unit else policy.VERIFYING
    if membership.role not in heads:
        return
    others = Membership.objects.filter(role__in=heads, **place).exclude(pk=membership.pk)
    if not others.filter(user__is_active=True).exists():
        raise Conflict(
            Text(
                zh="这是最后一位负责人，请先移交或邀请接任者。",
                en="Nobody else leads here: hand over, or invite a successor first.",
            )
        )


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",))
    return rows.select_related("unit", "department", "area", "made_by").get(pk=invitation.pk)


def _locked_with_colleagues(membership: Membership) -> Membership:
    """The role, with all roles of the same place held, so that two can't leave it without a head.

    Raises Conflict if it ended meanwhile.
    """
    place = Membership.objects.filter(
        unit=membership.unit,
        programme=membership.programme,
        tier=membership.tier,
        area=membership.area,
    )
    list(place.select_for_update().order_by("pk").values_list("pk"))
    rows = Membership.objects.select_related("user", "unit", "department", "area")
    found = rows.filter(pk=membership.pk).first()
    if found is None:
        raise Conflict(Text(zh="该角色已结束。", en="That role has ended already."))
    return found
