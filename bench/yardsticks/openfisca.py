"""The same indicators as an OpenFisca system: a variable per column and clause, and their total.

Simpler than what Shifan computes: a missing fact counts as nought, there are no caps, minima,
vetoes or verdicts, points are 32-bit floats, and only the total comes out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from shifan.rulebook.indicators import IndicatorSet, ScoredProvision, columns
from shifan.scoring.facts import Column, table_columns

YEAR = "2026"
Formula = Callable[..., Any]


def system(indicators: IndicatorSet) -> TaxBenefitSystem:
    """The indicators as OpenFisca has them."""
    unit = build_entity(key="unit", plural="units", label="unit", is_person=True)
    made = TaxBenefitSystem([unit])

    def add(name: str, type_: type, formula: Formula | None = None) -> None:
        body: dict[str, Any] = {
            "value_type": type_,
            "entity": unit,
            "definition_period": DateUnit.YEAR,
            "label": name,
        }
        made.add_variable(type(name, (Variable,), body | ({"formula": formula} if formula else {})))

    for column in table_columns(indicators):
        number = float if column.decimals else int
        add(column.name, bool if column.type == "boolean" else number)
    signs = {f"points_{clause.id}".replace(".", "_"): (clause, 1) for clause in indicators.clauses}
    for entry in indicators.adjustments.entries:
        signs[f"points_{entry.id}"] = (entry, 1 if entry.effect == "bonus" else -1)
    for name, (provision, _) in signs.items():
        add(name, float, _formula(provision))

    def total(units: Any, period: Any) -> Any:
        return sum(sign * units(name, period) for name, (_, sign) in signs.items())

    add("total", float, total)
    return made


def _formula(provision: ScoredProvision) -> Formula:
    names, rule, points = columns(provision), provision.rule, float(provision.points)

    def award(*values: Any) -> Any:
        value = values[0]
        if rule.kind == "all_or_nothing":
            return value * points
        if rule.kind == "checklist":
            weights = [part.weight for part in rule.parts]
            ticked = sum(v * w for v, w in zip(values, weights, strict=True))
            return ticked * (points / sum(weights))
        if rule.kind == "per_count":
            return np.minimum(value * float(rule.each), points)
        if rule.kind == "deduct_per":
            return np.maximum(points - value * float(rule.each), float(rule.floor))
        if rule.kind == "graded":
            return np.array([float(grade.points) for grade in rule.grades] + [0.0])[value]
        if rule.kind == "steps":
            reached = [(value >= float(s.at), float(s.points)) for s in rule.steps[::-1]]
            if rule.direction == "at_most":
                reached = [(value <= float(s.at), float(s.points)) for s in rule.steps[::-1]]
            return np.select([r for r, _ in reached], [p for _, p in reached], 0.0)
        if rule.kind == "satisfaction":
            low, full = float(rule.zero_at), float(rule.full_at)
            share = np.clip((value - low) / (full - low), 0, 1)
            return np.where(values[1] >= rule.minimum_sample, share * points, 0.0)
        low, full = float(rule.low), float(rule.full)
        return np.clip((value - low) / (full - low), 0, 1) * points

    def formula(units: Any, period: Any) -> Any:
        return award(*(units(name, period) for name in names))

    return formula


def arrays(indicators: IndicatorSet, facts: pl.DataFrame) -> dict[str, Any]:
    """The facts as the arrays OpenFisca takes; a grade as its place from the best."""
    made = {}
    for column in table_columns(indicators):
        made[column.name] = _array(column, facts[column.name])
    return made


def _array(column: Column, series: pl.Series) -> Any:
    if column.type == "boolean":
        return series.fill_null(False).to_numpy()
    if column.type == "grade":
        places = series.cast(pl.Enum(list(column.grades))).to_physical().cast(pl.Int32)
        return places.fill_null(len(column.grades)).to_numpy()
    kind = pl.Float32 if column.decimals else pl.Int32
    return series.cast(kind).fill_null(0).to_numpy()


def total(made: TaxBenefitSystem, indicators: IndicatorSet, path: Path) -> Any:
    """Read the file and calculate every unit's total."""
    facts = pl.read_parquet(path)
    simulation = SimulationBuilder().build_default_simulation(made, count=facts.height)
    for name, values in arrays(indicators, facts).items():
        simulation.set_input(name, YEAR, values)
    return simulation.calculate("total", YEAR)
