"""Naming a unit."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shifan.applications.queries import applications_for
from shifan.decisions import actions
from shifan.requests import ActorRequest, get_or_404


@require_POST
def designate(request: ActorRequest, application_id: UUID, move_id: str) -> HttpResponse:
    """Make the naming move; leads to the new row of the register."""
    application = get_or_404(applications_for(request.actor), pk=application_id)
    title = actions.designate(
        application=application, move_id=move_id, actor=request.actor, now=request.now
    )
    messages.success(request, _("The unit is named and stands in the public register."))
    return redirect("register:title", title.pk)
