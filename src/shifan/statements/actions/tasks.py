"""Who in the unit answers for which clause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.errors import BadInput
from shifan.ledger import actions as ledger
from shifan.proceedings.models import Proceeding
from shifan.rulebook.base import Text
from shifan.statements.actions import announce
from shifan.statements.actions.facts import locked
from shifan.statements.models import Task
from shifan.units.models import Department


@transaction.atomic
def give_tasks(
    *,
    proceeding: Proceeding,
    provision_ids: Sequence[str],
    department: Department | None,
    due_on: date | None,
    actor: Actor,
    now: datetime,
) -> int:
    """Give provisions to a department of the unit with a due date, or (None) take them back.

    How many changed. A provision has one department; giving it again moves it. Raises NotAllowed,
    and BadInput for a foreign department, for a provision the applicant cannot state, or for none.
    """
    proceeding = locked(proceeding)
    policy.require(actor, "applications.give_tasks", proceeding)
    if department is not None and department.unit_id != proceeding.unit_id:
        raise BadInput(Text(zh="没有这个部门。", en="There is no such department."))
    if not provision_ids:
        raise BadInput(Text(zh="请先勾选条目。", en="Choose clauses first."))
    if not set(provision_ids) <= set(givable(proceeding)):
        raise BadInput(
            Text(
                zh="所选条目不由申报单位填报。",
                en="A clause chosen is not yours to state.",
            )
        )
    held = {task.provision: task for task in proceeding.tasks.filter(provision__in=provision_ids)}
    if department is None:
        changed = sorted(held)
        proceeding.tasks.filter(provision__in=changed).delete()
    else:
        changed = [
            each
            for each in provision_ids
            if each not in held
            or (held[each].department_id, held[each].due_on) != (department.pk, due_on)
        ]
        for provision_id in changed:
            Task.objects.update_or_create(
                proceeding=proceeding, provision=provision_id,
                defaults={
                    "department": department, "due_on": due_on,
                    "given_by_id": actor.user_id, "given_at": now,
                },
            )  # fmt: skip
    if changed:
        ledger.record(actor=actor.name, verb="tasks.given" if department else "tasks.taken_back",
                      subject=proceeding, at=now, provisions=changed,
                      department=department.name if department else "",
                      due_on=due_on.isoformat() if due_on else "")  # fmt: skip
    if changed and department is not None:
        announce.given(proceeding, department, changed, due_on, actor, now)
    return len(changed)


def givable(proceeding: Proceeding) -> list[str]:
    """The provisions a unit's own people may state, in the rule book's order."""
    own = proceeding.measures.sources_of("applicant")
    provisions = proceeding.indicators.provisions
    return [provision.id for provision in provisions if own & set(provision.input.from_)]
