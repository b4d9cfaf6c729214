"""The page of the ledger, for those who audit.

It stands at the edge because the ledger itself lies beneath accounts and knows no policy.
"""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shifan.accounts import policy
from shifan.ledger import queries
from shifan.ledger.models import Entry
from shifan.requests import ActorRequest, page_of


@require_safe
def list_entries(request: ActorRequest) -> HttpResponse:
    """All entries, newest first; ``?verify=1`` walks the chain and says whether it holds."""
    policy.require(request.actor, "ledger.view")
    page = page_of(request, queries.entries())
    result = queries.verify() if request.GET.get("verify") else None
    rows = [(entry, _details(entry)) for entry in page]
    return render(request, "site/ledger.html", {"page_obj": page, "rows": rows, "result": result})


def _details(entry: Entry) -> list[tuple[str, str]]:
    """What the entry says besides who did what to which object, as words."""
    return [(key.replace("_", " "), _words(value)) for key, value in entry.details.items()]


def _words(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    return json.dumps(value, ensure_ascii=False)
