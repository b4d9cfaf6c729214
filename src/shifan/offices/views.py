"""The office of a programme: rule books, rounds, units and titles."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shifan import apart
from shifan.accounts import policy
from shifan.cycles import actions, queries
from shifan.cycles.models import Proposal, PublishedRuleBook
from shifan.cycles.presentation import calendar
from shifan.errors import BadInput
from shifan.offices import board
from shifan.offices.checking import checked
from shifan.offices.forms import CycleForm, ExtensionForm, TitleForm, UnitForm
from shifan.proceedings.actions import extend
from shifan.register import tables
from shifan.requests import ActorRequest, get_or_404, in_zone_of
from shifan.rulebook.archive import BadArchive, unpack
from shifan.rulebook.base import Text
from shifan.rulebook.diff import called, diff
from shifan.rulebook.model import Measures
from shifan.scoring.table.named import BadTable
from shifan.scoring.table.rows import Refused

LARGEST = 40_000_000
"""Bytes of an uploaded table or archive at most."""
CHANGES = 500
"""Changes shown at most."""


@require_safe
def show_board(request: ActorRequest) -> HttpResponse:
    """The boards of the rounds the reader's offices have files in; ``?sort=`` by a column."""
    policy.require(request.actor, "board.view")
    language = get_language() or "zh-hans"
    sort, rows = request.GET.get("sort", ""), []
    for found in board.boards(request.actor, request.now, language):
        each = board.arranged(found, sort)
        tables = (
            ("", "", [each.whole]),
            (_("By kind"), "&kind=", each.kinds),
            (_("By place"), "&place=", each.places),
        )
        rows.append(
            (each, [
                (heading, [(line, query and query + line.key, line.of(each.stages))
                           for line in lines])
                for heading, query, lines in tables
            ])
        )  # fmt: skip
    return render(request, "offices/board.html", {"boards": rows, "sort": sort})


@require_safe
def office(request: ActorRequest, programme: str) -> HttpResponse:
    """What the office has: versions, what waits to be published, rounds, ways to enter units."""
    published, measures = _run(request, programme)
    return render(request, "offices/office.html", _context(request, published, measures))


@require_POST
def propose(request: ActorRequest, programme: str) -> HttpResponse:
    """Check the archive sent; what is sound is proposed, else every finding is shown."""
    _published, measures = _run(request, programme)
    with _folder() as folder:
        sent = _sent(request)
        apart.require(apart.ARCHIVE, io.BytesIO(sent))
        try:
            home = unpack(sent, folder)
        except BadArchive as bad:
            raise BadInput(bad.text) from bad
        reading, findings = checked(home)
        book = reading.rulebook()
        if book is None or any(each.severity == "error" for each in findings):
            context = {"programme": programme, "measures": measures, "findings": findings}
            return render(request, "offices/findings.html", context, status=422)
    made = actions.propose(book=book, programme=programme, actor=request.actor, now=request.now)
    messages.success(request, _("The rule book is sound. Compare it, then publish it."))
    return redirect("offices:proposal", programme, made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: ActorRequest, programme: str, proposal_id: int) -> HttpResponse:
    """What is proposed, beside the version in force; publish it or take it back."""
    published, measures = _run(request, programme)
    found = get_or_404(Proposal.objects.filter(programme=programme), pk=proposal_id)
    if request.method == "POST":
        if "withdraw" in request.POST:
            actions.withdraw(proposal=found, actor=request.actor, now=request.now)
            messages.success(request, _("The proposal is withdrawn."))
        else:
            actions.accept(proposal=found, actor=request.actor, now=request.now)
            messages.success(request, _("The rule book is published, for good."))
        return redirect("offices:office", programme)
    changes = diff(published.book, found.book)
    context = {
        "programme": programme, "measures": measures, "proposal": found,
        "proposed": found.book.measures, "in_force": published,
        "changes": [
            (each, *called(each.where, found.book, published.book)) for each in changes[:CHANGES]
        ],
        "count": len(changes),
        "by_another": measures.two_publish and found.proposed_by_id == request.actor.user_id,
    }  # fmt: skip
    return render(request, "offices/proposal.html", context)


@require_POST
def open_cycle(request: ActorRequest, programme: str) -> HttpResponse:
    """Open a round under the version in force, or (practice) the latest."""
    published, measures = _run(request, programme)
    form = CycleForm(request.POST)
    if not form.is_valid():
        context = {**_context(request, published, measures), "cycle_form": form}
        return render(request, "offices/office.html", context, status=422)
    sent = form.cleaned_data
    cycle = actions.open_cycle(
        rulebook=published, year=sent["year"], batch=sent["batch"], exercise=sent["practice"],
        actor=request.actor, now=request.now,
    )  # fmt: skip
    said = _("The round of %(year)s is open.") % {"year": cycle.year}
    messages.success(request, said)
    return redirect("offices:office", programme)


@require_http_methods(["GET", "HEAD", "POST"])
def show_cycle(request: ActorRequest, programme: str, cycle_id: int) -> HttpResponse:
    """A round: its dates, what it asks, and more time where the office gives it."""
    _run(request, programme)
    cycle = get_or_404(queries.cycles(), pk=cycle_id, rulebook__programme=programme)
    measures, language = cycle.measures, get_language() or "zh-hans"
    deadlines = [
        (f"{procedure.id}/{each.id}", f"{procedure.name.in_(language)}: {each.name.in_(language)}")
        for procedure in measures.procedures for each in procedure.deadlines
        if procedure.about in ("unit", "batch")
    ]  # fmt: skip
    form = ExtensionForm(deadlines, request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        procedure_id, _slash, deadline_id = sent["deadline"].partition("/")
        extend(
            cycle=cycle, procedure_id=procedure_id, deadline_id=deadline_id, until=sent["until"],
            reason=sent["reason"], document=sent["document"], actor=request.actor, now=request.now,
        )  # fmt: skip
        messages.success(request, _("The deadline is extended."))
        return redirect("offices:cycle", programme, cycle_id)
    context = {
        "programme": programme, "measures": measures, "cycle": cycle, "form": form,
        "calendar": calendar(cycle, request.now), "asked": _asked(cycle.rulebook),
        "extensions": cycle.extensions.select_related("by", "cycle__rulebook"),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "offices/cycle.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def units(request: ActorRequest, programme: str) -> HttpResponse:
    """Enter units: one by the form, many by a table."""
    published, measures = _run(request, programme)
    form = UnitForm(_kinds(measures), _typed(request))
    return _enter(
        request, published, form, tables.import_units, (*tables.UNIT, *tables.BESIDE),
        "offices:units",
        _("Enter units"),
        _("One by the form, or many by a CSV or XLSX file: all or none, and every fault is named "
          "by its row."),
        _("Units: %(new)s new, %(known)s on record already."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def titles(request: ActorRequest, programme: str) -> HttpResponse:
    """Record titles of other tiers and from before: one by the form, many by a table."""
    published, measures = _run(request, programme)
    language = get_language() or "zh-hans"
    tiers = [(each.id, each.name.in_(language)) for each in measures.offices]
    form = TitleForm(_kinds(measures), tiers, _typed(request))
    return _enter(
        request, published, form, tables.import_titles, (*tables.TITLE, *tables.MORE),
        "offices:titles",
        _("Record titles"),
        _("Titles of other tiers and from before the system, each with its document. The units "
          "must be entered already."),
        _("Titles: %(new)s new, %(known)s on record already."),
    )  # fmt: skip


def _typed(request: ActorRequest) -> QueryDict | None:
    """What was typed into the form for one; None where a table was sent, or nothing."""
    return None if request.FILES or not request.POST else request.POST


def _enter(
    request: ActorRequest,
    published: PublishedRuleBook,
    form: UnitForm | TitleForm,
    importer: Callable[..., tables.Taken],
    columns: tuple[str, ...],
    page: str,
    heading: str,
    lede: str,
    said: str,
) -> HttpResponse:
    """The page on which one is entered by the form and many by a table with these columns."""
    programme, faults = published.programme, None
    if request.method == "POST" and (request.FILES or form.is_valid()):
        row = [] if request.FILES else form.as_row(columns)
        made = _take(request, importer, published, columns, row)
        if isinstance(made, tables.Taken):
            messages.success(request, said % {"new": made.new, "known": made.known})
            if made.guessed is not None:
                messages.warning(request, made.guessed.in_(get_language() or "zh-hans"))
            return redirect(page, programme)
        faults = made
    context = {
        "programme": programme, "measures": published.book.measures, "form": form,
        "faults": faults, "columns": columns, "heading": heading, "lede": lede,
    }  # fmt: skip
    status = 422 if faults or (request.method == "POST" and form.errors) else 200
    return render(request, "offices/enter.html", context, status=status)


def _run(request: ActorRequest, programme: str) -> tuple[PublishedRuleBook, Measures]:
    """The programme the reader runs: its version in force and its measures; else 404 or 403."""
    published = get_or_404(queries.rulebooks(), programme=programme)
    published = queries.in_force(localdate(request.now)).get(programme, published)
    measures = published.book.measures
    policy.require(request.actor, "programmes.run", measures)
    in_zone_of(measures)
    return published, measures


def _context(
    request: ActorRequest, published: PublishedRuleBook, measures: Measures
) -> dict[str, object]:
    programme = measures.programme
    return {
        "programme": programme, "measures": measures, "published": published,
        "versions": queries.rulebooks().filter(programme=programme),
        "proposals": queries.proposals(programme),
        "cycles": queries.cycles().filter(rulebook__programme=programme),
        "cycle_form": CycleForm(initial={
            "year": request.now.year + 1, "batch": queries.next_batch(programme, False),
        }),
        "today": localdate(request.now),
        "asked": _asked(published),
    }  # fmt: skip


def _asked(published: PublishedRuleBook) -> list[tuple[Text, int, int, int | None]]:
    """Of each kind of unit: its clauses, the documents asked for, and the hours that may take."""
    measures, found = published.book.measures, []
    for kind in measures.unit_types:
        indicators = published.book.indicators.get(kind.id)
        if indicators is None:
            continue
        documents, hours = indicators.evidence_asked, None
        if measures.effort is not None:
            minutes = measures.effort.entry * len(indicators.asked)
            hours = (minutes + measures.effort.document * documents) // 60
        found.append((kind.name, len(indicators.clauses), documents, hours))
    return found


def _take(
    request: ActorRequest,
    importer: Callable[..., tables.Taken],
    published: PublishedRuleBook,
    header: tuple[str, ...],
    row: list[str],
) -> tables.Taken | Text:
    """Take over the table sent, or the one row of the form; what is wrong with it, if anything."""
    with _folder() as folder:
        path = folder / "table"
        if row:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([header, row])
        else:
            sent = _sent(request)
            apart.require(apart.TABLE, io.BytesIO(sent))
            path.write_bytes(sent)
        try:
            return importer(path=path, rulebook=published, actor=request.actor, now=request.now)
        except BadTable as bad:
            return bad.faults[0].text if row else bad.text  # who typed one has no rows
        except Refused as bad:
            return bad.text


def _sent(request: ActorRequest) -> bytes:
    """The file of the form. Raises BadInput where there is none, or it is too large."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise BadInput(Text(zh="请选择文件。", en="Choose a file."))
    if (file.size or 0) > LARGEST:
        raise BadInput(Text(zh="文件过大。", en="The file is too large."))
    content: bytes = file.read()
    return content


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="shifan-") as name:
        yield Path(name)


def _kinds(measures: Measures) -> list[tuple[str, str]]:
    language = get_language() or "zh-hans"
    return [(kind.id, kind.name.in_(language)) for kind in measures.unit_types]
