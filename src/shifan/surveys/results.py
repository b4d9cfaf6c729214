"""What a campaign found: shares with their intervals, with and without what was flagged.

Only closed campaigns have results: a figure that is watched while answers come in would tell what
the last of them said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from django.db import models
from django.db.models.fields.json import KT

from shifan.fairness.figure import figure
from shifan.fairness.sampling import Cell, Estimate, estimate
from shifan.fairness.suppression import LEAST, one_way, share_shown
from shifan.rulebook.indicators import Provision, columns
from shifan.rulebook.rules import Satisfaction
from shifan.rulebook.surveys import Asked
from shifan.surveys.models import Campaign

Weights = Mapping[str, int]
"""Quality rule → thousandths for which the answers it flags count."""
WHOLE = 1000


def strata_of(campaign: Campaign) -> list[str]:
    """Every stratum there can be, in the order of the form."""
    questions = [campaign.form.question(name) for name in campaign.strata]
    names = [list(question.choice_names) for question in questions if question is not None]
    return ["|".join(parts) for parts in product(*names)] if names else []


def weights(campaign: Campaign) -> dict[str, int]:
    """The weightings in force."""
    rows = campaign.weightings.filter(superseded_at=None)
    return {row.rule: row.weight for row in rows}


def weight_of(flags: Iterable[str], given: Weights) -> int:
    """For how much an answer counts: the least that any of its flags leaves it."""
    return min((given.get(flag, WHOLE) for flag in flags), default=WHOLE)


def set_apart(campaign: Campaign, before: Weights, after: Weights) -> int:
    """The fewest answers that would count for something else together; 0 when none would.

    Looked at for each question by itself too, where answers that do not count are left out.
    """
    fewest: list[int] = []
    for asked in (None, *campaign.rule.questions):
        groups: dict[tuple[int, int], int] = defaultdict(int)
        for flags, count in _flagged(campaign, asked):
            pair = weight_of(flags, before), weight_of(flags, after)
            if pair[0] != pair[1]:
                groups[pair] += count
        fewest += groups.values()
    return min(fewest, default=0)


def _flagged(campaign: Campaign, asked: Asked | None = None) -> list[tuple[list[str], int]]:
    """Flags and how many answers have just these; of a question, those that count."""
    rows = campaign.answers.all()
    if asked is not None:
        rows = rows.annotate(choice=KT(f"values__{asked.question}"))
        rows = rows.filter(choice__isnull=False).exclude(choice__in=campaign.rule.excluded)
    return list(rows.values_list("flags").annotate(count=models.Count("id")).order_by())


def flagged(campaign: Campaign) -> dict[str, int | None]:
    """Rule → answers flagged; None where that is fewer than ten, but not none."""
    counts: dict[str, int] = defaultdict(int)
    for flags, count in _flagged(campaign):
        for flag in flags:
            counts[flag] += count
    return {
        rule.id: None if 0 < counts[rule.id] < LEAST else counts[rule.id]
        for rule in campaign.rule.quality
    }


def cells(campaign: Campaign, asked: Asked, given: Weights) -> list[Cell]:
    """The answers to a question, counted by stratum and weight, in SQL."""
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
        sums = found[stratum, weight_of(flags, given)]
        sums[0] += count
        sums[1] += count if choice in rule.satisfied else 0
    return [Cell(*key, *sums) for key, sums in sorted(found.items())]


@dataclass(frozen=True)
class Result:
    """The share satisfied with one question: as weighed, and as if nothing had been flagged.

    ``shares`` and ``counts`` are those of single strata, as far as they may be shown.
    """

    asked: Asked
    confidence: Decimal
    weighed: Estimate
    unweighed: Estimate
    shares: Mapping[str, Decimal | None]
    counts: Mapping[str, int | None]
    weights: Weights

    def fact(self, provision: Provision) -> dict[str, object] | None:
        """The columns of the provision's fact, or None where no answer counts."""
        rule = rule_of(provision)
        assert rule is not None
        found = figure(self.weighed, rule.figure, 0, provision.input.decimals)
        if found.value is None or self.weighed.n < LEAST:
            return None
        return dict(zip(columns(provision), (found.value, found.sample), strict=True))

    def as_json(self) -> dict[str, Any]:
        """The estimates as they may leave the house: none with fewer than ten answers."""
        shown = self.weighed.n >= LEAST and self.unweighed.n >= LEAST
        return {
            "question": self.asked.question,
            "input": self.asked.input,
            "confidence": str(self.confidence),
            "weighed": _figures(self.weighed) if shown else None,
            "unweighed": _figures(self.unweighed) if shown else None,
            "strata": [
                {"stratum": key, "answers": self.counts[key], "share": None
                 if self.shares[key] is None else str(self.shares[key])}
                for key in self.counts
            ] if shown else [],
        }  # fmt: skip

    def provenance(self, campaign: Campaign) -> dict[str, Any]:
        """Where the figure comes from, for whoever reads or recomputes the fact."""
        return {
            "campaign": campaign.code,
            "survey": campaign.survey,
            "form": campaign.form.digest,
            "question": self.asked.question,
            "confidence": str(self.confidence),
            "weights": dict(self.weights),
            **{
                key: _figures(each)
                for key, each in (("weighed", self.weighed), ("unweighed", self.unweighed))
            },
        }


def _figures(found: Estimate) -> dict[str, Any]:
    return {
        "n": found.n,
        **{
            name: None if (value := getattr(found, name)) is None else str(value)
            for name in ("share", "low", "high", "standard_error", "effective", "design_effect",
                         "covered")
        },
    }  # fmt: skip


Count = Callable[[Campaign, Weights], Mapping[str, Sequence[Cell]]]
"""Counts the answers to every question, by stratum and weight."""


def in_sql(campaign: Campaign, given: Weights) -> dict[str, list[Cell]]:
    """The cells of every question, counted in the database."""
    return {each.question: cells(campaign, each, given) for each in campaign.rule.questions}


def of(campaign: Campaign, count: Count = in_sql) -> list[Result]:
    """The results of a closed campaign. Raises BadPopulation."""
    given = weights(campaign)
    weighed, unweighed = count(campaign, given), count(campaign, {})
    populations = dict(campaign.populations.values_list("key", "population"))
    return [
        _result(campaign, asked, given, populations, weighed[asked.question],
                unweighed[asked.question])
        for asked in campaign.rule.questions
    ]  # fmt: skip


def _result(
    campaign: Campaign,
    asked: Asked,
    given: Weights,
    populations: Mapping[str, int | None],
    weighed: Sequence[Cell],
    unweighed: Sequence[Cell],
) -> Result:
    rule = rule_of(provision(campaign, asked))
    confidence = rule.confidence if rule else Decimal(95)
    answers: dict[str, int] = defaultdict(int)
    satisfied: dict[str, int] = defaultdict(int)
    for cell in unweighed:
        answers[cell.stratum] += cell.answers
        satisfied[cell.stratum] += cell.satisfied
    counts = one_way({key: answers[key] for key in strata_of(campaign)} or dict(answers))
    shares = {
        key: share_shown(satisfied[key], answers[key]) if counts[key] is not None else None
        for key in counts
    }
    rest = [key for key, share in shares.items() if share is None]
    if rest and share_shown(sum(satisfied[k] for k in rest), sum(answers[k] for k in rest)) is None:
        shares = dict.fromkeys(shares)  # the share of the whole would give the rest away
    known = populations if any(p is not None for p in populations.values()) else {}
    return Result(
        asked, confidence,
        estimate(weighed, known, confidence / 100), estimate(unweighed, known, confidence / 100),
        shares, counts, given,
    )  # fmt: skip


def provision(campaign: Campaign, asked: Asked) -> Provision | None:
    """The provision that the question answers, among the indicators for the unit's type."""
    indicators = campaign.cycle.indicators(campaign.unit.unit_type)
    return next((p for p in indicators.provisions if p.input.name == asked.input), None)


def rule_of(provision: Provision | None) -> Satisfaction | None:
    """How the provision reads a share satisfied."""
    rule = getattr(provision, "rule", None)
    return rule if isinstance(rule, Satisfaction) else None
