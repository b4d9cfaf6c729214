"""One's messages, how one wants them, and the outbox of an office."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shifan.accounts import policy
from shifan.accounts.models import User
from shifan.mailbox import actions, queries
from shifan.mailbox.forms import WishesForm
from shifan.mailbox.models import LetterState, Wishes
from shifan.mailbox.words import said
from shifan.requests import ActorRequest, get_or_404, page_of


@require_safe
def messages(request: ActorRequest) -> HttpResponse:
    """One's own messages, the latest first."""
    policy.require(request.actor, "mailbox.view")
    page = page_of(request, queries.messages_for(request.actor))
    context = {"page_obj": page, "lines": [said(each) for each in page]}
    return render(request, "mailbox/messages.html", context)


@require_safe
def follow(request: ActorRequest, message_id: int) -> HttpResponse:
    """Open what a message is about; it then counts as read."""
    policy.require(request.actor, "mailbox.view")
    message = get_or_404(queries.messages_for(request.actor), pk=message_id)
    actions.read(message=message, actor=request.actor, now=request.now)
    return redirect(message.address)


@require_POST
def read_all(request: ActorRequest) -> HttpResponse:
    """Mark everything as read."""
    policy.require(request.actor, "mailbox.view")
    actions.read_all(actor=request.actor, now=request.now)
    return redirect("mailbox:messages")


@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: ActorRequest) -> HttpResponse:
    """How one wants messages."""
    policy.require(request.actor, "mailbox.view")
    user = User.objects.select_related("wishes").get(username=request.actor.name)
    held = getattr(user, "wishes", Wishes())
    form = WishesForm(request.POST or None, initial={
        "email": user.email, "language": held.language, "mail": held.mail,
        "quiet_from": held.quiet_from, "quiet_until": held.quiet_until,
    })  # fmt: skip
    if request.method == "POST" and form.is_valid():
        actions.set_wishes(actor=request.actor, now=request.now, **form.cleaned_data)
        notes.success(request, _("Saved."))
        return redirect("mailbox:wishes")
    status = 422 if form.errors else 200
    return render(request, "mailbox/wishes.html", {"form": form}, status=status)


@require_safe
def outbox(request: ActorRequest) -> HttpResponse:
    """What was sent in the office's area, and where each e-mail stands."""
    policy.require(request.actor, "mailbox.view_outbox")
    rows = queries.outbox(request.actor)
    state = request.GET.get("state", "")
    if state in LetterState.values:
        rows = rows.filter(letter__state=state)
    page = page_of(request, rows)
    context = {
        "page_obj": page,
        "lines": [said(each) for each in page],
        "states": LetterState.choices,
        "state": state,
        "may_send": policy.allows(request.actor, "mailbox.send_again"),
    }
    return render(request, "mailbox/outbox.html", context)


@require_POST
def send_again(request: ActorRequest, letter_id: UUID) -> HttpResponse:
    """Send a letter anew whose fate is not known, or that failed."""
    policy.require(request.actor, "mailbox.send_again")
    letter = get_or_404(queries.letters_for(request.actor), pk=letter_id)
    actions.send_again(letter=letter, actor=request.actor, now=request.now)
    notes.success(request, _("It will be sent again within a minute."))
    return redirect("mailbox:outbox")
