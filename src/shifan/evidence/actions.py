"""Attaching, replacing and removing evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.errors import BadInput, Conflict
from shifan.evidence import queries
from shifan.evidence.models import Attachment
from shifan.ledger import actions as ledger
from shifan.mailbox.actions import Circle, tell
from shifan.mailbox.models import INTERNAL
from shifan.mailbox.queries import still_to_tell
from shifan.proceedings.models import Proceeding
from shifan.rulebook.base import Text
from shifan.statements.actions import TakenOver, locked, require_open, take_over
from shifan.statements.assessment import assess
from shifan.vault.actions import plain_name, store, suffixed
from shifan.vault.models import Scan


@transaction.atomic
def attach(
    *,
    proceeding: Proceeding,
    provision_id: str,
    upload: File[bytes],
    name: str,
    actor: Actor,
    now: datetime,
) -> Attachment:
    """Store the file (once, by content) and attach it to the provision.

    Raises NotAllowed, DeadlinePassed, NoRoom, and BadInput for an empty, oversized or unaccepted
    file.
    """
    proceeding = opened(proceeding, provision_id, actor, now)
    stored = store(upload, now)
    attachment, created = Attachment.objects.get_or_create(
        proceeding=proceeding, provision=provision_id, file=stored, removed_at=None,
        defaults={
            "name": suffixed(plain_name(name), stored.media_type),
            "attached_by_id": actor.user_id, "attached_at": now,
        },
    )  # fmt: skip
    if created:
        ledger.record(actor=actor.name, verb="evidence.attached", subject=proceeding, at=now,
                      provision=provision_id, sha256=stored.sha256)  # fmt: skip
    return attachment


@transaction.atomic
def attach_known(
    *,
    proceeding: Proceeding,
    provision_id: str,
    files: Sequence[str],
    actor: Actor,
    now: datetime,
) -> int:
    """Attach files that the unit has in the vault already, by their hashes; how many are new here.

    They keep their names and the times for which they hold. Raises as :func:`attach`, and BadInput
    for a file that is not the unit's.
    """
    proceeding = opened(proceeding, provision_id, actor, now)
    made = 0
    for sha256 in files:
        known = queries.of_unit(actor, proceeding.unit_id).filter(file=sha256).first()
        if known is None:
            raise BadInput(Text(zh="没有这个文件。", en="There is no such file."))
        _, created = Attachment.objects.get_or_create(
            proceeding=proceeding, provision=provision_id, file_id=sha256, removed_at=None,
            defaults={
                "name": known.name, "attached_by_id": actor.user_id, "attached_at": now,
                "reused": True, "effective_from": known.effective_from,
                "effective_until": known.effective_until,
            },
        )  # fmt: skip
        if created:
            made += 1
            ledger.record(actor=actor.name, verb="evidence.attached", subject=proceeding, at=now,
                          provision=provision_id, sha256=sha256)  # fmt: skip
    return made


@transaction.atomic
def revise(
    *, attachment: Attachment, upload: File[bytes], name: str, actor: Actor, now: datetime
) -> Attachment:
    """Put a new version in the place of a file, which stays on record before it.

    Raises as :func:`attach`, Conflict if the file was replaced or removed meanwhile, and BadInput
    if the clause has the new content already.
    """
    proceeding = opened(attachment.proceeding, attachment.provision, actor, now)
    old = _still_there(attachment)
    stored = store(upload, now)
    here = proceeding.evidence.filter(provision=old.provision, removed_at=None)
    if here.filter(file=stored).exists():
        raise BadInput(
            Text(zh="此条已有内容相同的文件。", en="The clause has a file of this very content.")
        )
    _take_off(old, now)
    made = Attachment.objects.create(
        proceeding=proceeding, provision=old.provision, file=stored, replaces=old,
        name=suffixed(plain_name(name), stored.media_type), attached_by_id=actor.user_id,
        attached_at=now, effective_from=old.effective_from, effective_until=old.effective_until,
    )  # fmt: skip
    ledger.record(actor=actor.name, verb="evidence.revised", subject=proceeding, at=now,
                  provision=old.provision, sha256=stored.sha256, replaces=old.file_id)  # fmt: skip
    return made


@transaction.atomic
def set_period(
    *,
    attachment: Attachment,
    effective_from: date | None,
    effective_until: date | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Say for which time the document holds; both days included, None where it has no end.

    Raises as :func:`remove`, and BadInput for a time that ends before it begins.
    """
    proceeding = opened(attachment.proceeding, attachment.provision, actor, now)
    if effective_from and effective_until and effective_until < effective_from:
        raise BadInput(Text(zh="结束日期早于开始日期。", en="The last day is before the first."))
    row = _still_there(attachment)
    before = [str(row.effective_from), str(row.effective_until)]
    row.effective_from, row.effective_until = effective_from, effective_until
    row.save(update_fields=["effective_from", "effective_until"])
    ledger.record(actor=actor.name, verb="evidence.dated", subject=proceeding, at=now,
                  before=before, after=[str(effective_from), str(effective_until)],
                  provision=row.provision, sha256=row.file_id)  # fmt: skip


@transaction.atomic
def remove(*, attachment: Attachment, actor: Actor, now: datetime) -> None:
    """Take a file off the clause; the row and the content stay.

    Raises NotAllowed, DeadlinePassed, and Conflict if somebody has removed it already.
    """
    proceeding = opened(attachment.proceeding, attachment.provision, actor, now)
    row = _still_there(attachment)
    _take_off(row, now)
    ledger.record(actor=actor.name, verb="evidence.removed", subject=proceeding,
                  at=now, provision=row.provision, sha256=row.file_id)  # fmt: skip


@transaction.atomic
def tell_of_refused(*, now: datetime) -> int:
    """Tell whoever attached a file that the virus scanner refused, once; how many were told."""
    rows = Attachment.objects.filter(removed_at=None, file__scan=Scan.REFUSED)
    told = 0
    for row in rows.select_related("attached_by", "proceeding__unit"):
        unit, who = row.proceeding.concerned, row.attached_by
        key = f"refused:{row.pk}"
        untold = still_to_tell([who] if who else (), key)
        tell(
            Circle(untold, "file_refused", INTERNAL), key=key, now=now, unit_id=unit.pk,
            address=reverse("evidence:file", args=[row.pk]),
            params={"file": row.name, "clause": row.provision, "unit": unit.name},
        )  # fmt: skip
        told += len(untold)
    return told


def opened(proceeding: Proceeding, provision_id: str, actor: Actor, now: datetime) -> Proceeding:
    """The application's row, held, if the actor may change the evidence of the provision now.

    Raises NotAllowed, DeadlinePassed, and BadInput for a provision that is not there.
    """
    proceeding = locked(proceeding)
    policy.require(actor, "evidence.attach", proceeding)
    if provision_id not in proceeding.indicators.by_id:
        raise BadInput(Text(zh="没有这一条。", en="There is no such clause."))
    require_open(assess(proceeding, now), provision_id, actor, now)
    return proceeding


def _still_there(attachment: Attachment) -> Attachment:
    row = Attachment.objects.get(pk=attachment.pk)
    if row.removed_at is not None:
        raise Conflict(
            Text(zh="该文件已被移除或替换。", en="The file was removed or replaced already.")
        )
    return row


def _take_off(row: Attachment, now: datetime) -> None:
    row.removed_at = now
    row.save(update_fields=["removed_at"])


@transaction.atomic
def reuse(*, proceeding: Proceeding, actor: Actor, now: datetime) -> tuple[TakenOver, int]:
    """Take over the unit's last application: its statements, and the files attached to them.

    What was taken over, and how many files. A second time takes over nothing.
    """
    taken = take_over(proceeding=proceeding, actor=actor, now=now)
    files = 0
    if taken.earlier is not None:
        back = {there: here for here, there in taken.provisions.items()}
        rows = taken.earlier.evidence.filter(provision__in=back, removed_at=None)
        for row in rows:
            _, created = Attachment.objects.get_or_create(
                proceeding=proceeding, provision=back[row.provision], file_id=row.file_id,
                removed_at=None,
                defaults={
                    "name": row.name, "attached_by_id": actor.user_id, "attached_at": now,
                    "reused": True, "effective_from": row.effective_from,
                    "effective_until": row.effective_until,
                },
            )  # fmt: skip
            files += created
    if files:
        ledger.record(actor=actor.name, verb="evidence.taken_over", subject=proceeding, at=now,
                      files=files)  # fmt: skip
    return taken, files
