"""What a unit must fulfil to be put forward at all, met or not, with the articles that say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shifan.process.guards import against
from shifan.process.situation import Refusal, Situation
from shifan.rulebook.base import Text, millipoints
from shifan.rulebook.needs import (
    InputAtLeast,
    Need,
    NotBarred,
    PartnersAgreed,
    RenewalWindow,
    ThresholdReached,
    TitleHeld,
)
from shifan.rulebook.procedures import Move
from shifan.scoring.arithmetic import points_text
from shifan.scoring.facts import plain


@dataclass(frozen=True)
class Requirement:
    """One condition: what is asked, the move it stands before, and why not met, if it isn't."""

    need: Need
    move: Move
    asked: Text
    refusal: Refusal | None

    @property
    def met(self) -> bool:
        return self.refusal is None


def eligibility(situation: Situation) -> tuple[Requirement, ...]:
    """Every condition of the unit's own that stands on its way, each once, in the order of the way.

    Conditions of the work on the file (that it is complete, that it was reviewed) are left out.
    """
    found: dict[Need, Requirement] = {}
    for stage in situation.procedure.stages:
        for move in stage.moves:
            if move.only and situation.indicators.unit_type not in move.only:
                continue
            for need in move.needs:
                if need.guard in ASKED and need not in found:
                    refusal = against(need, situation)
                    found[need] = Requirement(
                        need, move, ASKED[need.guard](need, situation), refusal
                    )
    return tuple(found.values())


def _title(need: TitleHeld, situation: Situation) -> Text:
    name = situation.measures.office_name(
        situation.measures.office_of(need.level, situation.channel)
    )
    return Text(
        zh=f"持有有效的称号（{name.zh}），以登记簿为准",
        en=f"Holds a valid title ({name.en or name.zh}), as the register shows",
    )


def _bar(need: NotBarred, situation: Situation) -> Text:
    return Text(
        zh=f"近 {need.years} 年内没有被撤销的称号",
        en=f"Lost no title by revocation in the last {need.years} years",
    )


def _input(need: InputAtLeast, situation: Situation) -> Text:
    provisions = situation.indicators.provisions
    text = next(each.text for each in provisions if each.input.name == need.input)
    bound = plain(need.at_least)
    return Text(zh=f"{text.zh}不低于 {bound}", en=f"{text.en or text.zh}: at least {bound}")


def _threshold(need: ThresholdReached, situation: Situation) -> Text:
    line = points_text(millipoints(situation.indicators.apply_from))
    return Text(
        zh=f"总分不低于 {line} 分，且没有一票否决情形",
        en=f"A total of at least {line} points and no veto",
    )


def _partners(need: PartnersAgreed, situation: Situation) -> Text:
    return Text(
        zh="联合申报的各单位均已同意",
        en="Every unit that applies jointly has agreed",
    )


def _window(need: RenewalWindow, situation: Situation) -> Text:
    return Text(
        zh=f"未持有该称号，或者现有称号在 {need.months} 个月内期满",
        en=f"Holds no such title, or one that ends within {need.months} months",
    )


ASKED: dict[str, Callable[[Any, Situation], Text]] = {
    "title_held": _title,
    "not_barred": _bar,
    "input_at_least": _input,
    "threshold_reached": _threshold,
    "partners_agreed": _partners,
    "renewal_window": _window,
}
"""The guards that ask something of the unit itself, and what they ask in words."""
