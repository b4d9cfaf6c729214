"""Write down what every default of the rule-book format is, for :mod:`shifan.rulebook.formats`.

``python -m tools.formats`` prints the table of the present models. A format's table never changes a
default once a book was published in it: a changed default is a new format.
"""

from __future__ import annotations

import json
import sys
import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from shifan.rulebook.indicators import IndicatorSet
from shifan.rulebook.model import GoldenUnit, Measures


def table() -> dict[str, Any]:
    """Per class its defaults, and of which class its parts are."""
    found: dict[str, Any] = {}
    todo: list[type[BaseModel]] = [Measures, IndicatorSet, GoldenUnit]
    while todo:
        model = todo.pop()
        if model.__name__ in found:
            continue
        entry: dict[str, Any] = {"defaults": {}, "parts": {}}
        found[model.__name__] = entry
        for name, field in model.model_fields.items():
            key = field.alias or name
            if not field.is_required():
                entry["defaults"][key] = to_jsonable_python(field.get_default(), by_alias=True)
            classes = list(dict.fromkeys(_classes(field.annotation)))
            if classes:
                entry["parts"][key] = _told_apart(classes)
                todo += classes
    return dict(sorted(found.items()))


def _classes(annotation: Any) -> list[type[BaseModel]]:
    """The classes of parts named anywhere in an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (Union, types.UnionType, Annotated, tuple, list, dict):
        return [each for part in get_args(annotation) for each in _classes(part)]
    return []


def _told_apart(classes: list[type[BaseModel]]) -> Any:
    """How a value tells which of the classes it is of."""
    if len(classes) == 1:
        return classes[0].__name__
    for name in (*classes[0].model_fields, *classes[-1].model_fields):
        words = {each: _word(each.model_fields.get(name)) for each in classes}
        if sum(bool(each) for each in words.values()) >= len(classes) - 1:
            return {
                "by": name,
                "of": {word: each.__name__ for each, said in words.items() for word in said},
                "else": next((each.__name__ for each, said in words.items() if not said), None),
            }
    having = {}
    for each in classes:
        others = {n for other in classes if other is not each for n in other.model_fields}
        having[next(n for n in each.model_fields if n not in others)] = each.__name__
    return {"having": having}


def _word(field: FieldInfo | None) -> tuple[str, ...]:
    """The words a field may say, where it is a literal without a default."""
    if field is None or get_origin(field.annotation) is not Literal or not field.is_required():
        return ()
    return tuple(str(word) for word in get_args(field.annotation))


if __name__ == "__main__":
    json.dump(table(), sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)
    print()
