"""How the parts of a rule book are named in its pages."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import get_language

from shifan.rulebook import words
from shifan.rulebook.base import Text
from shifan.rulebook.deadlines import Deadline
from shifan.rulebook.effects import Keyed
from shifan.rulebook.indicators import IndicatorSet, Input, Provision, Statements
from shifan.rulebook.model import Measures, RuleBook
from shifan.rulebook.procedures import Gathers, Move, Procedure
from shifan.scoring.combine import in_words
from shifan.scoring.kinds.quantity import quantity as quantity_words

register = template.Library()


@register.filter
def named(part_id: str, parts: Iterable[Any]) -> str:
    """The name of the part with this id; the id itself where no part has it."""
    found = next((part for part in parts if part.id == part_id), None)
    return _said(found.name) if found is not None else part_id


@register.filter
def quantity(value: Decimal, read: Input) -> str:
    """A value with the unit of the input, e.g. ``81%``."""
    zh, en = quantity_words(Decimal(value), read)
    return en if (get_language() or "").startswith("en") else zh


def _said(text: Text) -> str:
    return text.in_(get_language() or "zh-hans")


@register.simple_tag
def maker(move: Move, procedure: Procedure, measures: Measures) -> str:
    """Who makes a move."""
    return _said(words.maker(move, procedure, measures))


@register.filter
def opening(procedure: Procedure, measures: Measures) -> str:
    """Who or what begins a proceeding."""
    return _said(words.opening(procedure, measures))


@register.filter
def subject(procedure: Procedure) -> str:
    """What the procedure is about."""
    return _said(words.SUBJECTS[procedure.about])


@register.filter
def deadline_name(name: str, procedure: Procedure) -> str:
    """What a deadline, or a moment, is called."""
    return _said(procedure.deadline(name).name)


@register.filter
def gathered(gathers: Gathers, measures: Measures) -> str:
    """Which files a batch puts together: by their procedure and stage."""
    procedure = measures.procedure(gathers.of)
    return f"{_said(procedure.name)} – {_said(procedure.stage(gathers.at).name)}"


@register.filter
def when_words(deadline: Deadline, procedure: Procedure) -> str:
    """When a deadline falls."""
    return _said(words.when(deadline.when, procedure))


@register.filter
def effect_words(effect: Keyed, measures: Measures) -> str:
    """What a move brings about."""
    return _said(words.effect(effect, measures))


@register.filter
def combined_words(statements: Statements) -> str:
    """How several statements on one fact are made one."""
    return _said(in_words(statements))


@register.filter
def leader(indicators: IndicatorSet, provision: Provision) -> Provision | None:
    """The provision at which the fact is stated, if it is another one."""
    return None if indicators.leads(provision) else indicators.leaders[provision.input.name]


@register.filter
def asked_by(input_name: str, book: RuleBook) -> Provision:
    """The first provision that reads the input; the checker has made sure that there is one."""
    return next(p for _, p in book.provisions() if p.input.name == input_name)
