"""The pages of proceedings: what the reader has part in, and one proceeding with all of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shifan.accounts import policy
from shifan.accounts.models import User
from shifan.errors import BadInput, NotAllowed
from shifan.proceedings import actions, presentation, queries, rooms
from shifan.proceedings.models import Party, Proceeding, Step
from shifan.process.moves import options
from shifan.process.voices import ABSTAIN
from shifan.requests import ActorRequest, get_or_404, in_zone_of, page_of
from shifan.rulebook.base import Text
from shifan.rulebook.procedures import ByCapacity
from shifan.units.models import Unit


@require_safe
def list_proceedings(request: ActorRequest) -> HttpResponse:
    """What the reader has part in beside applications, and those it was assigned to."""
    actor = request.actor
    policy.require(actor, "proceedings.list")
    rows = queries.proceedings_for(actor).filter(
        ~queries.APPLYING | Q(parties__user=actor.user_id, parties__ended_at=None)
    )
    page = page_of(request, queries.turn_first(rows.distinct(), actor))
    lines = [presentation.line(each, policy.takes_turn(actor, each)) for each in page]
    return render(request, "proceedings/list.html", {"page_obj": page, "lines": lines})


@require_safe
def show(request: ActorRequest, proceeding_id: UUID) -> HttpResponse:
    """Where it stands, who has part in it, the ways on, its steps."""
    proceeding = _seen(request, proceeding_id)
    file = rooms.read([proceeding], request.now)[0]
    situation = file.situation
    held = policy.standing(request.actor, proceeding)
    steps = proceeding.steps.select_related("by", "proceeding")
    context = {
        "proceeding": proceeding,
        "procedure": situation.procedure,
        "measures": situation.measures,
        "stage": situation.stage,
        "title_seen": situation.title,
        "ways": presentation.ways(file, options(situation, held, request.now)),
        "waits_for": presentation.in_charge(proceeding, situation.stage),
        "deadline": presentation.next_deadline(file),
        "due": proceeding.turns.filter(party=None).order_by("due_at").first(),
        "seats": presentation.seats(file, request.actor),
        "votes": presentation.votes(file),
        "history": presentation.history(proceeding, steps),
        "origin": proceeding.origin,
    }
    return render(request, "proceedings/show.html", context)


@require_POST
def move(request: ActorRequest, proceeding_id: UUID, move_id: str) -> HttpResponse:
    """Make a move, or give one's voice for it; leads back to the proceeding."""
    proceeding = _seen(request, proceeding_id)
    if moved(request, proceeding, move_id) is not None:
        messages.success(request, _("The step is made and sealed."))
    return redirect(address(proceeding))


@require_POST
def assign(request: ActorRequest, proceeding_id: UUID, capacity: str) -> HttpResponse:
    """Name somebody for a capacity: a person by its user name, a unit or an office by its name."""
    proceeding = _seen(request, proceeding_id)
    if not policy.assigns(request.actor, proceeding, capacity):
        raise NotAllowed  # before it is told whether there is such a person
    name = request.POST.get("who", "").strip()[:150]
    party = proceeding.procedure.party(capacity)
    kind = party.kind if party is not None else ""
    user, unit, office = None, None, ""
    if kind == "person":
        user = User.objects.filter(username=name, is_active=True).first()
    elif kind == "office":
        office = presentation.office_called(proceeding, name)
    else:
        unit = Unit.objects.filter(name=name).first()
    if not (user or unit or office):
        raise BadInput(Text(zh=f"找不到“{name}”。", en=f"There is no “{name}”."))
    actions.assign(
        proceeding=proceeding, capacity=capacity, user=user, unit=unit, office=office,
        actor=request.actor, now=request.now,
    )  # fmt: skip
    return redirect(address(proceeding))


@require_POST
def dismiss(request: ActorRequest, proceeding_id: UUID, party_id: int) -> HttpResponse:
    """End a party's part."""
    proceeding = _seen(request, proceeding_id)
    party = get_or_404(Party.objects.filter(proceeding=proceeding), pk=party_id)
    actions.dismiss(
        party=party, actor=request.actor, now=request.now, reason=request.POST.get("reason", "")
    )
    return redirect(address(proceeding))


@require_POST
def stand_aside(request: ActorRequest, proceeding_id: UUID, party_id: int) -> HttpResponse:
    """Stand aside oneself."""
    proceeding = _seen(request, proceeding_id)
    party = get_or_404(Party.objects.filter(proceeding=proceeding), pk=party_id)
    actions.stand_aside(
        party=party, actor=request.actor, now=request.now, reason=request.POST.get("reason", "")
    )
    return redirect("proceedings:list")


def moved(request: ActorRequest, proceeding: Proceeding, move_id: str) -> Step | None:
    """The step the reader's move makes; None where it gave its voice and others still speak."""
    ways = proceeding.procedure.stage(proceeding.stage).moves
    shared = any(m.id == move_id and isinstance(m.by, ByCapacity) for m in ways)
    reason = request.POST.get("reason", "")[:1000]
    if not shared and move_id != ABSTAIN:
        return actions.make_move(
            proceeding=proceeding, move_id=move_id, actor=request.actor, now=request.now,
            reason=reason, document=request.POST.get("document", ""),
            document_file=request.FILES.get("document_file"),
        )  # fmt: skip
    step = actions.speak(
        proceeding=proceeding, choice=move_id, actor=request.actor, now=request.now, reason=reason
    )
    if step is None:
        messages.success(
            request, _("Your voice is noted. You can change it until the step is made.")
        )
    return step


def address(proceeding: Proceeding) -> str:
    """The page on which the proceeding is dealt with."""
    if proceeding.applies:
        return reverse("applications:steps", args=[proceeding.pk])
    return reverse("proceedings:show", args=[proceeding.pk])


def _seen(request: ActorRequest, proceeding_id: UUID) -> Proceeding:
    """A proceeding the reader may see as a whole; else 404."""
    proceeding = get_or_404(queries.proceedings_for(request.actor), pk=proceeding_id)
    policy.require(request.actor, "proceedings.view", proceeding)
    in_zone_of(proceeding.measures)
    return proceeding
