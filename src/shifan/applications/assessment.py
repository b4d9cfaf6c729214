"""From the facts on record to the score that counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from shifan.applications.models import Application, Fact
from shifan.process.situation import Situation
from shifan.proof.digest import digest
from shifan.rulebook.model import Provision
from shifan.scoring.evaluate import score
from shifan.scoring.explain import Explanation, explain
from shifan.scoring.facts import Value, parse, provision_columns
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

    ``statements`` holds, per provision, what each source says, the counting one first.
    """

    application: Application
    situation: Situation
    statements: dict[str, list[Statement]]

    @cached_property
    def explanation(self) -> Explanation:
        situation = self.situation
        return explain(situation.indicators, situation.facts, situation.score)

    @cached_property
    def sealed(self) -> str:
        """The digest of the facts that count, as they enter the score, and of the evidence."""
        attached = self.application.evidence.filter(removed_at=None)
        return digest(
            {
                "facts": {key: as_text(value) for key, value in self.situation.facts.items()},
                "evidence": sorted(attached.values_list("provision", "file_id")),
            }
        )


def assess(application: Application, now: datetime) -> Assessment:
    """Assess the application on all facts on record at ``now``; three queries and the registry's.

    The rule book's order of fact sources decides which of several statements counts.
    """
    measures, indicators = application.measures, application.indicators
    day = now.astimezone(ZoneInfo(measures.time_zone)).date()
    stated: dict[str, list[Fact]] = defaultdict(list)
    for fact in application.facts.filter(superseded_at=None).select_related("stated_by"):
        stated[fact.provision].append(fact)
    order = [source.id for source in measures.fact_sources]
    computed = {source.id for source in measures.fact_sources if source.by == "computed"}
    statements: dict[str, list[Statement]] = {}
    facts: dict[str, Value | None] = {}
    for provision in indicators.provisions:
        found = [
            Statement(fact.source, read_values(provision, fact.values), fact)
            for fact in stated[provision.id]
        ]
        for source in computed & set(provision.input.from_):
            figure = units.registry_figure(
                provision.input.name, application.unit, day, provision.input.decimals
            )
            if figure is not None:
                found.append(Statement(source, {provision.input.name: figure}, None))
        found.sort(key=lambda statement: order.index(statement.source))
        statements[provision.id] = found
        if found:
            facts.update(found[0].values)
    steps = list(application.steps.order_by("at", "id"))
    situation = Situation(
        measures=measures,
        indicators=indicators,
        stage_id=application.stage,
        year=application.cycle.year,
        entered={step.to_stage: step.at for step in steps},
        made=frozenset(step.move for step in steps),
        titles=units.levels_held(
            application.unit, measures.programme, day, application.cycle.exercise
        ),
        facts=facts,
        score=score(indicators, facts),
    )
    return Assessment(application, situation, statements)


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
