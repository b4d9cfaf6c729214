"""How the parts of a rule book are named in its pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language

from shifan.accounts.models import Role
from shifan.rulebook.indicators import Input, Provision
from shifan.rulebook.model import RuleBook
from shifan.scoring.kinds.quantity import quantity as in_words

register = template.Library()


@register.filter
def named(part_id: str, parts: Iterable[Any]) -> str:
    """The name of the part with this id; the id itself where no part has it."""
    found = next((part for part in parts if part.id == part_id), None)
    return found.name.in_(get_language() or "zh-hans") if found is not None else part_id


@register.filter
def quantity(value: Decimal, read: Input) -> str:
    """A value with the unit of the input, e.g. ``81%``."""
    zh, en = in_words(Decimal(value), read)
    return en if (get_language() or "").startswith("en") else zh


@register.filter
def role_name(role: str) -> str:
    """What a role is called."""
    return str(Role(role).label)


@register.filter
def month_day(on: str) -> str:
    """A deadline's ``02-28`` as a day of any year."""
    month, day = map(int, on.split("-"))
    return date_format(date(2000, month, day), "MONTH_DAY_FORMAT")


@register.filter
def asked_by(input_name: str, book: RuleBook) -> Provision:
    """The first provision that reads the input; the checker has made sure that there is one."""
    return next(p for _, p in book.provisions() if p.input.name == input_name)
