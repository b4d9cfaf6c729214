"""The visitor's own account."""

from __future__ import annotations

from allauth.account import views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from shifan.errors import NotAllowed


@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; an account without one (a demo's) has none to change."""
    if not (request.user.is_authenticated and request.user.has_usable_password()):
        raise NotAllowed
    response: HttpResponse = views.password_change(request)
    return response
