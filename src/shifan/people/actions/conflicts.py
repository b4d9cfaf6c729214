"""Where somebody works, and the conflicts it declares: that there is one, and of which sort."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from shifan.accounts.actor import Actor
from shifan.accounts.models import User
from shifan.errors import BadInput
from shifan.ledger import actions as ledger
from shifan.people.actions.roles import user_of
from shifan.people.models import Declaration, Sort, Workplace
from shifan.rulebook.base import Text
from shifan.units.models import Division, Unit


@transaction.atomic
def say_workplace(*, employer: str, place: str, actor: Actor, now: datetime) -> None:
    """Say for whom one works and (by the code of the division) where; empty: nobody any more.

    Raises NotAllowed for a visitor and BadInput for an unknown code.
    """
    user, employer = User.objects.get(pk=user_of(actor)), employer.strip()[:120]
    division = Division.objects.filter(pk=place.strip()).first()
    if place.strip() and division is None:
        raise BadInput(Text(zh=f"没有代码为“{place}”的地区。", en=f"There is no place {place}."))
    if employer:
        said = {"employer": employer, "division": division}
        Workplace.objects.update_or_create(user=user, defaults=said)
    else:
        Workplace.objects.filter(user=user).delete()
    ledger.record(actor=actor.name, verb="workplace.said", subject=user, at=now)


@transaction.atomic
def declare(
    *, unit: Unit, sort: str, until: date | None, actor: Actor, now: datetime
) -> Declaration:
    """Declare a conflict with a unit, and until when it lasted (None: it still does).

    Declaring it again sets the day anew. Raises NotAllowed for a visitor and BadInput for an
    unknown sort or a day to come.
    """
    user = User.objects.get(pk=user_of(actor))
    if sort not in Sort.values or (until is not None and until > now.date()):
        raise BadInput(
            Text(
                zh="请选择关系类型；结束日期不能晚于今天。",
                en="Choose of which sort it is; its last day cannot lie ahead.",
            )
        )
    made, _ = Declaration.objects.update_or_create(
        user=user, unit=unit, sort=sort, defaults={"until": until, "made_at": now}
    )
    ledger.record(actor=actor.name, verb="conflict.declared", subject=user, at=now)
    return made
