"""The formats in which rule books were published, and how each is read and checked.

A book is stored with every value written out and the number of its format, so that no later default
in the code changes what was published. Format 1 left its defaults out: they are kept as they were
in ``defaults/format_1.json``, those of the present format in ``defaults/format_2.json``. A default
of a published format never changes; a changed default is a new format.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any

from shifan.proof.digest import digest
from shifan.rulebook.upgrade import is_old, upgrade

FORMAT = 2
"""The present format."""


def format_of(content: dict[str, Any]) -> int:
    """The format of a stored rule book; format 1 did not say."""
    return int(content.get("format", 1))


def digest_of(content: dict[str, Any]) -> str:
    """The digest of a rule book as it is stored, in the form of its format."""
    if format_of(content) > 1:
        return digest(content)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def present(content: dict[str, Any]) -> dict[str, Any]:
    """What a stored rule book says, in the present format and in full."""
    measures = content["measures"]
    if format_of(content) == 1:
        content = in_full(content, 1)
        measures = content["measures"]
    if is_old(measures):
        measures = upgrade(measures)
    return {**in_full({**content, "measures": measures}, FORMAT), "format": FORMAT}


def in_full(content: dict[str, Any], number: int) -> dict[str, Any]:
    """A rule book with the defaults of the format written out wherever it gives no value."""
    table = _table(number)
    return {
        **content,
        "measures": _filled(content["measures"], "Measures", table),
        "indicators": {
            key: _filled(each, "IndicatorSet", table) for key, each in content["indicators"].items()
        },
        "golden": [_filled(each, "GoldenUnit", table) for each in content["golden"]],
    }


@cache
def _table(number: int) -> dict[str, Any]:
    name = f"defaults/format_{number}.json"
    found: dict[str, Any] = json.loads(files("shifan.rulebook").joinpath(name).read_text("utf-8"))
    return found


def _filled(value: Any, told: Any, table: dict[str, Any]) -> Any:
    """A part with its defaults; ``told`` says of which class it is, or how to tell."""
    if isinstance(value, list):
        return [_filled(each, told, table) for each in value]
    if not isinstance(value, dict):
        return value
    name = _class(value, told)
    if name is None:
        return value
    entry = table[name]
    whole = {**entry["defaults"], **value}
    return {key: _filled(each, entry["parts"].get(key), table) for key, each in whole.items()}


def _class(value: dict[str, Any], told: Any) -> str | None:
    if told is None or isinstance(told, str):
        return told
    if "having" in told:
        return next((name for key, name in told["having"].items() if key in value), None)
    word = value.get(told["by"])
    name: str | None = told["of"].get(word) if isinstance(word, str) else None
    return name or told["else"]
