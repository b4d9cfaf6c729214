"""The list of applications: filtered by its address, sorted by its columns, taken away as shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shifan.accounts import policy
from shifan.accounts.models import User
from shifan.applications import queries
from shifan.applications.presentation import passage
from shifan.applications.presentation.words import VERDICTS
from shifan.cycles import queries as cycles
from shifan.downloads import Row, download
from shifan.errors import BadInput, NotAllowed
from shifan.proceedings import actions as proceedings
from shifan.proceedings.models import Party, Proceeding
from shifan.proceedings.presentation import line
from shifan.proceedings.queries import (
    APPLYING,
    nameable,
    open_to,
    proceedings_for,
    turn_first,
)
from shifan.requests import ActorRequest, page_of
from shifan.rulebook.base import Millipoints, Text
from shifan.scoring.arithmetic import points_text

FILTERS = ("stage", "verdict", "q", "cycle", "kind", "place", "turn", "late")
"""The filters by the words in the address."""
BATCH = 2000
"""Rows read at a time for a file."""
ASSIGNED = "assigned"
"""Where a session keeps what was given last."""
DUTIES = 10
"""Matters about the own titles shown at most."""


@require_safe
def list_applications(request: ActorRequest) -> HttpResponse:
    """The actor's applications, filtered; and for a unit's people what they could start."""
    actor = request.actor
    policy.require(actor, "applications.list")
    asked, rows = _asked(request)
    page = page_of(request, queries.ordered(rows, actor, asked["sort"]), large=True)
    dues = queries.dues(page)
    stages = {
        stage.id: stage for cycle in cycles.cycles() for stage in cycle.measures.application.stages
    }
    startable = [
        (unit, cycle, cycle.measures.channels_for(unit.kind_in(cycle.measures.programme)))
        for unit in queries.own_units(actor)
        if policy.allows(actor, "applications.start", unit)
        for cycle in open_to(unit, request.now)
    ]
    capacities = _capacities(request, page)
    context = {
        "page_obj": page,
        "lines": [_line(request, row, dues.get(row.pk)) for row in page],
        "stages": stages.values(),
        "verdicts": VERDICTS,
        "startable": startable,
        "asked_to_join": queries.asked_to_join(actor),
        "asked": asked,
        "filtered": any(asked[key] for key in FILTERS),
        "now": request.now,
        "capacities": capacities,
        "nameable": nameable(actor) if capacities else (),
        "undo": len(request.session.get(ASSIGNED, ())),
        **_own(request),
        "columns": _columns(bool(actor.offices)),
        "sort": asked["sort"],
    }
    return render(request, "applications/list.html", context)


@require_POST
def assign(request: ActorRequest) -> HttpResponse:
    """Give the marked files to a person in a capacity of theirs; it can be undone."""
    policy.require(request.actor, "applications.list")
    rows = list(queries.applications_for(request.actor).filter(pk__in=_marked(request)))
    name = request.POST.get("who", "").strip()[:150]
    if not rows:
        raise BadInput(Text(zh="请勾选档案。", en="Mark the files."))
    capacity = request.POST.get("capacity", "")
    if not all(policy.assigns(request.actor, row, capacity) for row in rows):
        raise NotAllowed  # before it is told whether there is such a person
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise BadInput(Text(zh=f"找不到“{name}”。", en=f"There is no “{name}”."))
    made = proceedings.assign_many(
        proceedings=rows, capacity=capacity, user=user, actor=request.actor, now=request.now
    )
    request.session[ASSIGNED] = [each.pk for each in made]
    said = ngettext("%(n)s file given to %(who)s.", "%(n)s files given to %(who)s.", len(made))
    messages.success(request, said % {"n": len(made), "who": user})
    return redirect("applications:list")


@require_POST
def unassign(request: ActorRequest) -> HttpResponse:
    """Take back what was given last."""
    policy.require(request.actor, "applications.list")
    parties = Party.objects.filter(pk__in=request.session.pop(ASSIGNED, []))
    n = proceedings.unassign(
        parties=list(parties.select_related("proceeding")), actor=request.actor, now=request.now
    )
    said = ngettext("%(n)s file taken back.", "%(n)s files taken back.", n)
    messages.success(request, said % {"n": n})
    return redirect("applications:list")


def _marked(request: ActorRequest) -> set[UUID]:
    try:
        return {UUID(each) for each in request.POST.getlist("file")}
    except ValueError as error:
        raise BadInput(Text(zh="表单不完整。", en="The form is incomplete.")) from error


def _capacities(request: ActorRequest, page: Page[Proceeding]) -> dict[str, Text]:
    """The capacities for which the reader names people in some of the files shown."""
    return {
        party.capacity: party.name
        for row in page
        for party in row.procedure.parties
        if party.kind == "person" and policy.assigns(request.actor, row, party.capacity)
    }


def _own(request: ActorRequest) -> dict[str, Any]:
    """For a unit's people: its titles, and what runs about them."""
    actor = request.actor
    if not actor.units:
        return {}
    today = localdate(request.now)
    duties = proceedings_for(actor).filter(~APPLYING, closed_at=None, unit__in=actor.unit_ids)
    return {
        "titles": queries.titles_of(actor.unit_ids, today),
        "duties": [line(each, policy.takes_turn(actor, each))
                   for each in turn_first(queries.due(duties), actor)[:DUTIES]],
    }  # fmt: skip


@require_safe
def take_away(request: ActorRequest, suffix: str) -> HttpResponseBase:
    """The list as it is filtered and sorted, as CSV or XLSX."""
    policy.require(request.actor, "applications.list")
    asked, rows = _asked(request)
    sorted_rows = queries.ordered(queries.due(rows), request.actor, asked["sort"])
    header = (
        _("Unit"), _("Type"), _("Place"), _("Programme"), _("Year"), _("Batch"), _("Practice"),
        _("Stage"), _("Since"), _("Due"), _("Points"), _("Threshold"), _("Result so far"), "ID",
    )  # fmt: skip
    return download(_("applications"), suffix, header, _rows(request, sorted_rows))


def _asked(request: ActorRequest) -> tuple[dict[str, str], QuerySet[Proceeding]]:
    """What the address asks for, and the rows it leaves."""
    actor = request.actor
    asked = {
        key: request.GET.get(key, "").replace("\0", "").strip()[:60] for key in (*FILTERS, "sort")
    }
    if not actor.offices:  # a unit's own verdict and points may not be released yet
        asked["verdict"] = ""
        if asked["sort"].removeprefix("-") in ("points", "result"):
            asked["sort"] = ""
    rows = queries.filtered(
        queries.applications_for(actor),
        stage=asked["stage"], verdict=asked["verdict"], search=asked["q"], cycle=asked["cycle"],
        kind=asked["kind"], place=asked["place"], turn=asked["turn"],
        late=request.now if asked["late"] else None,
    )  # fmt: skip
    return asked, rows


def _columns(office: bool) -> list[tuple[str, str, bool]]:
    """The list's columns: word in the address, heading, and whether a click sorts by it."""
    return [
        ("unit", _("Unit"), True), ("place", _("Type and place"), True),
        ("stage", _("Stage"), True), ("points", _("Points and threshold"), office),
        ("result", _("Result so far"), office),
    ]  # fmt: skip


def _line(request: ActorRequest, row: Proceeding, due: datetime | None) -> passage.Line:
    actor = request.actor
    released = policy.sees_whole(actor, row) and not policy.unreleased(actor, row)
    return passage.line(row, mine=policy.takes_turn(actor, row), released=released, due=due)


def _rows(request: ActorRequest, rows: QuerySet[Proceeding]) -> Iterator[Row]:
    language = get_language() or "zh-hans"
    for row in rows.iterator(chunk_size=BATCH):
        zone, due = ZoneInfo(row.measures.time_zone), row.due  # type: ignore[attr-defined]
        line = _line(request, row, due)
        unit, cycle = row.concerned, row.cycle
        yield (
            unit.shown, line.kind.in_(language), unit.division.shown if unit.division else "",
            row.measures.name.in_(language), row.year, cycle.batch if cycle is not None else "",
            _("Practice") if row.exercise else "", line.stage.name.in_(language),
            _moment(row.stage_since, zone), _moment(due, zone),
            _points(row.total) if line.released else "", _points(line.threshold),
            str(line.verdict.label) if line.released else _("Under review"), str(row.pk),
        )  # fmt: skip


def _points(points: Millipoints) -> float:
    return float(points_text(points))


def _moment(at: Any, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at is not None else ""
