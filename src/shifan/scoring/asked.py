"""What a rule book asks of the same units that another one asked before: is it taken over or not?

Only what the applicant states or attaches itself is asked of it. A statement serves again where the
input has the same name and columns, and the documents attached to it come along.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shifan.rulebook.base import Text
from shifan.rulebook.check.asked import alike, same_document
from shifan.rulebook.check.indicators import places
from shifan.rulebook.check.place import noun
from shifan.rulebook.findings import Finding
from shifan.rulebook.indicators import Evidence, IndicatorSet, Provision
from shifan.rulebook.loader import Reading
from shifan.rulebook.model import Measures, RuleBook
from shifan.scoring.facts import same_fact


@dataclass(frozen=True)
class AskedBefore:
    """A fact, or with ``evidence`` a document, of ``provision`` that ``before`` in ``book`` asked.

    ``taken_over``: what a unit stated or attached there is carried into its new application.
    """

    unit_type: str
    provision: Provision
    evidence: Evidence | None
    before: Provision
    book: str
    taken_over: bool

    @property
    def text(self) -> Text:
        """What was asked before, by which clause of which book, and what becomes of it."""
        name = self.evidence.id if self.evidence else self.provision.input.name
        zh, en = ("材料", "document") if self.evidence else ("事实", "fact")
        ends = self._ends()
        return Text(
            zh=f"{zh} {name} 在 {self.book} 的 {self.before.id} 已要求过{ends.zh}",
            en=f"{en} {name} was asked before by {noun(self.before)} of {self.book}{ends.en}",
        )

    def _ends(self) -> Text:
        there = self.before.input.name
        if self.taken_over:
            return Text(zh="，自动沿用", en=" and is taken over")
        if self.evidence:
            return Text(
                zh="，但其所属的填报不能沿用，将重新要求",
                en=", but its fact is not taken over, so it would be asked anew",
            )
        if there != self.provision.input.name:
            return Text(
                zh=f"，但名称是 {there}，将重新要求",
                en=f", but as {there}, so it would be asked anew",
            )
        return Text(
            zh="，但填报形式不同，将重新要求", en=", but in another form, so it would be asked anew"
        )

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "unit_type": self.unit_type,
            "provision": self.provision.id,
            "input": self.provision.input.name,
            "evidence": self.evidence.id if self.evidence else None,
            "before": {"book": self.book, "provision": self.before.id},
            "taken_over": self.taken_over,
        }


def asked_before(
    measures: Measures, indicators: IndicatorSet, other: RuleBook
) -> Iterator[AskedBefore]:
    """What the indicators ask of their units that ``other`` asked of them before."""
    unit_type = indicators.unit_type
    if unit_type not in other.indicators:
        return
    earlier = other.indicators[unit_type].provisions
    stated_there = [each for each in earlier if _states(other.measures, each)]
    for provision in indicators.provisions:
        source = None
        if _states(measures, provision):
            source = _source(provision, stated_there)
            if source is not None:
                taken_over = same_fact(source, provision)
                yield AskedBefore(unit_type, provision, None, source, other.name, taken_over)
        for evidence in provision.evidence:
            before = _holder(evidence, source, earlier)
            if before is not None:
                taken_over = before is source and same_fact(before, provision)
                yield AskedBefore(unit_type, provision, evidence, before, other.name, taken_over)


def findings(reading: Reading, other: RuleBook) -> list[Finding]:
    """A note on what is taken over from ``other``, a warning of what would be asked anew."""
    found: list[Finding] = []
    if reading.measures is None:
        return found
    for unit_type, indicators in reading.indicators.items():
        document = reading.documents[reading.files[unit_type]]
        lines = {provision.id: document.line(place) for place, provision in places(indicators)}
        for each in asked_before(reading.measures, indicators, other):
            found.append(
                Finding(
                    document.name, lines[each.provision.id], noun(each.provision), each.text.en,
                    "note" if each.taken_over else "warning", each.text.zh,
                )
            )  # fmt: skip
    return found


def _states(measures: Measures, provision: Provision) -> bool:
    """Whether the applicant may state the provision's fact."""
    return bool(measures.sources_of("applicant") & set(provision.input.from_))


def _source(provision: Provision, earlier: list[Provision]) -> Provision | None:
    """The provision that asked for the same fact: by its input's name, else by its words."""
    named = [each for each in earlier if each.input.name == provision.input.name]
    worded = (each for each in earlier if alike(each.text, provision.text))
    return named[0] if named else next(worded, None)


def _holder(
    evidence: Evidence, source: Provision | None, earlier: tuple[Provision, ...]
) -> Provision | None:
    """The provision that asked for the same document, the one of the same fact before others."""
    first = [source] if source is not None else []
    for provision in first + list(earlier):
        if any(same_document(each, evidence) for each in provision.evidence):
            return provision
    return None
