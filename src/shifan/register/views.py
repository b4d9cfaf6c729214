"""The public register: a searchable list and a page per title. Works without JavaScript."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from shifan.accounts import policy
from shifan.cycles import queries as cycles
from shifan.cycles.presentation import Calendar, calendar
from shifan.register import presentation, queries, recorded
from shifan.register.queries import Programme
from shifan.register.recorded import Batch
from shifan.requests import ActorRequest, in_zone_of, page_of
from shifan.titles import queries as titles
from shifan.titles.queries import read

ROUNDS = 3
"""Rounds shown of each programme at most."""


@require_safe
def list_titles(request: ActorRequest) -> HttpResponse:
    """National titles on record, filtered by what the address asks."""
    on, unread = _day(request)
    known = queries.programmes(on)
    asked, batch = _asked(request, "programme"), _asked(request, "batch")
    chosen = known.get(next(iter(known)) if len(known) == 1 else asked)
    filters = {
        "programme": asked if asked in known else "",
        "search": _asked(request, "q"),
        "province": _asked(request, "province"),
        "unit_type": _asked(request, "type"),
    }
    found = queries.titles(on, **filters, batch=int(batch) if batch.isdecimal() else None)
    page = page_of(request, found)
    on_record = queries.batch_rows(chosen.id) if chosen else {}
    context = {
        "page_obj": page,
        "rows": presentation.rows(read(page), known),
        "programmes": known.values() if len(known) > 1 else (),
        "on": on,
        "today": _today(request),
        "unread": unread,
        "batch": batch,
        "provinces": queries.places_to_ask(filters["programme"]),
        "types": chosen.book.measures.unit_types if chosen else (),
        "batches": [(each, on_record.get(each.last, 0)) for each in _batches(chosen)],
        "filtered": any(filters.values()) or bool(batch),
        **filters,
    }
    return render(request, "register/list.html", context)


@require_safe
def show_title(request: ActorRequest, title_id: UUID) -> HttpResponse:
    """One title: what it is, its state, its life, and the rule book it was judged under."""
    title = titles.title(str(title_id))
    if title is None:
        known = titles.formerly(str(title_id))
        if known is None:
            raise Http404
        return redirect("register:title", known.pk, permanent=True)
    on, unread = _day(request)
    life = list(titles.life(queries.titles_of(title)))
    standing = titles.standing(title, on)
    if standing.term is None:
        standing = replace(standing, term=next((e for e in life if e.title_id == title.pk), None))
    term = standing.term
    rulebook = cycles.rulebooks().filter(digest=term.rulebook_digest if term else None).first()
    every = queries.programmes(on)
    programme = every.get(title.programme)
    judged = rulebook or programme
    measures = judged.book.measures if judged else None
    if measures is not None:
        in_zone_of(measures)
    context = {
        "title": title,
        "row": presentation.rows([standing], every)[0],
        "together": title.joint_holders.all(),
        "on": on,
        "today": _today(request),
        "unread": unread,
        "life": presentation.life(life, on),
        "rulebook": rulebook,
        "measures": measures,
    }
    return render(request, "register/title.html", context)


@require_safe
def programmes(request: ActorRequest) -> HttpResponse:
    """The programmes run here: whose each is, its rules in force, its rounds and its titles."""
    on = _today(request)
    rounds, titles = queries.figures(on)
    calendars: dict[str, list[Calendar]] = {}
    for cycle in cycles.cycles():
        found = calendars.setdefault(cycle.rulebook.programme, [])
        if len(found) < ROUNDS:
            found.append(calendar(cycle, request.now))
    rows = [
        (each, titles[name], rounds[name], calendars.get(name, []))
        for name, each in queries.programmes(on).items()
    ]
    run = {
        each.id
        for each, *_ in rows
        if policy.allows(request.actor, "programmes.run", each.book.measures)
    }
    context = {"programmes": rows, "run": run}
    return render(request, "register/programmes.html", context)


def _batches(programme: Programme | None) -> tuple[Batch, ...]:
    return recorded.batches(programme.id, programme.book.measures.version) if programme else ()


def _asked(request: HttpRequest, name: str) -> str:
    """What the address asks for under the name, short and without what no database takes."""
    return request.GET.get(name, "").replace("\0", "").strip()[:60]


def _day(request: ActorRequest) -> tuple[date, str]:
    """The as-of date the address asks for, and what of it could not be read, if anything.

    Without a readable date it is today.
    """
    today, asked = _today(request), _asked(request, "on")
    try:
        return (date.fromisoformat(asked) if asked else today), ""
    except ValueError:
        return today, asked


def _today(request: ActorRequest) -> date:
    return localdate(request.now)
