"""The published JSON Schema of the rule-book format, made from the model."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core.core_schema import DecimalSchema

from shifan.rulebook.indicators import IndicatorSet
from shifan.rulebook.model import GoldenUnit, Measures, Programme


class _Numbers(GenerateJsonSchema):
    """Decimals are numbers; without this, any text would pass for one."""

    def decimal_schema(self, schema: DecimalSchema) -> JsonSchemaValue:
        made = super().decimal_schema(schema)
        number: JsonSchemaValue = made["anyOf"][0] if "anyOf" in made else made
        return number


def schema() -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) with one definition per kind of file.

    ``$defs/Programme`` is for ``programme.yaml``, ``$defs/Measures`` for ``measures.yaml`` (which
    may hold the former's fields too), ``$defs/IndicatorSet`` for ``indicators/*.yaml``,
    ``$defs/GoldenUnit`` for each entry of ``golden/*.yaml``.
    """
    kinds = (Programme, Measures, IndicatorSet, GoldenUnit)
    models = [(each, "validation") for each in kinds]
    _, document = models_json_schema(
        models,  # type: ignore[arg-type]
        by_alias=True,
        schema_generator=_Numbers,
    )
    measures = document["$defs"]["Measures"]
    measures["required"] = [k for k in measures["required"] if k not in Programme.model_fields]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Shifan rule book",
        "anyOf": [
            {"$ref": "#/$defs/Programme"},
            {"$ref": "#/$defs/Measures"},
            {"$ref": "#/$defs/IndicatorSet"},
            {"type": "array", "items": {"$ref": "#/$defs/GoldenUnit"}},
        ],
        "$defs": document["$defs"],
    }
