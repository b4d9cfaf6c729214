"""Bring a database to the present models and print what they say of it, as JSON.

Run as a program with DATABASE_URL. Whoever renames a model changes the reading here; what must
hold stands in ``expected.json`` and never changes.
"""

from __future__ import annotations

import json
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from shifan.accounts.models import User  # noqa: E402
from shifan.cycles.models import PublishedRuleBook  # noqa: E402
from shifan.ledger.models import Entry  # noqa: E402
from shifan.ledger.queries import verify  # noqa: E402
from shifan.people.models import (  # noqa: E402
    Claim,
    Invitation,
    Membership,
)
from shifan.proceedings.models import Proceeding  # noqa: E402
from shifan.proof.digest import sealed_as  # noqa: E402
from shifan.schema import migrate  # noqa: E402
from shifan.titles.models import Event  # noqa: E402


def files() -> list[dict[str, Any]]:
    return [
        {
            "id": str(each.pk), "unit": each.unit.name, "stage": each.stage,
            "total": each.total, "verdict": each.verdict,
            "steps": [[s.move, s.from_stage, s.to_stage, s.sealed] for s in each.steps.all()],
            "facts": sorted(
                [f.provision, f.source, f.values, f.note]
                for f in each.facts.filter(superseded_at=None)
            ),
            "opinions": sorted(
                [o.provision, o.office, o.verdict, o.kind, o.reason]
                for o in each.opinions.filter(superseded_at=None)
            ),
            "tasks": sorted([t.provision, t.department.name] for t in each.tasks.all()),
            "drafts": sorted([d.provision, d.values] for d in each.drafts.all()),
            "partners": sorted([p.unit.name, p.agreed] for p in each.partners),
            "evidence": sorted(a.file_id for a in each.evidence.all()),
        }
        for each in Proceeding.objects.order_by("created_at", "pk")
    ]  # fmt: skip


def titles() -> list[list[Any]]:
    """Every award by the address it had; with the revocation on record of the same title."""
    return sorted(
        [address(a), a.title.unit.name, a.title.level, a.batch, a.title.exercise,
         str(a.holds_from), str(a.until or ""), revoked(a), a.rulebook_digest]
        for a in awards()
    )  # fmt: skip


def awards() -> list[Event]:
    return list(Event.objects.filter(what="awarded").select_related("title__unit"))


def address(award: Event) -> str:
    return str(award.former or award.title_id)


def revoked(award: Event) -> str:
    ends = Event.objects.filter(title=award.title_id, what="revoked", holds_from__lte=award.until)
    found = ends.filter(holds_from__gte=award.holds_from).first()
    return str(found.holds_from) if found else ""


def unsealed() -> list[str]:
    """The steps whose stored file is not what was sealed."""
    steps = [step for each in Proceeding.objects.all() for step in each.steps.all()]
    return [str(s.pk) for s in steps if sealed_as(s.snapshot, s.sealed) is None]


def pages() -> dict[str, int]:
    """The status of the public pages and of each file's, as its own lead opens them."""
    settings.ALLOWED_HOSTS = ["testserver"]
    said = {}
    for each in Proceeding.objects.all():
        lead = Client()
        user = User.objects.get(memberships__unit=each.unit, memberships__role="lead")
        lead.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
        file = f"/applications/{each.pk}/"
        said[file] = lead.get(file).status_code
    public = ["/", "/register/", "/rulebooks/neac/2020/"]
    for each in (*public, *(f"/register/{address(award)}/" for award in awards())):
        said[each] = Client().get(each, follow=True).status_code
    return said


def main() -> None:
    migrate()
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    last = Entry.objects.order_by("-number").values_list("hash", flat=True).first()
    books, chain = PublishedRuleBook.objects.all(), verify(last or "")
    said = {
        "files": files(),
        "titles": titles(),
        "rulebooks": [[str(each), each.revision, each.book.digest] for each in books],
        "ledger": {"entries": chain["entries"], "ok": chain["ok"], "last_hash": last},
        "memberships": Membership.objects.count(),
        "claims": Claim.objects.count(),
        "invitations": Invitation.objects.count(),
        "unsealed": unsealed(),
        "pages": pages(),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
