"""What a campaign found: shares with their intervals, with and without what was flagged.

Only closed campaigns have results: a figure that is watched while answers come in would tell what
the last of them said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from django.db import models
from django.db.models.fields.json import KT

from shifan.fairness.arithmetic import rounded
from shifan.fairness.figure import figure
from shifan.fairness.sampling import WHOLE, Cell, Estimate, estimate, merged
from shifan.fairness.suppression import LEAST, in_tens, may_show
from shifan.rulebook.indicators import Provision, columns
from shifan.rulebook.rules import Satisfaction
from shifan.rulebook.surveys import Asked
from shifan.surveys import weighing
from shifan.surveys.models import Campaign
from shifan.surveys.weighing import Classes, Weights


def strata_of(campaign: Campaign) -> list[str]:
    """Every stratum there can be, in the order of the form."""
    questions = [campaign.form.question(name) for name in campaign.strata]
    names = [list(question.choice_names) for question in questions if question is not None]
    return ["|".join(parts) for parts in product(*names)] if names else []


@dataclass(frozen=True)
class Result:
    """The share satisfied with one question: as weighed, and as if nothing had been flagged.

    ``shares`` are those of the strata as they were merged, of all answers, in whole percents and
    without their counts; none where the share of any is not for showing.
    """

    asked: Asked
    confidence: Decimal
    weighed: Estimate
    unweighed: Estimate
    shares: Mapping[str, int]
    weights: Weights

    @property
    def covered(self) -> int | None:
        """The part of the population whose strata were reached, in percent and in tens; None
        where the estimate stands on no populations."""
        found = self.weighed.covered
        return None if found is None else in_tens(int(found))

    @property
    def shown(self) -> bool:
        """Whether its figures may leave the house."""
        return all(_may_show(each) for each in (self.weighed, self.unweighed))

    def fact(self, provision: Provision) -> dict[str, object] | None:
        """The columns of the provision's fact, or None where too few answers count."""
        rule = rule_of(provision)
        assert rule is not None
        found = figure(self.weighed, rule.figure, provision.input.decimals)
        if found is None or not self.shown:
            return None
        return dict(zip(columns(provision), (found, self.weighed.n), strict=True))

    def as_json(self) -> dict[str, Any]:
        """The estimates as they may leave the house: none of too few answers."""
        return {
            "question": self.asked.question,
            "input": self.asked.input,
            "confidence": str(self.confidence),
            "weighed": _figures(self.weighed) if self.shown else None,
            "unweighed": _figures(self.unweighed) if self.shown else None,
            "covered": self.covered if self.shown else None,
            "strata": [{"stratum": key, "share": share} for key, share in self.shares.items()],
        }

    def provenance(self, campaign: Campaign) -> dict[str, Any]:
        """Where the figure comes from, for whoever reads or recomputes the fact."""
        return {
            "campaign": campaign.code,
            "survey": campaign.survey,
            "form": campaign.form.digest,
            "question": self.asked.question,
            "confidence": str(self.confidence),
            "weights": dict(self.weights),
            "covered": self.covered,
            **{
                key: _figures(each)
                for key, each in (("weighed", self.weighed), ("unweighed", self.unweighed))
            },
        }


def _may_show(found: Estimate) -> bool:
    alike = found.share in (None, 0, 100)
    return may_show(0 if alike else 1, found.n)


def _figures(found: Estimate) -> dict[str, Any]:
    return {
        "n": found.n,
        **{
            name: None if (value := getattr(found, name)) is None else str(value)
            for name in ("share", "low", "high", "standard_error", "effective", "design_effect")
        },
    }


Count = Callable[[Campaign, Classes], Mapping[str, Sequence[Cell]]]
"""Counts the answers to every question by stratum and class; the class stands for the weight."""


def in_sql(campaign: Campaign, classes: Classes) -> dict[str, list[Cell]]:
    """The cells of every question, counted in the database."""
    return {each.question: _cells(campaign, each, classes) for each in campaign.rule.questions}


def _cells(campaign: Campaign, asked: Asked, classes: Classes) -> list[Cell]:
    rule = campaign.rule
    rows = (
        campaign.answers.annotate(choice=KT(f"values__{asked.question}"))
        .values_list("stratum", "flags", "choice")
        .annotate(count=models.Count("id"))
        .order_by()
    )
    found: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for stratum, flags, choice, count in rows:
        if choice is None or choice in rule.excluded:
            continue
        sums = found[stratum, classes.of(flags)]
        sums[0] += count
        sums[1] += count if choice in rule.satisfied else 0
    return [Cell(*key, *sums) for key, sums in sorted(found.items())]


def of(campaign: Campaign, count: Count = in_sql) -> list[Result]:
    """The results of a closed campaign."""
    classes = weighing.classes(campaign)
    counted = count(campaign, classes)
    known = dict(campaign.populations.values_list("key", "population"))
    populations = {key: known.get(key) for key in strata_of(campaign)}
    return [
        _result(campaign, asked, classes, populations, counted[asked.question])
        for asked in campaign.rule.questions
    ]


def _result(
    campaign: Campaign,
    asked: Asked,
    classes: Classes,
    populations: Mapping[str, int | None],
    counted: Sequence[Cell],
) -> Result:
    """Strata are merged so that no class is small in any of them, and for the figure without
    decisions so that none is small as a whole."""
    rule = rule_of(provision(campaign, asked))
    confidence = rule.confidence if rule else Decimal(95)
    cells, people = merged(counted, populations, LEAST)
    weighed = [replace(cell, weight=classes.weight(cell.weight)) for cell in cells]
    plain, everybody = merged([replace(c, weight=WHOLE) for c in counted], populations, LEAST)
    return Result(
        asked, confidence, estimate(weighed, people, confidence / 100),
        estimate(plain, everybody, confidence / 100), _shares(plain), classes.present,
    )  # fmt: skip


def _shares(cells: Iterable[Cell]) -> dict[str, int]:
    """Stratum → share in whole percents, rounded half-up; empty where one is not for showing.

    One that is left out could be had from the share of the whole.
    """
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for cell in cells:
        sums[cell.stratum][0] += cell.satisfied
        sums[cell.stratum][1] += cell.answers
    if not all(may_show(satisfied, answers) for satisfied, answers in sums.values()):
        return {}
    return {
        key: int(rounded(Fraction(100 * satisfied, answers), 0))
        for key, (satisfied, answers) in sums.items()
    }


def provision(campaign: Campaign, asked: Asked) -> Provision | None:
    """The provision that the question answers, among the indicators for the unit's type."""
    indicators = campaign.cycle.indicators(campaign.unit.kind_in(campaign.cycle.measures.programme))
    return next((p for p in indicators.provisions if p.input.name == asked.input), None)


def rule_of(provision: Provision | None) -> Satisfaction | None:
    """How the provision reads a share satisfied."""
    rule = getattr(provision, "rule", None)
    return rule if isinstance(rule, Satisfaction) else None
