"""Numbers with their unit, in both languages, for the sentences of the kinds."""

from __future__ import annotations

from decimal import Decimal

from shifan.rulebook.base import Text
from shifan.rulebook.indicators import Input
from shifan.scoring.facts import plain


def quantity(value: Decimal, read: Input) -> tuple[str, str]:
    """``value`` with the input's unit, in Chinese and in English.

    >>> quantity(Decimal("81.0"), Input.model_validate(
    ...     {"name": "coverage", "type": "percent", "from": ["self"]}))
    ('81%', '81%')
    """
    number = plain(value)
    if read.type in ("percent", "satisfaction"):
        return f"{number}%", f"{number}%"
    if read.unit is None:
        return number, number
    return f"{number} {read.unit.zh}", f"{number} {read.unit.en or read.unit.zh}"


def as_subject(quantity: str) -> str:
    """The Chinese quantity where a verb follows it: set off where it ends in a figure."""
    return f"{quantity} " if quantity[-1:].isdigit() else quantity


def raise_to(value: Decimal, read: Input, up: bool) -> Text:
    """The sentence that asks for a value of at least (or at most) ``value``."""
    zh, en = quantity(value, read)
    if up:
        return Text(zh=f"提高到 {zh}", en=f"Raise to {en}")
    return Text(zh=f"降低到 {zh}", en=f"Lower to {en}")
