"""Texts that nobody can read: blank ones, and such as hold characters that are not seen."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from pydantic import BaseModel

from shifan.rulebook.base import Text
from shifan.rulebook.check.place import Report
from shifan.rulebook.findings import Finding
from shifan.rulebook.loader import Reading
from shifan.rulebook.yaml_lines import Place

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Marks that turn the direction of writing: what is read is not what is written."""


def findings(reading: Reading) -> list[Finding]:
    """Every text of the book that is blank or holds a character nobody sees."""
    parts: list[tuple[str, BaseModel]] = [
        (reading.files[kind], each) for kind, each in reading.indicators.items()
    ]
    if reading.measures is not None:
        parts.append(("measures.yaml", reading.measures))
    found = []
    for name, part in parts:
        report = Report(reading.documents[name])
        for place, text in _strings(part, ()):
            if text and not text.strip():
                report.add(place, "", f"{place[-1]} is blank")
            hidden = next((each for each in text if _hidden(each)), None)
            if hidden is not None:
                code = f"U+{ord(hidden):04X}"
                report.add(place, "", f"{place[-1]} holds a character that is not seen: {code}")
        found += report.findings
    return found


def _hidden(letter: str) -> bool:
    return letter in TURNING or (
        unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t"
    )


def _strings(part: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(part, str):
        yield place, part
    elif isinstance(part, Text):
        yield from (((*place, "zh"), part.zh_), ((*place, "en"), part.en_))
    elif isinstance(part, BaseModel):
        for name, field in type(part).model_fields.items():
            yield from _strings(getattr(part, name), (*place, field.alias or name))
    elif isinstance(part, tuple):
        for number, each in enumerate(part):
            yield from _strings(each, (*place, number))
