"""Which language the command line speaks, and how it prints."""

from __future__ import annotations

import json
import os
import sys
from decimal import Decimal
from typing import Annotated, Any

import typer

from shifan.rulebook.base import Text

_chosen: list[str] = []


def choose(language: str | None) -> str | None:
    """Speak ``language`` from here on; without one, follow the environment."""
    if language is not None and language not in ("zh", "en"):
        raise typer.BadParameter("zh or en")
    _chosen[:] = [language] if language else []
    return language


Lang = Annotated[
    str | None,
    typer.Option(
        "--lang", callback=choose, is_eager=True, help="zh or en; otherwise as LC_ALL or LANG say."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of sentences.")]


def language() -> str:
    """``zh`` where LC_ALL or LANG begin with it (or ``--lang`` says so), else ``en``."""
    if _chosen:
        return _chosen[0]
    locale = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"


def said(text: Text) -> str:
    return text.in_(language())


def say(zh: str, en: str) -> None:
    """Print a sentence in the language chosen."""
    typer.echo(said(Text(zh=zh, en=en)))


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "error"), counted(0, "warning")
    ('1 error', '0 warnings')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def say_json(content: Any) -> None:
    """Print JSON; exact decimals become JSON numbers."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2, default=_plain))


def tell(text: Text | None) -> None:
    """Say beside the results what is to be known about them, if anything."""
    if text is not None:
        print(said(text), file=sys.stderr)


def complain(text: Text) -> None:
    print(said(text), file=sys.stderr)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return number(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def number(value: Decimal) -> int | float:
    """A decimal as a JSON number: whole where it is whole."""
    return int(value) if value == int(value) else float(value)
