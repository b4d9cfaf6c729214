"""Texts that are missing in a language the programme says it has."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from shifan.rulebook.base import Text
from shifan.rulebook.check.place import Report
from shifan.rulebook.findings import Finding
from shifan.rulebook.loader import Reading
from shifan.rulebook.yaml_lines import Place

NAMES = {"zh": "Chinese", "en": "English"}


def findings(reading: Reading) -> list[Finding]:
    """A text without the first of the languages is an error, without another one a warning.

    Where the book declares none, English is missed in its provisions only.
    """
    measures = reading.measures
    assert measures is not None
    declared = "languages" in measures.model_fields_set
    found = []
    files: list[tuple[str, BaseModel]] = [("measures.yaml", measures)]
    files += [(reading.files[kind], each) for kind, each in reading.indicators.items()]
    for name, part in files:
        report = Report(reading.documents[name])
        for place, where, text in _texts(part, (), ""):
            for number, language in enumerate(measures.languages):
                asked = declared or not number or _provision(place, where)
                if asked and text.missing_in(language):
                    message = f"has no {NAMES[language]} text"
                    report.add(place, where, message, "warning" if number else "error")
        found += report.findings
    return found


def _provision(place: Place, where: str) -> bool:
    return place[-1] == "text" and where.startswith(("clause ", "adjustment ", "veto "))


def _texts(part: object, place: Place, where: str) -> Iterator[tuple[Place, str, Text]]:
    """Every text with its place in the file, and the nearest part around it that has an id."""
    if isinstance(part, Text):
        yield place, where, part
    elif isinstance(part, BaseModel):
        id_ = getattr(part, "id", None)
        here = f"{type(part).__name__.lower()} {id_}" if id_ else where
        for name, field in type(part).model_fields.items():
            yield from _texts(getattr(part, name), (*place, field.alias or name), here)
    elif isinstance(part, tuple):
        for number, each in enumerate(part):
            yield from _texts(each, (*place, number), where)
