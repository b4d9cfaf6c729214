"""What people do about their roles: coming to one and leaving it, claims, conflicts declared."""

from shifan.people.actions.claims import claim, decide_claim
from shifan.people.actions.conflicts import declare, say_workplace
from shifan.people.actions.roles import (
    LASTS,
    OFFICE_ROLES,
    OPEN_AT_ONCE,
    UNIT_ROLES,
    add_department,
    end_membership,
    grant,
    hand_over,
    invite_to_office,
    invite_to_unit,
    open_account,
    take_up,
    withdraw_invitation,
)

__all__ = [
    "LASTS", "OFFICE_ROLES", "OPEN_AT_ONCE", "UNIT_ROLES", "add_department", "claim",
    "decide_claim", "declare", "end_membership", "grant", "hand_over", "invite_to_office",
    "invite_to_unit", "open_account", "say_workplace", "take_up", "withdraw_invitation",
]  # fmt: skip
