"""Read YAML exactly, remembering on which line everything stands.

Differs from plain YAML on purpose: numbers with a point become :class:`~decimal.Decimal` (never a
float), dates stay text until the model reads them, a repeated key is an error, and aliases are
refused, so that a small file cannot grow without bound.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
LONGEST = 40
"""Digits of a number at most."""

Place = tuple[str | int, ...]


@dataclass
class Document:
    """The content of one file, the line of each place in it, and what could not be read."""

    name: str
    content: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    origin: Callable[[Place], Place] = field(default=lambda place: place)
    """Where in the file stands what is at a place of the content."""
    words: dict[Place, str] = field(default_factory=dict)
    """What is written where something else than a text is read: ``no``, ``2020``, ``0123``."""
    others: dict[str, Document] = field(default_factory=dict)
    """The keys of the content that were taken from another file, with that file."""

    def where(self, place: Place) -> tuple[str, int]:
        """The file and the line of ``place``."""
        other = self.others.get(str(place[0])) if place else None
        return (other.name, other.line(place)) if other else (self.name, self.line(place))

    def line(self, place: Place) -> int:
        """The line of ``place``, or of the nearest place around it."""
        place = self.origin(place)
        while place not in self.lines and place:
            place = place[:-1]
        return self.lines.get(place, 1)


def read(path: Path, name: str) -> Document:
    """The file at ``path`` as a document called ``name``; problems are collected, not raised."""
    document = Document(name)
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise ValueError(f"the file has {len(raw)} bytes; at most {MAX_BYTES} are read")
        root = _compose(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        document.problems.append((1, "is not UTF-8 text: save it as UTF-8"))
        return document
    except FileNotFoundError:
        document.problems.append((1, "is missing"))
        return document
    except OSError:
        document.problems.append((1, "cannot be opened: is it a file, and may it be read?"))
        return document
    except ValueError as error:
        document.problems.append((1, f"cannot be read: {error}"))
        return document
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.problems.append((mark.line + 1 if mark else 1, f"is not YAML: {error.problem}"))
        return document
    except RecursionError:
        document.problems.append((1, "is nested too deeply"))
        return document
    except yaml.YAMLError:
        document.problems.append((1, "is not YAML: it holds a character that no text has"))
        return document
    if root is None:
        document.problems.append((1, "is empty"))
        return document
    document.content = _build(root, (), document)
    return document


def _compose(text: str) -> yaml.Node | None:
    """The nodes of the text: by libyaml, ten times as fast, where it can do no harm and finds
    nothing wrong; else by the loader that says what is."""
    with suppress(yaml.YAMLError):
        if yaml.__with_libyaml__ and _harmless(text):
            return yaml.compose(text, Loader=yaml.CSafeLoader)
    return yaml.compose(text, Loader=_Loader)


def _harmless(text: str) -> bool:
    """Whether the text has no alias and is not so deep that libyaml's composer could overflow."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH or isinstance(event, yaml.AliasEvent):
            return False
    return True


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.get_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem=f"alias *{event.anchor} is not allowed; write it out",
                problem_mark=event.start_mark,
            )
        return super().compose_node(parent, index)


def _build(node: yaml.Node, place: Place, document: Document) -> Any:
    document.lines[place] = node.start_mark.line + 1
    if len(place) > MAX_DEPTH:
        document.problems.append((node.start_mark.line + 1, "is nested too deeply"))
        return None
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, document)
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*place, i), document) for i, child in enumerate(node.value)]
    return _scalar(node, place, document)


def _mapping(node: yaml.MappingNode, place: Place, document: Document) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in result:
            document.problems.append((line, f"key {key!r} is given twice"))
            continue
        result[key] = _build(value_node, (*place, key), document)
        document.lines[(*place, key)] = line
    return result


def _scalar(node: yaml.Node, place: Place, document: Document) -> Any:
    text = str(node.value)
    kind = node.tag.rpartition(":")[2]
    if kind in ("null", "bool", "int", "float"):
        document.words[place] = text
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in {"true", "yes", "on"}
    if kind in {"int", "float"}:
        number = _number(text)
        if number is not None:
            return int(number) if kind == "int" else number
        line, written = node.start_mark.line + 1, text if len(text) <= LONGEST else f"{text[:20]}…"
        document.problems.append((line, f"{written!r} is not a plain decimal number"))
        return None
    return text


def _number(text: str) -> Decimal | None:
    """The number written; None for one that is none, or has more digits than any use."""
    try:
        number = Decimal(text.replace("_", "")) if len(text) <= LONGEST else Decimal("NaN")
    except ArithmeticError:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= LONGEST else None
