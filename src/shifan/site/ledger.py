"""The page of the ledger, for those who audit.

It stands at the edge because the ledger itself lies beneath accounts and knows no policy.
"""

from __future__ import annotations

import json

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shifan.accounts import policy
from shifan.cycles.queries import cycles, rulebooks
from shifan.ledger import queries
from shifan.ledger.models import Entry
from shifan.proceedings.models import Proceeding
from shifan.requests import ActorRequest, page_of
from shifan.titles.models import Title


@require_safe
def list_entries(request: ActorRequest) -> HttpResponse:
    """The entries of the reader's programmes, newest first (all of them, where it audits every
    programme); ``?verify=1`` walks the whole chain and says whether it holds."""
    policy.require(request.actor, "ledger.view")
    page = page_of(request, _of_programmes(policy.audited(request.actor)))
    result = queries.verify() if request.GET.get("verify") else None
    rows = [(entry, _details(entry)) for entry in page]
    return render(request, "site/ledger.html", {"page_obj": page, "rows": rows, "result": result})


def _of_programmes(mine: frozenset[str]) -> QuerySet[Entry]:
    """The entries about proceedings, titles, rule books and rounds of these programmes."""
    if mine >= set(rulebooks().values_list("programme", flat=True)):
        return queries.entries()
    about = Q(pk__in=())
    for rows in (
        Proceeding.objects.filter(rulebook__programme__in=mine),
        Title.objects.filter(programme__in=mine),
        rulebooks().filter(programme__in=mine),
        cycles().filter(rulebook__programme__in=mine),
    ):
        ids = rows.order_by().values_list(Cast("pk", TextField()))
        label = rows.model._meta.label_lower
        about |= Q(object_type__in=[label, queries.FORMER.get(label, label)], object_id__in=ids)
    return queries.entries().filter(about)


def _details(entry: Entry) -> list[tuple[str, str]]:
    """What the entry says besides who did what to which object, as words."""
    return [(key.replace("_", " "), _words(value)) for key, value in entry.details.items()]


def _words(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    return json.dumps(value, ensure_ascii=False)
