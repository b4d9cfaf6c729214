"""How rule-book texts and points appear in pages."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from shifan.rulebook.base import Text
from shifan.scoring.arithmetic import points_text
from shifan.scoring.facts import plain

register = template.Library()


class _Other(str):
    """A text that is not in the page's language: in HTML its language is marked."""

    language: str

    def __html__(self) -> str:
        return format_html('<span lang="{}">{}</span>', self.language, str(self))


@register.filter
def say(text: Text | None) -> str:
    """A rule-book text in the page's language; where there is none, the other one, marked so."""
    if text is None:
        return ""
    language = get_language() or "zh-hans"
    said = text.in_(language)
    if not text.missing_in(language):
        return said
    other = _Other(said)
    other.language = "zh-Hans" if language.startswith("en") else "en"
    return other


@register.filter
def points(millipoints: int | None) -> str:
    """Millipoints as points: two decimals, a third only where it says something."""
    return points_text(millipoints) if millipoints is not None else "—"


@register.filter
def number(value: Decimal) -> str:
    """A number of the rule book without exponent or trailing zeros."""
    return plain(value)


@register.filter
def brief(value: Any) -> str:
    """A part of a rule book in one line, as a comparison shows it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@register.filter
def fact(value: Any) -> str:
    """A fact's value for reading."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return plain(value) if isinstance(value, Decimal) else str(value)


@register.inclusion_tag("components/sort.html", takes_context=True)
def sortable(
    context: template.Context, key: str, heading: str, number: bool = False
) -> dict[str, Any]:
    """The heading of a column that a click sorts by; of numbers the largest come first."""
    sort, down = str(context.get("sort", "")), f"-{key}"
    other = {key: down, down: key}
    return {
        "request": context["request"], "heading": heading, "number": number,
        "how": {key: "ascending", down: "descending"}.get(sort, ""),
        "then": other.get(sort, down if number else key),
    }  # fmt: skip
