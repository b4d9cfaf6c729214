"""Where each clause of a rule book went in a later one, by the fact that it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shifan.rulebook.base import Text
from shifan.rulebook.check.asked import alike
from shifan.rulebook.indicators import IndicatorSet, Provision
from shifan.rulebook.model import RuleBook
from shifan.scoring.facts import same_fact


@dataclass(frozen=True)
class Crossing:
    """A provision ``before`` and what came of it ``after``; None where it was dropped or is new.

    ``same``: they read the very same fact, so what was stated there answers here too.
    """

    unit_type: str
    before: Provision | None
    after: Provision | None
    same: bool = False

    @property
    def text(self) -> Text:
        """What became of it."""
        if self.before is None:
            return Text(zh="新增", en="new")
        if self.after is None:
            return Text(zh="取消", en="dropped")
        if self.same:
            return Text(zh="同一数据", en="the same fact")
        return Text(zh="填报形式不同", en="asked in another form")

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        ids = (each.id if each is not None else None for each in (self.before, self.after))
        before, after = ids
        return {"unit_type": self.unit_type, "before": before, "after": after,
                "becomes": self.text.en}  # fmt: skip


def crosswalk(old: RuleBook, new: RuleBook) -> list[Crossing]:
    """For each unit type that both have indicators for, where the provisions of ``old`` went, in
    its order; after them what only ``new`` has."""
    return [
        crossing
        for unit_type, before in old.indicators.items()
        if unit_type in new.indicators
        for crossing in of_type(before, new.indicators[unit_type])
    ]


def of_type(old: IndicatorSet, new: IndicatorSet) -> Iterator[Crossing]:
    """The same for one unit type: by the name of the input, else by the words."""
    arrived: set[str] = set()
    for before in old.provisions:
        found = [each for each in new.provisions if each.input.name == before.input.name]
        found = found or [each for each in new.provisions if alike(each.text, before.text)][:1]
        arrived |= {each.id for each in found}
        for after in found:
            yield Crossing(old.unit_type, before, after, same_fact(before, after))
        if not found:
            yield Crossing(old.unit_type, before, None)
    for after in new.provisions:
        if after.id not in arrived:
            yield Crossing(old.unit_type, None, after)
