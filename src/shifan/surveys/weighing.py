"""Decisions on flags: what they let answers count for, and which of them would tell of a few.

Answers that every weighting ever in force lets count alike are a *class*. Whatever is shown, before
and after any decision, are sums over classes; as none of them is small, no difference of results
speaks of a few answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models
from django.db.models.fields.json import KT

from shifan.fairness.sampling import WHOLE
from shifan.fairness.suppression import LEAST, in_tens
from shifan.rulebook.surveys import Asked
from shifan.surveys.models import Campaign

Weights = Mapping[str, int]
"""Quality rule → thousandths for which the answers it flags count."""


@dataclass(frozen=True)
class Classes:
    """The classes under a history of weightings, the last of which is in force.

    A class is named by a number, in the order in which its answers are met.
    """

    history: Sequence[Weights]
    _numbers: dict[tuple[int, ...], int] = field(default_factory=dict)

    @property
    def present(self) -> Weights:
        """The weighting in force."""
        return self.history[-1]

    def of(self, flags: Iterable[str]) -> int:
        """The class of answers with just these flags. One counts for the least that any leaves."""
        given = list(flags)
        counts = tuple(
            min((weights.get(flag, WHOLE) for flag in given), default=WHOLE)
            for weights in self.history
        )
        return self._numbers.setdefault(counts, len(self._numbers))

    def weight(self, number: int) -> int:
        """For how many thousandths the answers of a class count now."""
        return next(counts[-1] for counts, known in self._numbers.items() if known == number)


def classes(campaign: Campaign, after: Weights | None = None) -> Classes:
    """The campaign's classes, or those it would have after one more weighting."""
    history: list[Weights] = [{}]
    for row in campaign.weightings.order_by("at", "id"):
        history.append({**history[-1], row.rule: row.weight})
    if after is not None:
        history.append({**history[-1], **after})
    return Classes(history)


def tells_of_few(campaign: Campaign, rule: str, weight: int) -> bool:
    """Whether letting the rule's answers count so would make a class of fewer than ten.

    Looked at for each question by itself too, where answers that do not count are left out.
    """
    if flagged(campaign)[rule] is None:
        return True
    found = classes(campaign, {rule: weight})
    for asked in (None, *campaign.rule.questions):
        sums: Counter[int] = Counter()
        for flags, count in _flagged(campaign, asked):
            sums[found.of(flags)] += count
        if any(count < LEAST for count in sums.values()):
            return True
    return False


def flagged(campaign: Campaign) -> dict[str, int | None]:
    """Rule → answers flagged, in tens; None where that is fewer than ten."""
    counts: Counter[str] = Counter()
    for flags, count in _flagged(campaign):
        counts.update(dict.fromkeys(flags, count))
    return {rule.id: in_tens(counts[rule.id]) or None for rule in campaign.rule.quality}


def _flagged(campaign: Campaign, asked: Asked | None = None) -> list[tuple[list[str], int]]:
    """Flags and how many answers have just these; of a question, those that count."""
    rows = campaign.answers.all()
    if asked is not None:
        rows = rows.annotate(choice=KT(f"values__{asked.question}"))
        rows = rows.filter(choice__isnull=False).exclude(choice__in=campaign.rule.excluded)
    return list(rows.values_list("flags").annotate(count=models.Count("id")).order_by())
