"""Bring the file of an author into the present format, leaving alone what does not change."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import yaml

from shifan.rulebook.model import Programme
from shifan.rulebook.upgrade import GONE

WIDTH = 100
"""Columns a line may have before a part is written over several."""


def rewritten(text: str, upgraded: dict[str, Any]) -> str:
    """The text of measures in format 1 as procedures; ``upgraded`` is its content in the present
    format.

    Every other part stays as it was written. Comments above the parts that went stand above the
    procedures; comments inside them are lost.
    """
    blocks = re.split(r"^(?=[A-Za-z_]+:)", text, flags=re.M)
    kept, comments, place = [], [], None
    for number, block in enumerate(blocks):
        following = _split(block)[1]
        if _key(block) not in GONE:
            kept.append(block)
            continue
        if _key(block) == "stages":
            place = len(kept)
        before = kept[-1] if kept and number else ""
        own = _split(before)[1] if before else ""
        if own.strip():
            comments.append(own.strip("\n"))
            kept[-1] = _split(before)[0] + "\n"
        if following.strip():
            kept.append(following)
    procedures = "procedures:\n" + _list(upgraded["procedures"], 2)
    written = "\n".join([*comments, procedures]) + "\n"
    kept.insert(len(kept) if place is None else place, written)
    return re.sub(r"\n{3,}", "\n\n", "".join(kept)).rstrip() + "\n"


def parted(text: str) -> tuple[str, str]:
    """The text of measures without what belongs into ``programme.yaml``, and that, each with the
    comments above it; the comment at the head of the file stays with the measures."""
    blocks = re.split(r"^(?=[A-Za-z_]+:)", text, flags=re.M)
    head = [blocks.pop(0)] if blocks and not _key(blocks[0]) else []
    parts: tuple[list[str], list[str]] = (head, [])
    carried = ""
    for block in blocks:
        own, following = _split(block)
        gap = "\n" if block.endswith("\n\n") and not following else ""
        parts[_key(block) in Programme.model_fields].append(carried + own + gap)
        carried = following
    rest, programme = ("".join(part) for part in parts)
    return rest + carried, programme


def _key(block: str) -> str:
    return block.partition(":")[0] if re.match(r"[A-Za-z_]+:", block) else ""


def _split(block: str) -> tuple[str, str]:
    """A block's own text, and the comment lines at its end, which belong to what follows."""
    lines = block.rstrip("\n").split("\n")
    end = len(lines)
    while end > 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return "\n".join(lines[:end]) + "\n", "\n".join(lines[end:]) + (
        "\n" if end < len(lines) else ""
    )


def _list(values: list[Any], indent: int) -> str:
    return "".join(" " * indent + "- " + _value(each, indent + 2).lstrip() for each in values)


def _value(value: Any, indent: int, room: int = 0) -> str:
    """A value from where it stands to the end of its line."""
    flow = _flow(value)
    nested = isinstance(value, dict) and any(
        isinstance(each, list) and any(isinstance(part, dict) for part in each)
        for each in value.values()
    )
    if not nested and indent + room + len(flow) <= WIDTH and "\n" not in flow:
        return flow + "\n"
    if isinstance(value, dict):
        rows = []
        for key, each in value.items():
            shown = _value(each, indent + 2, len(key))
            block = shown.startswith((" " * (indent + 2), "- "))
            rows.append(" " * indent + f"{key}:" + ("\n" if block else " ") + shown)
        return "".join(rows)
    if isinstance(value, list):
        return _list(value, indent)
    return flow + "\n"


def _flow(value: Any) -> str:
    shown: str = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, allow_unicode=True, sort_keys=False,
        width=float("inf"),
    )  # fmt: skip
    return re.sub(r"'on': (\d\d-\d\d)", r'on: "\1"', shown.removesuffix("...\n").strip())


class _Dumper(yaml.SafeDumper):
    """Writes exact decimals as numbers."""


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:float", f"{value:f}")


_Dumper.add_representer(Decimal, _decimal)
