"""Numbers of a rule with the unit of what the rule reads."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import get_language

from shifan.rulebook.base import Text
from shifan.rulebook.model import Input
from shifan.scoring.kinds.quantity import quantity

register = template.Library()


@register.filter
def in_unit(value: Decimal, read: Input) -> str:
    """A number with the input's unit: "60%", "4 meetings"."""
    zh, en = quantity(value, read)
    return Text(zh=zh, en=en).in_(get_language() or "zh-hans")
