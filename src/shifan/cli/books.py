"""Find the rule book and the indicators a command is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shifan.cli.errors import Stop

if TYPE_CHECKING:
    from shifan.rulebook.indicators import IndicatorSet
    from shifan.rulebook.model import RuleBook


def indicators_of(book: RuleBook, unit_type: str | None) -> IndicatorSet:
    """The indicators of ``unit_type``, which may be left out where there is only one set."""
    names = "、".join(book.indicators) or "-"
    if unit_type is None and len(book.indicators) == 1:
        return next(iter(book.indicators.values()))
    if unit_type is None:
        raise Stop(
            f"请用 --unit-type 指定单位类型：{names}", f"say which --unit-type is meant: {names}"
        )
    if unit_type not in book.indicators:
        raise Stop(
            f"{book.name} 没有 {unit_type} 的指标，只有：{names}",
            f"{book.name} has no indicators for {unit_type}; it has them for: {names}",
        )
    return book.indicators[unit_type]


def load_indicators(rulebook: str, unit_type: str | None) -> tuple[RuleBook, IndicatorSet]:
    from shifan.rulebook.loader import load

    book = load(rulebook)
    return book, indicators_of(book, unit_type)
