"""From the facts on record to the score that counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from shifan.proceedings.models import Partner, Proceeding
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
from shifan.titles import queries as titles
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
    partners: tuple[Partner, ...]

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

    def states_directly(self, source: str, provision_id: str) -> bool:
        """Whether ``source`` may state the provision by itself.

        Where an office reviews, it answers what the applicant stated with an opinion instead, so
        that it gives its reason and the applicant is heard.
        """
        own = self.proceeding.measures.sources_of("applicant")
        reviews = self.situation.stage.reviews and provision_id in self.reviewable
        return source in own or not reviews

    @cached_property
    def snapshot(self) -> dict[str, Any]:
        """The file as it is now: rule book, every statement, what counts of them, the evidence."""
        partners = sorted(str(each.unit_id) for each in self.partners)
        together = {"partners": partners} if partners else {}
        channel = self.proceeding.channel
        origins = {
            provision: {s.source: s.fact.provenance for s in found if s.fact and s.fact.provenance}
            for provision, found in self.statements.items()
            if any(s.fact and s.fact.provenance for s in found)
        }
        return {
            **together,
            **({"provenance": origins} if origins else {}),
            **({"channel": channel} if channel else {}),
            "application": str(self.proceeding.pk),
            "rulebook": self.proceeding.cycle.rulebook.digest,
            "facts": {key: as_text(value) for key, value in self.situation.facts.items()},
            "statements": {
                provision: {
                    each.source: {key: as_text(value) for key, value in each.values.items()}
                    for each in found
                }
                for provision, found in self.statements.items()
                if found
            },
            "evidence": sorted([key, *shown] for key, shown in _attached(self.proceeding)),
        }

    @cached_property
    def sealed(self) -> str:
        """The digest of the snapshot."""
        return digest(self.snapshot)


def assess(
    proceeding: Proceeding, now: datetime, unseen: frozenset[str] = frozenset()
) -> Assessment:
    """Assess the application on all facts on record at ``now``; at most seven queries, and one for
    each partner.

    The rule book's order of fact sources decides which of several statements counts. For a reader
    to whom the findings of some sources are not released yet, these are left out as ``unseen``.
    """
    measures, indicators = proceeding.measures, proceeding.indicators
    day = now.astimezone(ZoneInfo(measures.time_zone)).date()
    stated: dict[str, list[Fact]] = defaultdict(list)
    for fact in proceeding.facts.filter(superseded_at=None).exclude(source__in=unseen):
        stated[fact.provision].append(fact)
    order = _source_order(measures)
    computed = {source.id for source in measures.fact_sources if source.by == "computed"}
    figures = units.registry_figures(proceeding.unit, day) if computed else {}
    statements: dict[str, list[Statement]] = {}
    facts: dict[str, Value | None] = {}
    for provision in indicators.provisions:
        found = [
            Statement(fact.source, read_values(provision, fact.values), fact)
            for fact in stated[provision.id]
        ]
        for source in computed & set(provision.input.from_):
            if provision.input.name in figures:
                figure = units.rounded(figures[provision.input.name], provision.input.decimals)
                found.append(Statement(source, {provision.input.name: figure}, None))
        found.sort(key=lambda statement: order.index(statement.source))
        statements[provision.id] = found
        if found:
            facts.update(found[0].values)
    held = titles.held(proceeding.unit, measures.programme, day, proceeding.cycle.exercise)
    steps = list(proceeding.steps.order_by("at", "id").values_list("move", "to_stage", "at"))
    stage = measures.application.stage(proceeding.stage)
    standing = _standing_opinions(proceeding, statements)
    in_charge = {move.office for move in stage.moves}
    opinions = {
        each.provision: each for each in standing if not stage.reviews or each.office in in_charge
    }
    below = {each.provision: each for each in standing if opinions.get(each.provision) != each}
    partners = (
        tuple(proceeding.partners.exclude(agreed=False).select_related("unit"))
        if measures.joint
        else ()
    )
    situation = Situation(
        measures=measures,
        procedure=measures.application,
        indicators=indicators,
        stage_id=proceeding.stage,
        year=proceeding.cycle.year,
        today=day,
        entered={to_stage: at for _, to_stage, at in steps},
        history=tuple(process.Made(measures.application.id, move, at) for move, _, at in steps),
        until=held.until,
        facts=facts,
        score=score(indicators, facts),
        unreviewed=tuple(
            provision_id
            for provision_id in _own(proceeding, statements)
            if stage.reviews and provision_id not in opinions
        ),
        adjusted=frozenset(key for key, each in opinions.items() if each.verdict == "adjust"),
        returned={key: each.kind for key, each in opinions.items() if each.verdict == "return"},
        revoked_on=held.revoked_on,
        channel=proceeding.channel,
        partners=tuple(_partner(each, day) for each in partners),
    )
    return Assessment(proceeding, situation, statements, opinions, below, partners)


def _partner(partner: Partner, day: date) -> process.Partner:
    """A unit that applies jointly, as the process sees it."""
    cycle = partner.proceeding.cycle
    held = titles.held(partner.unit, cycle.measures.programme, day, cycle.exercise)
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


def _source_order(measures: Measures) -> list[str]:
    """The fact sources, the one that counts before the others first."""
    return [source.id for source in measures.fact_sources]


def _own(
    proceeding: Proceeding, statements: dict[str, list[Statement]]
) -> dict[str, list[Statement]]:
    """What the applicant states, by provision; only provisions where it states something."""
    own = proceeding.measures.sources_of("applicant")
    found = {key: [each for each in all_ if each.source in own] for key, all_ in statements.items()}
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
    proceeding: Proceeding, statements: dict[str, list[Statement]]
) -> list[Opinion]:
    """The opinions not superseded, as far as they stand, those of the highest office last.

    A return stands until the file comes back, whatever the applicant mends meanwhile. A file that
    no office has had yet has none.
    """
    if not proceeding.tiers:
        return []
    rows = proceeding.opinions.filter(superseded_at=None)
    order = [tier.id for tier in proceeding.measures.tiers]
    found = sorted(rows, key=lambda each: order.index(each.office), reverse=True)
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
