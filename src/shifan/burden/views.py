"""The burden ledger, for the offices that ask."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shifan.accounts import policy
from shifan.applications.queries import applications_for
from shifan.burden import queries
from shifan.cycles.queries import rulebooks
from shifan.requests import ActorRequest
from shifan.units.models import Unit


@require_safe
def burden(request: ActorRequest) -> HttpResponse:
    """What the assessed were asked in the actor's area, and the ten clauses that cost most."""
    policy.require(request.actor, "burden.view")
    ledger = queries.reckon(applications_for(request.actor))
    provisions = {
        f"{published}:{unit_type}:{provision.id}": provision
        for published in rulebooks()
        for unit_type, indicators in published.book.indicators.items()
        for provision in indicators.provisions
    }
    tiers = {tier.id: tier.name for book in rulebooks() for tier in book.book.measures.tiers}
    heaviest = sorted(ledger.units.items(), key=lambda each: -each[1].minutes)[:20]
    units = Unit.objects.filter(pk__in=[key for key, _ in heaviest]).select_related("division")
    names = {str(unit.pk): unit.shown for unit in units}
    context = {
        "ledger": ledger,
        "costliest": [(provisions[key], made) for key, made in ledger.costliest()],
        "units": [(names[key], made) for key, made in heaviest],
        "tiers": [(key, tiers[key], made) for key, made in sorted(ledger.tiers.items())],
    }
    return render(request, "burden/burden.html", context)
