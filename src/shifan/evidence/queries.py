"""Read the vault, scoped through the applications the actor may see."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from shifan.accounts.actor import Actor
from shifan.applications.models import Task
from shifan.applications.queries import applications_for
from shifan.evidence.models import Attachment


def attachments_for(actor: Actor) -> QuerySet[Attachment]:
    """Attachments on applications the actor may see; a contributor's are those of its clauses."""
    rows = Attachment.objects.filter(
        application__in=applications_for(actor).order_by(), removed_at=None
    ).select_related("file", "application__unit__division", "application__cycle__rulebook")
    whole = {unit for unit, role in actor.units if role != "contributor"}
    partly = actor.unit_ids - whole
    if not partly or actor.offices:
        return rows
    given = Task.objects.filter(
        application=OuterRef("application"), provision=OuterRef("provision"),
        department_id__in=actor.departments,
    )  # fmt: skip
    return rows.filter(~Q(application__unit_id__in=partly) | Exists(given))
