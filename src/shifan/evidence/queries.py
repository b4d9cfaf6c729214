"""Read the vault, scoped through the applications the actor may see."""

from __future__ import annotations

from django.db.models import QuerySet

from shifan.accounts.actor import Actor
from shifan.applications.queries import applications_for
from shifan.evidence.models import Attachment


def attachments_for(actor: Actor) -> QuerySet[Attachment]:
    """Attachments on applications the actor may see."""
    return Attachment.objects.filter(
        application__in=applications_for(actor).order_by(), removed_at=None
    ).select_related("file", "application__unit__division", "application__cycle__rulebook")
