"""What the pages of a campaign show, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from shifan.fairness.sampling import WHOLE, Estimate
from shifan.rulebook.rules import Satisfaction
from shifan.rulebook.surveys import Quality
from shifan.surveys import results, weighing
from shifan.surveys.models import Campaign, Weighting
from shifan.surveys.results import Result


@dataclass(frozen=True)
class Found:
    """A question's result beside the clause it is for, and the shares by group in words."""

    label: str
    result: Result
    clause: str
    rule: Satisfaction | None
    strata: tuple[tuple[str, int], ...]

    @property
    def figures(self) -> list[Estimate]:
        """As weighed, and where that differs, as if nothing had been flagged."""
        same = not any(weight != WHOLE for weight in self.result.weights.values())
        return [self.result.weighed] if same else [self.result.weighed, self.result.unweighed]

    @property
    def insufficient(self) -> bool:
        return self.rule is not None and self.result.weighed.n < self.rule.minimum_sample


@dataclass(frozen=True)
class Flag:
    """A quality rule, how many answers it flags, and what was decided about these."""

    rule: Quality
    answers: int | None
    standing: Weighting | None
    earlier: tuple[Weighting, ...]


def stratum_label(campaign: Campaign, key: str) -> str:
    """A stratum in the words of the form."""
    form = campaign.form
    language = form.language(get_language() or "zh")
    words = []
    for name, choice in zip(campaign.strata, key.split("|"), strict=False):
        question = form.question(name)
        labels = {c.name: c.label for c in question.choices} if question else {}
        words.append(labels.get(choice, {}).get(language, choice))
    return " · ".join(words)


def _joint_label(campaign: Campaign, key: str) -> str:
    """Strata that were merged, in words."""
    return "；".join(stratum_label(campaign, each) for each in key.split("+"))


def found(campaign: Campaign) -> list[Found]:
    """All results of a closed campaign."""
    form = campaign.form
    language = form.language(get_language() or "zh")
    made = []
    for result in results.of(campaign):
        question = form.question(result.asked.question)
        provision = results.provision(campaign, result.asked)
        made.append(
            Found(
                question.label.get(language, "") if question else result.asked.question,
                result,
                provision.id if provision else "",
                results.rule_of(provision),
                tuple((_joint_label(campaign, key), share) for key, share in result.shares.items()),
            )
        )
    return made


def flags(campaign: Campaign) -> list[Flag]:
    """The quality rules with what they flag and what was decided, the latest decision first."""
    counts: Mapping[str, int | None] = weighing.flagged(campaign)
    rows = list(campaign.weightings.select_related("by").order_by("-at", "-id"))
    return [
        Flag(
            rule,
            counts[rule.id],
            next((r for r in rows if r.rule == rule.id and r.superseded_at is None), None),
            tuple(r for r in rows if r.rule == rule.id and r.superseded_at is not None),
        )
        for rule in campaign.rule.quality
    ]
