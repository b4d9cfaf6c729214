"""Who in the unit answers for which clause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.applications.actions import announce
from shifan.applications.actions.facts import locked
from shifan.applications.models import Application, Task
from shifan.errors import BadInput
from shifan.ledger import actions as ledger
from shifan.rulebook.base import Text
from shifan.units.models import Department


@transaction.atomic
def give_tasks(
    *,
    application: Application,
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
    application = locked(application)
    policy.require(actor, "applications.give_tasks", application)
    if department is not None and department.unit_id != application.unit_id:
        raise BadInput(Text(zh="没有这个部门。", en="There is no such department."))
    if not provision_ids:
        raise BadInput(Text(zh="请先勾选条目。", en="Choose clauses first."))
    if not set(provision_ids) <= set(givable(application)):
        raise BadInput(
            Text(
                zh="所选条目不由申报单位填报。",
                en="A clause chosen is not yours to state.",
            )
        )
    held = {task.provision: task for task in application.tasks.filter(provision__in=provision_ids)}
    if department is None:
        changed = sorted(held)
        application.tasks.filter(provision__in=changed).delete()
    else:
        changed = [
            each
            for each in provision_ids
            if each not in held
            or (held[each].department_id, held[each].due_on) != (department.pk, due_on)
        ]
        for provision_id in changed:
            Task.objects.update_or_create(
                application=application, provision=provision_id,
                defaults={
                    "department": department, "due_on": due_on,
                    "given_by_id": actor.user_id, "given_at": now,
                },
            )  # fmt: skip
    if changed:
        ledger.record(actor=actor.name, verb="tasks.given" if department else "tasks.taken_back",
                      subject=application, at=now, provisions=changed,
                      department=department.name if department else "",
                      due_on=due_on.isoformat() if due_on else "")  # fmt: skip
    if changed and department is not None:
        announce.given(application, department, changed, due_on, actor, now)
    return len(changed)


def givable(application: Application) -> list[str]:
    """The provisions a unit's own people may state, in the rule book's order."""
    own = application.measures.sources_of("applicant")
    provisions = application.indicators.provisions
    return [provision.id for provision in provisions if own & set(provision.input.from_)]
