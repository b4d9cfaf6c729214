"""Count the burden: per clause, per unit, per office. Nothing is stored, all of it is reckoned."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from shifan.evidence.models import Attachment
from shifan.proceedings.models import Proceeding
from shifan.rulebook.model import Measures
from shifan.statements.models import Fact, Opinion


@dataclass
class Burden:
    """What was asked and what it took.

    ``asked`` counts the documents the rule book asks for, ``entries`` the statements made anew
    (every correction is one), ``documents`` the files uploaded, ``pages`` theirs as far as known;
    the ``reused`` ones were there before. ``sent_back`` counts the times a clause was returned.
    """

    asked: int = 0
    entries: int = 0
    entries_reused: int = 0
    documents: int = 0
    documents_reused: int = 0
    pages: int = 0
    sent_back: int = 0
    minutes: int = 0

    @property
    def hours(self) -> float:
        """The estimated work, in hours with one decimal."""
        return round(self.minutes / 60, 1)

    def add(self, other: Burden) -> None:
        for name in vars(other):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Ledger:
    """The burden of many applications: in all, by clause, by unit, and by the office that asks."""

    applications: int = 0
    total: Burden = field(default_factory=Burden)
    clauses: dict[str, Burden] = field(default_factory=lambda: defaultdict(Burden))
    units: dict[str, Burden] = field(default_factory=lambda: defaultdict(Burden))
    tiers: dict[str, Burden] = field(default_factory=lambda: defaultdict(Burden))

    def costliest(self, most: int = 10) -> list[tuple[str, Burden]]:
        """The clauses that cost most hours."""
        return sorted(self.clauses.items(), key=lambda each: (-each[1].minutes, each[0]))[:most]


def reckon(applications: QuerySet[Proceeding]) -> Ledger:
    """The burden of these applications; a handful of queries, however many they are.

    A clause is known as ``programme/version:unit type:id``, a unit by its id, a tier by the office
    for which the file is made (the highest of the rule book), and, for what was sent back, by the
    office that did.
    """
    ledger = Ledger()
    rows = list(applications.order_by().select_related("unit"))
    ledger.applications = len(rows)
    books = {each.rulebook_id: each.rulebook.book for each in _of_each_book(applications)}
    counted = _counted(applications, [book.measures for book in books.values()])
    for row in rows:
        book = books[row.rulebook_id]
        measures, kind = book.measures, row.concerned.kind_in(book.measures.programme)
        indicators = book.indicators[kind]
        for provision in indicators.provisions:
            made = counted.get((row.pk, provision.id), Burden())
            made.asked = len(provision.evidence)
            made.minutes = _minutes(measures, made)
            key = f"{measures.programme}/{measures.version}:{kind}:{provision.id}"
            ledger.clauses[key].add(made)
            ledger.units[str(row.unit_id)].add(made)
            ledger.total.add(made)
            made.sent_back = 0
            ledger.tiers[measures.tiers[0].id].add(made)
    back = Opinion.objects.filter(proceeding__in=applications.order_by(), verdict="return")
    for office, times in back.order_by().values_list("office").annotate(Count("pk")):
        ledger.tiers[office].sent_back += times
    return ledger


def _counted(
    applications: QuerySet[Proceeding], measures: list[Measures]
) -> dict[tuple[Any, str], Burden]:
    """Entries, files and returns by application and provision."""
    found: dict[tuple[Any, str], Burden] = defaultdict(Burden)
    inside = Q(proceeding__in=applications.order_by())
    own = {source for each in measures for source in each.sources_of("applicant")}
    facts = Fact.objects.filter(inside, source__in=own).order_by()
    stated = facts.values_list("proceeding", "provision").annotate(
        all=Count("pk"), anew=Count("pk", filter=Q(reused_from=None))
    )
    for pk, provision, count, anew in stated:
        found[pk, provision].entries, found[pk, provision].entries_reused = anew, count - anew
    new = Q(reused=False)
    files = Attachment.objects.filter(inside).order_by()
    attached = files.values_list("proceeding", "provision").annotate(
        all=Count("pk"), anew=Count("pk", filter=new), pages=Sum("file__pages", filter=new)
    )
    for pk, provision, count, anew, pages in attached:
        made = found[pk, provision]
        made.documents, made.documents_reused, made.pages = anew, count - anew, pages or 0
    back = Opinion.objects.filter(inside, verdict="return").order_by()
    for pk, provision, times in back.values_list("proceeding", "provision").annotate(Count("pk")):
        found[pk, provision].sent_back = times
    return found


def _of_each_book(applications: QuerySet[Proceeding]) -> list[Proceeding]:
    """One application under each rule book."""
    rows = applications.order_by("rulebook_id").distinct("rulebook_id")
    return list(rows.select_related("rulebook").defer("rulebook__content"))


def _minutes(measures: Measures, burden: Burden) -> int:
    """The work as the rule book reckons it; 0 where it does not say."""
    effort = measures.effort
    if effort is None:
        return 0
    entries, files = burden.entries * effort.entry, burden.documents * effort.document
    return entries + files + burden.pages * effort.page
