"""From the facts on record to the score that counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, Subquery

from shifan.proceedings.circumstances import Circumstances, circumstances
from shifan.proceedings.models import PARTNER, Party, Proceeding, Step
from shifan.process import situation as process
from shifan.process.situation import Situation
from shifan.proof.digest import digest
from shifan.rulebook.indicators import Provision
from shifan.rulebook.model import Measures
from shifan.scoring.evaluate import score
from shifan.scoring.explain import Explanation, explain
from shifan.scoring.facts import Value, parse, provision_columns
from shifan.scoring.result import UnitScore
from shifan.statements.models import Fact, Opinion, Verdict
from shifan.titles.looks import Look, seen
from shifan.titles.queries import Held
from shifan.units import queries as units


@dataclass(frozen=True)
class Statement:
    """What one source says of one provision: the values by column, and the row it stands in.

    ``fact`` is None for what the registry computes.
    """

    source: str
    values: dict[str, Value | None]
    fact: Fact | None


@dataclass(frozen=True)
class Read:
    """All that an assessment is made of, beside the proceeding's own row: read once.

    ``past`` are superseded statements, as far as they were asked for.
    """

    day: date
    stated: tuple[Fact, ...]
    past: tuple[Fact, ...]
    given: tuple[Opinion, ...]
    around: Circumstances
    look: Look
    figures: Mapping[str, Fraction]


@dataclass(frozen=True)
class Assessment:
    """An application with the facts that count and the score they give.

    ``statements`` holds, per provision, what each source says, the counting one first; ``opinions``
    what the office thinks of it, where that still stands: the one in charge while it reviews, else
    the highest that did. ``below`` are then the opinions of the other offices. ``partners`` are the
    units it is made with.
    """

    proceeding: Proceeding
    situation: Situation
    statements: dict[str, list[Statement]]
    opinions: dict[str, Opinion]
    below: dict[str, Opinion]
    partners: tuple[Party, ...]
    read: Read

    @cached_property
    def explanation(self) -> Explanation:
        situation = self.situation
        return explain(situation.indicators, situation.facts, situation.score)

    @cached_property
    def reviewable(self) -> tuple[str, ...]:
        """The provisions on which the applicant stated something."""
        return tuple(_own(self.proceeding, self.statements))

    @cached_property
    def bases(self) -> dict[str, str]:
        """Per reviewable provision the digest of the applicant's statement and its evidence."""
        return _bases(self.proceeding, _own(self.proceeding, self.statements))

    def earlier(self, provision_id: str) -> list[Fact]:
        """The superseded statements of a provision that was read with its past, latest first."""
        found = (fact for fact in self.read.past if fact.provision == provision_id)
        return sorted(found, key=lambda fact: fact.superseded_at or fact.stated_at, reverse=True)

    def leader(self, provision_id: str) -> Provision | None:
        """The provision at which this one's fact is stated, where it is another one."""
        indicators = self.situation.indicators
        provision = indicators.by_id.get(provision_id)
        if provision is None or indicators.leads(provision):
            return None
        return indicators.leaders[provision.input.name]

    def states_directly(self, source: str, provision_id: str) -> bool:
        """Whether ``source`` may state the provision by itself: what reads another's fact is stated
        there.

        Where an office reviews, it answers what the applicant stated with an opinion instead, so
        that it gives its reason and the applicant is heard.
        """
        if self.leader(provision_id) is not None:
            return False
        own = self.proceeding.measures.sources_of("applicant")
        reviews = self.situation.stage.reviews and provision_id in self.reviewable
        return source in own or not reviews

    @cached_property
    def snapshot(self) -> dict[str, Any]:
        """The file as it is now: rule book, every statement, what counts of them, the evidence."""
        asked = {each.id for each in self.situation.indicators.asked}
        partners = sorted(str(each.unit_id) for each in self.partners)
        together = {"partners": partners} if partners else {}
        channel = self.proceeding.channel
        origins = {
            provision: {s.source: s.fact.provenance for s in found if s.fact and s.fact.provenance}
            for provision, found in self.statements.items()
            if provision in asked and any(s.fact and s.fact.provenance for s in found)
        }
        return {
            **together,
            **({"provenance": origins} if origins else {}),
            **({"channel": channel} if channel else {}),
            **_subject(self.proceeding, self.situation),
            "rulebook": self.proceeding.rulebook.digest,
            "facts": {key: as_text(value) for key, value in self.situation.facts.items()},
            "statements": {
                provision: {
                    each.source: {key: as_text(value) for key, value in each.values.items()}
                    for each in found
                }
                for provision, found in self.statements.items()
                if found and provision in asked
            },
            "evidence": sorted([key, *shown] for key, shown in _attached(self.proceeding)),
        }

    @cached_property
    def sealed(self) -> str:
        """The digest of the snapshot."""
        return digest(self.snapshot)


def assess(
    proceeding: Proceeding, now: datetime, unseen: frozenset[str] = frozenset(), past: str = ""
) -> Assessment:
    """Assess one proceeding; see :func:`assess_all`."""
    return assess_all([proceeding], now, unseen, past)[0]


def assess_all(
    proceedings: Sequence[Proceeding],
    now: datetime,
    unseen: frozenset[str] = frozenset(),
    past: str = "",
) -> list[Assessment]:
    """Assess proceedings on all facts on record at ``now``, in their order; the number of queries
    grows only with what the registry computes of each unit.

    The rule book's order of fact sources decides which of several statements counts. For a reader
    to whom the findings of some sources are not released yet, these are left out as ``unseen``. Of
    the provision ``past`` the superseded statements are read too.
    """
    around = circumstances(proceedings)
    days = {each.pk: local_day(each, now) for each in proceedings}
    looks = seen(proceedings, days)
    ids = [each.pk for each in proceedings]
    stated: dict[UUID, list[Fact]] = defaultdict(list)
    superseded: dict[UUID, list[Fact]] = defaultdict(list)
    wanted = Q(superseded_at=None) | Q(provision=past) if past else Q(superseded_at=None)
    facts = Fact.objects.filter(wanted, proceeding__in=ids)
    for fact in facts.select_related("stated_by", "reused_from"):
        if fact.source not in unseen:
            kept = stated if fact.superseded_at is None else superseded
            kept[fact.proceeding_id].append(fact)
    given: dict[UUID, list[Opinion]] = defaultdict(list)
    with_offices = [each.pk for each in proceedings if each.tiers]
    if with_offices:
        for opinion in Opinion.objects.filter(proceeding__in=with_offices, superseded_at=None):
            given[opinion.proceeding_id].append(opinion)
    return [
        _assess(
            each,
            Read(
                days[each.pk], tuple(stated[each.pk]), tuple(superseded[each.pk]),
                tuple(given[each.pk]), around[each.pk], looks[each.pk],
                _figures(each, days[each.pk]),
            ),
        )
        for each in proceedings
    ]  # fmt: skip


def restated(assessment: Assessment, changed: Mapping[tuple[str, str], Fact | None]) -> Assessment:
    """The assessment with other statements (by provision and source; None: withdrawn), of what was
    read before and without reading anything anew."""
    read = assessment.read
    kept = [fact for fact in read.stated if (fact.provision, fact.source) not in changed]
    gone = [fact for fact in read.stated if (fact.provision, fact.source) in changed]
    new = [fact for fact in changed.values() if fact is not None]
    stated, past = (*kept, *new), (*read.past, *gone)
    return _assess(assessment.proceeding, replace(read, stated=stated, past=past))


def local_day(proceeding: Proceeding, now: datetime) -> date:
    """The day in the programme's time zone."""
    return now.astimezone(ZoneInfo(proceeding.measures.time_zone)).date()


def _assess(proceeding: Proceeding, read: Read) -> Assessment:
    around, look = read.around, read.look
    held = look.held[proceeding.unit_id] if proceeding.unit_id else Held({}, None)
    measures, indicators = proceeding.measures, proceeding.indicators
    statements = _statements(proceeding, read)
    facts: dict[str, Value | None] = {}
    for found in statements.values():
        if found:
            facts.update(found[0].values)
    stage = proceeding.procedure.stage(proceeding.stage)
    standing = _standing_opinions(proceeding, statements, read.given)
    in_charge = {move.office for move in stage.moves}
    opinions = {
        each.provision: each for each in standing if not stage.reviews or each.office in in_charge
    }
    below = {each.provision: each for each in standing if opinions.get(each.provision) != each}
    partners = tuple(
        party for party in proceeding.present
        if party.capacity == PARTNER and party.agreed is not False
    )  # fmt: skip
    situation = Situation(
        measures=measures,
        procedure=proceeding.procedure,
        indicators=indicators,
        stage_id=proceeding.stage,
        year=proceeding.year,
        today=read.day,
        entered=around.entered,
        history=around.history,
        until=held.until,
        facts=facts,
        score=score(indicators, facts) if facts else _blank(proceeding),
        unreviewed=tuple(
            provision_id
            for provision_id in _own(proceeding, statements)
            if stage.reviews and provision_id not in opinions
        ),
        adjusted=frozenset(key for key, each in opinions.items() if each.verdict == "adjust"),
        returned={key: each.kind for key, each in opinions.items() if each.verdict == "return"},
        revoked_on=held.revoked_on,
        channel=proceeding.channel,
        partners=tuple(_partner(each, look) for each in partners),
        title=look.title,
        finding=str(proceeding.about) if proceeding.procedure.about == "finding" else "",
        running=around.running,
        assigned=around.assigned,
        barred_until=look.barred_until,
        known={**around.known, **look.known},
        runs=around.runs,
        extended=proceeding.extended,
    )
    return Assessment(proceeding, situation, statements, opinions, below, partners, read)


def _figures(proceeding: Proceeding, day: date) -> dict[str, Fraction]:
    """What the registry computes of the unit, where the rule book asks for it."""
    asked = any(source.by == "computed" for source in proceeding.measures.fact_sources)
    about_unit = proceeding.procedure.about == "unit"
    if not (asked and about_unit and proceeding.unit):
        return {}
    return units.registry_figures(proceeding.unit, day)


def _statements(proceeding: Proceeding, read: Read) -> dict[str, list[Statement]]:
    """What each source says of every provision, the one that counts first."""
    measures, indicators = proceeding.measures, proceeding.indicators
    by_provision: dict[str, list[Fact]] = defaultdict(list)
    for fact in read.stated:
        by_provision[fact.provision].append(fact)
    order = _source_order(measures)
    computed = {source.id for source in measures.fact_sources if source.by == "computed"}
    statements: dict[str, list[Statement]] = {}
    for provision in indicators.asked:
        found = [
            Statement(fact.source, read_values(provision, fact.values), fact)
            for fact in by_provision[provision.id]
        ]
        for source in computed & set(provision.input.from_):
            if provision.input.name in read.figures:
                exact = read.figures[provision.input.name]
                figure = units.rounded(exact, provision.input.decimals)
                found.append(Statement(source, {provision.input.name: figure}, None))
        found.sort(key=lambda statement: order.index(statement.source))
        statements[provision.id] = found
    leaders = ((each.id, indicators.leaders[each.input.name]) for each in indicators.provisions)
    return {id_: statements[leader.id] for id_, leader in leaders}


_blanks: dict[tuple[str, str], UnitScore] = {}


def _blank(proceeding: Proceeding) -> UnitScore:
    """The score where nothing is stated; the same for every unit of the type."""
    key = proceeding.rulebook.digest, proceeding.kind
    if key not in _blanks:
        _blanks[key] = score(proceeding.indicators, {})
    return _blanks[key]


def _partner(partner: Party, look: Look) -> process.Partner:
    """A unit that applies jointly, as the process sees it."""
    assert partner.unit is not None
    held = look.held[partner.unit.pk]
    return process.Partner(
        partner.unit.name, partner.agreed, frozenset(held.until), held.revoked_on
    )


def suppose(
    assessment: Assessment, provision_id: str, source: str, values: dict[str, Value | None]
) -> UnitScore:
    """The score if ``source`` stated ``values`` of the provision instead of what it states now.

    With no values, as if it stated nothing. Nothing is written.
    """
    situation = assessment.situation
    provision = situation.indicators.by_id[provision_id]
    others = [each for each in assessment.statements[provision_id] if each.source != source]
    found = [*others, Statement(source, values, None)] if values else others
    found.sort(key=lambda each: _source_order(situation.measures).index(each.source))
    columns = {column.name for column in provision_columns(provision)}
    facts = {key: value for key, value in situation.facts.items() if key not in columns}
    return score(situation.indicators, facts | (found[0].values if found else {}))


def _subject(proceeding: Proceeding, situation: Situation) -> dict[str, Any]:
    """What the file is about."""
    if proceeding.procedure.about == "unit":
        return {"application": str(proceeding.pk)}
    title = situation.title
    return {
        "proceeding": str(proceeding.pk), "procedure": proceeding.procedure_id,
        "about": str(proceeding.about), "matter": str(proceeding.matter),
        **({"title": [title.state, title.grade]} if title is not None else {}),
        **({"lines": _lines(proceeding)} if proceeding.unit_id is None else {}),
    }  # fmt: skip


def _lines(batch: Proceeding) -> list[list[str]]:
    """The files on a list: the unit, the total and what each sealed last, in one order."""
    last = Step.objects.filter(proceeding=OuterRef("pk")).order_by("-at", "-pk").values("sealed")
    rows = (
        Proceeding.objects.filter(part_of=batch).order_by("pk").annotate(sealed=Subquery(last[:1]))
    )
    found = rows.values_list("pk", "unit_id", "total", "sealed")
    return [[str(pk), str(unit), f"{total}", sealed or ""] for pk, unit, total, sealed in found]


def _source_order(measures: Measures) -> list[str]:
    """The fact sources, the one that counts before the others first."""
    return [source.id for source in measures.fact_sources]


def _own(
    proceeding: Proceeding, statements: dict[str, list[Statement]]
) -> dict[str, list[Statement]]:
    """What the applicant states, by provision; only provisions where it states something."""
    own = proceeding.measures.sources_of("applicant")
    found = {
        provision.id: [each for each in statements[provision.id] if each.source in own]
        for provision in proceeding.indicators.asked
    }
    return {key: mine for key, mine in found.items() if mine}


def _bases(proceeding: Proceeding, own: dict[str, list[Statement]]) -> dict[str, str]:
    files: dict[str, list[str]] = defaultdict(list)
    for key, shown in _attached(proceeding):
        files[key].append(" ".join(shown))
    return {
        provision_id: digest(
            {
                "stated": {
                    each.source: {key: as_text(value) for key, value in each.values.items()}
                    for each in mine
                },
                "evidence": sorted(files[provision_id]),
            }
        )
        for provision_id, mine in own.items()
    }


def _attached(proceeding: Proceeding) -> Iterator[tuple[str, list[str]]]:
    """Every file with its provision, as it is sealed: its hash, and the time it holds for where
    that is stated."""
    rows = proceeding.evidence.filter(removed_at=None).order_by()
    columns = ("provision", "file_id", "effective_from", "effective_until")
    for provision_id, file_id, *period in rows.values_list(*columns):
        yield provision_id, [file_id, *(str(day or "") for day in period if any(period))]


def _standing_opinions(
    proceeding: Proceeding, statements: dict[str, list[Statement]], given: Sequence[Opinion]
) -> list[Opinion]:
    """The opinions not superseded, as far as they stand, those of the highest office last.

    A return stands until the file comes back, whatever the applicant mends meanwhile. A file that
    no office has had yet has none.
    """
    order = [tier.id for tier in proceeding.measures.tiers]
    found = sorted(given, key=lambda each: order.index(each.office), reverse=True)
    if not found:
        return []
    now = _bases(proceeding, _own(proceeding, statements))
    return [
        each
        for each in found
        if each.verdict == Verdict.RETURN or now.get(each.provision) == each.basis
    ]


def read_values(provision: Provision, values: dict[str, str]) -> dict[str, Value | None]:
    """Stored text back into values; columns the rule book does not have are left out."""
    return {
        column.name: parse(column, values[column.name])
        for column in provision_columns(provision)
        if column.name in values
    }


def as_text(value: Value | None) -> str | None:
    """A value as it is stored and hashed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value
