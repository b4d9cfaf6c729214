"""What is wrong with a value of a rule book, in a sentence for who wrote it.

The model says it in the words of its library; none of them leaves this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FORMS = {
    "^[a-z][a-z0-9_]*$": "must be of lower-case letters, digits and _, a letter first",
    "^[A-Za-z0-9][A-Za-z0-9._-]*$": "must be of letters, digits, points, hyphens and _",
    r"^\d\d-\d\d$": "must be a day of every year, as 03-31",
    "^[A-Z]{2}$": "must be the two letters of a country, as CN",
}
"""What a pattern of the model asks for."""

KINDS = {
    "model_type": "must hold entries of its own (name: value)",
    "model_attributes_type": "must hold entries of its own (name: value)",
    "dict_type": "must hold entries of its own (name: value)",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "decimal_type": "must be a number",
    "decimal_parsing": "must be a number",
    "finite_number": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be a text",
}


def sentence(problem: Mapping[str, Any], written: str | None) -> str:
    """The problem of a value, named by its field.

    ``written`` is what stands in the file where something else than a text was read.
    """
    kind, names = str(problem["type"]), [each for each in problem["loc"] if isinstance(each, str)]
    leaf = names[-1] if names else ""
    more: Mapping[str, Any] = problem.get("ctx") or {}
    if kind == "value_error":  # said by the model itself
        return str(problem["msg"]).removeprefix("Value error, ")
    if kind == "missing":
        return f"{leaf} is missing"
    if kind == "extra_forbidden":
        return f"{leaf} is not a field here"
    if kind == "string_type" and written:
        return f'{leaf}: {written} is not read as a text here; quote it: "{written}"'
    if kind == "string_type" and problem["input"] is None:
        return f"{leaf} is empty"
    if kind == "no_such_form":
        asked = next((SEVERAL[each] for each in reversed(names) if each in SEVERAL), UNCLEAR)
        return f"{leaf} {asked}"
    if kind in OWN:
        return f"{leaf}: {problem['msg']}"
    return f"{leaf} {_asked(kind, more)}".strip()


def _asked(kind: str, more: Mapping[str, Any]) -> str:
    if kind in KINDS:
        return KINDS[kind]
    if kind == "string_pattern_mismatch":
        return FORMS.get(str(more["pattern"]), "is not written as it must be")
    if kind in ("literal_error", "enum"):
        return f"must be {more['expected']}".replace("'", "")
    if kind == "union_tag_invalid":
        expected = str(more["expected_tags"]).replace("'", "")
        return f"is {more['tag']}, which is none of {expected}"
    if kind == "union_tag_not_found":
        return f"does not say its {str(more['discriminator']).strip(chr(39))}"
    bounds = {
        "greater_than": ("gt", "must be more than"),
        "greater_than_equal": ("ge", "must be at least"),
        "less_than": ("lt", "must be less than"),
        "less_than_equal": ("le", "must be at most"),
    }
    if kind in bounds:
        key, words = bounds[kind]
        return f"{words} {more[key]}"
    counts = {
        "too_short": ("min_length", "must have at least", "entries"),
        "too_long": ("max_length", "must have at most", "entries"),
        "string_too_short": ("min_length", "must have at least", "characters"),
        "string_too_long": ("max_length", "must have at most", "characters"),
    }
    if kind in counts:
        key, words, what = counts[kind]
        return f"{words} {more[key]} {what if more[key] != 1 else SINGLE[what]}"
    if kind.startswith(("date", "time")):
        return (
            "must be a time, as 17:00"
            if kind.startswith("time")
            else ("must be a day that there is, as 2026-03-31")
        )
    return UNCLEAR


UNCLEAR = "is not what is asked for here"
SEVERAL = {
    "given": "must be true, false, a number, a grade, a list of parts, or {share: 90, sample: 400}",
    "facts": "must be true, false, a number or a grade",
    "from": "must be decision, old_end, or a day of every year, as 03-31",
}
"""What a field asks for that may be of several forms."""
OWN = frozenset({"span", "when", "voices", "by", "effect", "opens"})
"""Where the model says in words of its own what is asked for."""
SINGLE = {"entries": "entry", "characters": "character"}
