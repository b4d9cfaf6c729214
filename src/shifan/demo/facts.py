"""Plausible facts for a demo unit: every clause earns about a wished share of its points."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from shifan.rulebook.indicators import IndicatorSet, Provision, ScoredProvision, columns
from shifan.rulebook.rules import Satisfaction
from shifan.scoring.kinds import kind
from shifan.statements.assessment import as_text

Facts = dict[str, dict[str, str]]
"""Provision → column → stored text."""


def plausible(indicators: IndicatorSet, quality: float, random: Random) -> Facts:
    """Facts under which clauses earn about ``quality`` (0..1) of their points, more or less.

    Penalties and vetoes do not apply; one bonus in two is claimed.
    """
    facts: Facts = {}
    for clause in indicators.clauses:
        share = 1.0 if random.random() < quality else random.uniform(0.3, 0.9)
        if indicators.leads(clause):
            facts[clause.id] = _earning(clause, share)
    for entry in indicators.adjustments.entries:
        if entry.effect == "bonus" and random.random() < 0.5:
            facts[entry.id] = _earning(entry, 0.5)
        elif entry.effect == "penalty":
            facts[entry.id] = {columns(entry)[0]: _none(entry)}
    for veto in indicators.vetoes:
        facts[veto.id] = {columns(veto)[0]: "false"}
    return facts


def _none(provision: Provision) -> str:
    return "false" if provision.input.type == "boolean" else "0"


def _earning(provision: ScoredProvision, share: float) -> dict[str, str]:
    """The least fact that earns at least ``share`` of the provision's points."""
    rule, points, module = provision.rule, provision.millipoints, kind(provision.rule)
    worst = module.worst(rule)
    change = module.improve(rule, worst, points, int(points * share), provision.input)
    value = change.to if change is not None else worst
    if isinstance(rule, Satisfaction):
        value = (value[0], Decimal(rule.minimum_sample + 120))
    values = value if isinstance(value, tuple) else (value,)
    if provision.input.statements is not None:
        values = values * provision.input.statements.most
    return {
        column: as_text(each) or "" for column, each in zip(columns(provision), values, strict=True)
    }
