"""One's roles, the people of a unit or office, invitations and claims."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from allauth.core.ratelimit import consume
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shifan.accounts import policy
from shifan.cycles import queries as cycles
from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.people import actions, queries
from shifan.people.forms import AccountForm, ClaimForm, DeclarationForm, WorkplaceForm
from shifan.people.models import Invitation, Membership
from shifan.requests import ActorRequest, get_or_404
from shifan.rulebook.base import Text
from shifan.rulebook.model import Measures, UnitType
from shifan.units.models import Division, Unit
from shifan.units.queries import top_of

SHOWN = 50
"""Claims listed at most."""


@require_safe
def people(request: ActorRequest) -> HttpResponse:
    """One's own roles and claims, and the claims that wait for one's office."""
    policy.require(request.actor, "people.take_up")
    verifies = policy.allows(request.actor, "people.verify_claims")
    context = {
        "memberships": queries.memberships_of(request.actor),
        "own_claims": queries.claims_of(request.actor),
        "verifies": verifies,
        "claims": queries.claims_to_verify(request.actor)[:SHOWN] if verifies else (),
    }
    return render(request, "people/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: ActorRequest) -> HttpResponse:
    """Where one works and which conflicts one has: what stands against being named for a file."""
    policy.require(request.actor, "people.take_up")
    workplace, rows = queries.declared(request.actor)
    said = {"employer": workplace.employer, "place": workplace.division_id} if workplace else {}
    works, declares = WorkplaceForm(initial=said), DeclarationForm()
    if "employer" in request.POST:
        works = WorkplaceForm(request.POST)
        if works.is_valid():
            actions.say_workplace(**works.cleaned_data, actor=request.actor, now=request.now)
            return redirect("people:conflicts")
    elif request.method == "POST":
        declares = DeclarationForm(request.POST)
        if declares.is_valid():
            name = declares.cleaned_data.pop("unit")
            found = Unit.objects.filter(name=name).first()
            if found is None:
                raise BadInput(Text(zh=f"找不到“{name}”。", en=f"There is no “{name}”."))
            actions.declare(
                unit=found, **declares.cleaned_data, actor=request.actor, now=request.now
            )
            return redirect("people:conflicts")
    context = {"works": works, "declares": declares, "declared": rows}
    return render(request, "people/conflicts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: ActorRequest, unit_id: UUID) -> HttpResponse:
    """The people of a unit; its lead invites more and names departments."""
    found = get_or_404(
        Unit.objects.filter(pk__in=request.actor.unit_ids).select_related("division"), pk=unit_id
    )
    policy.require(request.actor, "people.view_unit", found)
    if request.method == "POST":
        if "add_department" in request.POST:
            actions.add_department(
                unit=found, name=request.POST.get("department_name", ""), actor=request.actor,
                now=request.now,
            )  # fmt: skip
            messages.success(request, _("The department is added."))
        else:
            actions.invite_to_unit(
                unit=found, role=request.POST.get("role", ""), actor=request.actor,
                department=request.POST.get("department", ""), now=request.now,
            )  # fmt: skip
            messages.success(request, _("The invitation is made. Give its link to your colleague."))
        return redirect("people:unit", unit_id)
    return render(request, "people/place.html", {
        "heading": found.name, "unit": found, "departments": found.departments.all(),
        "members": queries.colleagues(unit=found),
        "invitations": _links(request, queries.open_invitations(request.now, unit=found)),
        "roles": [(role.value, role.label) for role in actions.UNIT_ROLES],
        "manages": policy.allows(request.actor, "people.manage_unit", found),
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def office(request: ActorRequest, programme: str, tier: str, area_code: str) -> HttpResponse:
    """The people of an office; those who speak for it invite more."""
    area = get_or_404(Division.objects.all(), code=area_code)
    if not policy.allows(request.actor, "people.view_office", (programme, tier, area.path)):
        raise NotAllowed
    if request.method == "POST":
        actions.invite_to_office(
            programme=programme, tier=tier, area=area, role=request.POST.get("role", ""),
            actor=request.actor, now=request.now,
        )  # fmt: skip
        messages.success(request, _("The invitation is made. Give its link to your colleague."))
        return redirect("people:office", programme, tier, area_code)
    waiting = queries.open_invitations(request.now, programme=programme, tier=tier, area=area)
    return render(request, "people/place.html", {
        "heading": _("Office of %(area)s") % {"area": area.shown}, "unit": None,
        "members": queries.colleagues(programme=programme, tier=tier, area=area),
        "invitations": _links(request, waiting),
        "roles": [(role.value, role.label) for role in actions.OFFICE_ROLES],
        "manages": policy.allows(
            request.actor, "people.manage_office", (programme, tier, area.path)
        ),
    })  # fmt: skip


@require_POST
def end(request: ActorRequest, membership_id: int) -> HttpResponse:
    """Leave a role, or take it from a colleague."""
    membership = _colleague(request, membership_id)
    actions.end_membership(membership=membership, actor=request.actor, now=request.now)
    messages.success(request, _("The role has ended."))
    return redirect("people:people")


@require_POST
def hand_over(request: ActorRequest, membership_id: int) -> HttpResponse:
    """Hand the lead of the unit to a colleague."""
    membership = _colleague(request, membership_id)
    actions.hand_over(membership=membership, actor=request.actor, now=request.now)
    messages.success(request, _("The lead is handed over; you go on as a clerk."))
    return redirect("people:people")


@require_POST
def withdraw(request: ActorRequest, invitation_id: UUID) -> HttpResponse:
    """Make an invitation's link useless."""
    found = get_or_404(Invitation.objects.select_related("unit", "area"), pk=invitation_id)
    if not _sees(request, found):
        raise NotAllowed
    actions.withdraw_invitation(invitation=found, actor=request.actor, now=request.now)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect(_place_of(found))


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: ActorRequest, token: str) -> HttpResponse:
    """What the link offers; a signed-in visitor takes it up."""
    open_ones = queries.invitation_of(token).filter(ended_at=None, expires_at__gt=request.now)
    found = open_ones.first()
    if found is None:
        return render(request, "people/invitation_gone.html", status=410)
    if request.method == "POST":
        actions.take_up(invitation=found, actor=request.actor, now=request.now)
        messages.success(request, _("Welcome. The role is yours from now on."))
        return redirect("applications:list")
    return render(request, "people/invitation.html", {"invitation": found, "form": AccountForm()})


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: ActorRequest) -> HttpResponse:
    """Open an account without any role, to take up an invitation or to claim a place."""
    after = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}):
        after = reverse("people:people")
    if request.actor.user_id is not None:
        return redirect(after)
    form = AccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not consume(request, action="signup"):
            raise Conflict(
                Text(zh="开户过于频繁，请稍后再试。", en="Too many accounts; try again later.")
            )
        try:
            user = actions.open_account(**form.cleaned_data, now=request.now)
        except BadInput as bad:
            form.add_error("username", bad.texts[0].in_(get_language() or "zh-hans"))
        else:
            login(request, user, settings.AUTHENTICATION_BACKENDS[0])
            return redirect(after)
    status = 422 if form.errors else 200
    return render(request, "people/account.html", {"form": form, "after": after}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def make_claim(request: ActorRequest) -> HttpResponse:
    """Find a place in the registry and say to act for it."""
    policy.require(request.actor, "people.take_up")
    kinds = _kinds()
    alone = len({key.partition("/")[0] for key in kinds}) == 1
    search, chosen = request.GET.get("q", "").strip(), request.GET.get("place", "")
    place = Division.objects.filter(code=chosen).select_related("parent__parent").first()
    language = get_language() or "zh-hans"
    top = top_of(place) if place is not None else ""
    fitting = [
        (key, kind.name.in_(language) if alone else
         f"{kind.name.in_(language)} · {measures.name.in_(language)}")
        for key, (measures, kind) in kinds.items()
        if place is not None and kind.area in (None, place.level)
        if not measures.places or top in measures.places
    ]  # fmt: skip
    form = ClaimForm(fitting, request.POST or None)
    if request.method == "POST" and place is not None and form.is_valid():
        sent = form.cleaned_data
        actions.claim(
            programme=sent["unit_type"].partition("/")[0], division=place,
            kind=kinds[sent["unit_type"]][1], name=sent["name"],
            grounds=sent["grounds"], actor=request.actor, now=request.now,
        )  # fmt: skip
        messages.success(request, _("The claim is made; the office above it was told."))
        return redirect("people:people")
    context = {
        "form": form, "place": place, "search": search,
        "found": queries.places(search) if search else (),
    }  # fmt: skip
    return render(request, "people/make_claim.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: ActorRequest, claim_id: UUID) -> HttpResponse:
    """A claim with what speaks for it, and the decision of the office above."""
    policy.require(request.actor, "people.verify_claims")
    found = get_or_404(queries.claims_to_verify(request.actor), pk=claim_id)
    _measures, kind = _kinds().get(f"{found.programme}/{found.unit_type}", (None, None))
    if request.method == "POST" and kind is not None:
        actions.decide_claim(
            claim=found, granted="grant" in request.POST, reason=request.POST.get("reason", ""),
            kind=kind, actor=request.actor, now=request.now,
        )  # fmt: skip
        messages.success(request, _("The decision is recorded and the claimant told."))
        return redirect("people:people")
    same = Unit.objects.filter(
        name=found.name, unit_type=found.unit_type, division=found.division
    ).first()
    context = {
        "claim": found,
        "kind": kind.name if kind else None,
        "members": queries.colleagues(unit=same) if same else (),
        "rivals": queries.claims_to_verify(request.actor)
        .filter(division=found.division, unit_type=found.unit_type, name=found.name, granted=None)
        .exclude(pk=found.pk),
    }
    return render(request, "people/claim.html", context)


def _kinds() -> dict[str, tuple[Measures, UnitType]]:
    """The types of units of the rule books on record, as programme/type; with the measures."""
    return {
        f"{published.programme}/{kind.id}": (published.book.measures, kind)
        for published in reversed(cycles.rulebooks())
        for kind in published.book.measures.unit_types
    }


def _links(request: ActorRequest, rows: Iterable[Invitation]) -> list[tuple[Invitation, str]]:
    return [
        (row, request.build_absolute_uri(reverse("people:invitation", args=[queries.token(row)])))
        for row in rows
    ]


def _colleague(request: ActorRequest, membership_id: int) -> Membership:
    """A role of a place one works for oneself; 404 for any other."""
    rows = Membership.objects.select_related("unit", "area", "user", "department")
    found = get_or_404(rows, pk=membership_id)
    if not _sees(request, found):
        return get_or_404(rows.none())
    return found


def _sees(request: ActorRequest, row: Membership | Invitation) -> bool:
    if row.unit is not None:
        return policy.allows(request.actor, "people.view_unit", row.unit)
    return row.area is not None and policy.allows(
        request.actor, "people.view_office", (row.programme, row.tier, row.area.path)
    )


def _place_of(row: Invitation) -> str:
    if row.unit_id is not None:
        return reverse("people:unit", args=[row.unit_id])
    return reverse("people:office", args=[row.programme, row.tier, row.area_id])
