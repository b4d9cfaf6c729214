"""Published rule books, for everyone to read."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from shifan.cycles import presentation, queries
from shifan.requests import ActorRequest, get_or_404, in_zone_of


@require_safe
def list_rulebooks(request: ActorRequest) -> HttpResponse:
    """All published versions, and the cycles opened under them; ``?programme=`` of one only."""
    books, rounds = queries.rulebooks(), queries.cycles()
    names = {each.programme: each.book.measures.name for each in books}
    asked = request.GET.get("programme", "")
    if asked in names:
        books = books.filter(programme=asked)
        rounds = rounds.filter(rulebook__programme=asked)
    context = {
        "programmes": names,
        "asked": asked,
        "rulebooks": books,
        "calendars": [presentation.calendar(cycle, request.now) for cycle in rounds],
        "today": localdate(request.now),
    }
    return render(request, "cycles/rulebooks.html", context)


@require_safe
def show_rulebook(request: ActorRequest, programme: str, version: str) -> HttpResponse:
    """The measures: articles, unit types, stages and their moves, deadlines, after-care."""
    published = get_or_404(
        queries.revisions(request.GET.get("revision", "")), programme=programme, version=version
    )
    book = published.book
    in_zone_of(book.measures)
    context = {
        "published": published,
        "book": book,
        "measures": book.measures,
        "statuses": presentation.statuses(article.source for article in book.measures.articles),
        "today": localdate(request.now),
    }
    return render(request, "cycles/rulebook.html", context)


@require_safe
def show_indicators(
    request: ActorRequest, programme: str, version: str, unit_type: str
) -> HttpResponse:
    """One unit type's indicators, clause by clause, each with its rule and its source."""
    published = get_or_404(
        queries.revisions(request.GET.get("revision", "")), programme=programme, version=version
    )
    indicators = published.book.indicators.get(unit_type)
    if indicators is None:
        raise Http404
    context = {
        "published": published,
        "measures": published.book.measures,
        "indicators": indicators,
        "statuses": presentation.statuses(clause.source for clause in indicators.clauses),
        "again": presentation.again(published, unit_type),
    }
    return render(request, "cycles/indicators.html", context)
