"""Small indicator sets built in code: say only what a test is about, the rest is filled in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shifan.rulebook.indicators import Clause, IndicatorSet, Input

DRAFTED = {"status": "drafted", "basis": "none: drafted for a test"}
READS: dict[str, dict[str, Any]] = {
    "all_or_nothing": {"type": "boolean"},
    "steps": {"type": "percent"},
    "linear": {"type": "percent"},
    "per_count": {"type": "count"},
    "checklist": {"type": "checklist"},
    "deduct_per": {"type": "count"},
    "graded": {"type": "grade"},
    "satisfaction": {"type": "satisfaction"},
    "veto": {"type": "boolean"},
}
ALL_OR_NOTHING = {"kind": "all_or_nothing"}


def read(type_: str = "percent", **more: Any) -> Input:
    """The input of a rule, named ``fact`` unless said otherwise."""
    return Input.model_validate({"name": "fact", "type": type_, "from": ["self"], **more})


def provision(name: str, points: Any = 1, rule: Any = None, **more: Any) -> dict[str, Any]:
    """A clause or adjustment called ``name``, which is its input's name too; all or nothing unless
    a rule is given."""
    rule = rule or ALL_OR_NOTHING
    return {
        "id": more.pop("id", name),
        "text": {"zh": f"条款{name}", "en": f"Clause {name}"},
        "points": points,
        "rule": rule,
        "input": {"name": name, "from": ["self"], **READS[rule["kind"]], **more.pop("input", {})},
        "checked_by": ["materials"],
        "source": DRAFTED,
        **more,
    }


def clause(name: str, points: Any = 1, rule: Any = None, **more: Any) -> dict[str, Any]:
    """A clause; ``excuse`` ("exclude" or "full") lets it be declared not applicable."""
    excuse = more.pop("excuse", None)
    if excuse:
        more["not_applicable"] = {"when": {"zh": "无此情形"}, "treatment": excuse}
    return provision(name, points, rule, duty="required", theme="theme", **more)


def bonus(name: str, points: Any = 1, rule: Any = None, **more: Any) -> dict[str, Any]:
    return provision(name, points, rule, effect="bonus", **more)


def penalty(name: str, points: Any = 1, rule: Any = None, **more: Any) -> dict[str, Any]:
    return provision(name, points, rule, effect="penalty", **more)


def veto(name: str) -> dict[str, Any]:
    made = provision(name)
    return {key: made[key] for key in made if key not in ("points", "rule")}


def category(*clauses: dict[str, Any], id: str = "1", minimum: Any = None) -> dict[str, Any]:
    """A category with its clauses in one item."""
    item = {"id": f"{id}.1", "name": {"zh": f"项{id}.1"}, "clauses": list(clauses)}
    return {"id": id, "name": {"zh": f"类{id}"}, "minimum": minimum, "items": [item]}


def indicators(
    *parts: dict[str, Any],
    apply_from: Any = 0,
    adjustments: tuple[dict[str, Any], ...] = (),
    bonus_cap: Any = 100,
    penalty_cap: Any = None,
    vetoes: tuple[dict[str, Any], ...] = (),
) -> IndicatorSet:
    """An indicator set of clauses (put into one category) or of categories."""
    categories = list(parts) if "items" in parts[0] else [category(*parts)]
    worth = [c["points"] for part in categories for item in part["items"] for c in item["clauses"]]
    return IndicatorSet.model_validate(
        {
            "unit_type": "town",
            "name": {"zh": "指标", "en": "Indicators"},
            "source": DRAFTED,
            "base_points": sum(Decimal(str(points)) for points in worth),
            "apply_from": apply_from,
            "evidence_budget": 0,
            "themes": [{"id": "theme", "name": {"zh": "主题"}}],
            "categories": categories,
            "adjustments": {
                "bonus_cap": bonus_cap,
                "penalty_cap": penalty_cap,
                "entries": list(adjustments),
            },
            "vetoes": list(vetoes),
        }
    )


def one(rule: dict[str, Any], points: Any = 2, **read_more: Any) -> Clause:
    """A single clause with the rule; its input is called ``fact``."""
    return Clause.model_validate(clause("fact", points, rule, input=read_more))
