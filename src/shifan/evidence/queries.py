"""Read the evidence, scoped through the applications the actor may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from shifan.accounts.actor import Actor
from shifan.evidence.models import Attachment, Upload
from shifan.proceedings.models import APPLICANT, PARTNER, Party, Proceeding, Step
from shifan.proceedings.queries import proceedings_for, whole_to
from shifan.statements.models import Task
from shifan.vault import queries as vault


def attachments_for(actor: Actor) -> QuerySet[Attachment]:
    """Attachments on applications the actor may see; a contributor's are those of its clauses."""
    return history_for(actor).filter(removed_at=None)


def history_for(actor: Actor) -> QuerySet[Attachment]:
    """The same with those that were removed or replaced.

    Of these an office sees what was handed in once, and not what a unit took back before that.
    """
    rows = Attachment.objects.filter(
        proceeding__in=proceedings_for(actor).order_by()
    ).select_related("file", "attached_by", "proceeding__unit__division", "proceeding__cycle",
                     "proceeding__rulebook").defer(
        "proceeding__rulebook__content"
    )  # fmt: skip
    whole = {unit for unit, role in actor.units if role != "contributor"}
    sealed = Step.objects.filter(
        proceeding=OuterRef("proceeding"), at__gte=OuterRef("attached_at"),
        at__lt=OuterRef("removed_at"),
    ).exclude(from_stage="")  # fmt: skip
    own = Party.objects.filter(
        Q(capacity=APPLICANT, unit__in=actor.unit_ids) | Q(capacity=PARTNER, unit__in=whole),
        proceeding=OuterRef("proceeding"),
    )
    rows = rows.filter(Q(removed_at=None) | Q(Exists(sealed)) | Q(Exists(own)))
    partly = actor.unit_ids - whole
    if not partly:
        return rows
    given = Task.objects.filter(
        proceeding=OuterRef("proceeding"), provision=OuterRef("provision"),
        department_id__in=actor.departments,
    )  # fmt: skip
    seen_whole = Proceeding.objects.filter(whole_to(actor))
    return rows.filter(
        ~Q(proceeding__unit_id__in=partly) | Q(proceeding__in=seen_whole) | Exists(given)
    )


def of_unit(actor: Actor, unit_id: Any, search: str = "") -> QuerySet[Attachment]:
    """The unit's files as the actor may see them, each once, the latest name of each first."""
    rows = attachments_for(actor).filter(proceeding__unit_id=unit_id, name__icontains=search)
    latest = rows.order_by("file_id", "-attached_at").distinct("file_id")
    return (
        attachments_for(actor).filter(pk__in=latest.values("pk")).order_by("-attached_at", "name")
    )


def versions(actor: Actor, attachment: Attachment) -> list[Attachment]:
    """The versions of a file up to this one that the actor may see, the latest first."""
    found, rows, before = [attachment], history_for(actor), attachment.replaces_id
    while before is not None:
        earlier = Attachment.objects.get(pk=before)
        found += rows.filter(pk=before)
        before = earlier.replaces_id
    return found


def elsewhere(actor: Actor, attachment: Attachment) -> QuerySet[Attachment]:
    """Where else the very same content is attached, as far as the actor may see."""
    rows = attachments_for(actor).filter(file=attachment.file_id).exclude(pk=attachment.pk)
    return rows.order_by("-attached_at")


@dataclass(frozen=True)
class Like:
    """A file that is like another, at a place where the actor may see it."""

    attachment: Attachment
    likeness: float

    @property
    def percent(self) -> int:
        return round(100 * self.likeness)


def alike(actor: Actor, attachment: Attachment) -> list[Like]:
    """Like files of other units and other years, the likest first, as far as the actor may see."""
    found = vault.alike(attachment.file)
    rows = attachments_for(actor).filter(file__in=list(found))
    others = rows.exclude(proceeding=attachment.proceeding_id)
    return sorted(
        (Like(row, found[row.file_id]) for row in others), key=lambda each: -each.likeness
    )


def uploads_of(actor: Actor) -> QuerySet[Upload]:
    """The files the actor is sending."""
    rows = Upload.objects.filter(user__username=actor.name)
    return rows.select_related(
        "proceeding__unit__division", "proceeding__cycle", "proceeding__rulebook"
    )
