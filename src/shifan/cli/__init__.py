"""``shifan …``: the command line.

One module per noun. Modules import what is heavy (polars, Django) inside their commands, so that
every command starts fast and those about rule books and scores need no database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer

from shifan.cli import (
    burden,
    facts,
    people,
    policy,
    proceeding,
    programme,
    records,
    rulebook,
    score,
    survey,
    tables,
    titles,
    workbook,
)
from shifan.cli.doctor import doctor
from shifan.cli.errors import Sentences
from shifan.cli.serve import serve

GROUPS: list[tuple[str, typer.Typer]] = [
    ("rulebook", rulebook.group),
    ("facts", facts.group),
    ("programme", programme.programme),
    ("cycle", programme.cycle),
    ("register", records.register),
    ("titles", titles.group),
    ("proceeding", proceeding.group),
    ("ledger", records.ledger),
    ("units", records.units),
    ("places", tables.places),
    ("accounts", people.accounts),
    ("policy", policy.group),
    ("demo", records.demo),
    ("workbook", workbook.group),
    ("survey", survey.group),
]
"""Sub-commands: ``shifan <name> <verb>``."""

COMMANDS: list[Callable[..., Any]] = [score.score, burden.burden, serve, doctor]
"""Commands of their own: ``shifan <name>``."""

app = typer.Typer(
    cls=Sentences,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Shifan runs designation programmes, from rule book to public register.",
)
for _command in COMMANDS:
    app.command()(_command)
for _name, _group in GROUPS:
    app.add_typer(_group, name=_name)


def main() -> None:
    """Entry point of the ``shifan`` command."""
    app()
