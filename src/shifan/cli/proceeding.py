"""``shifan proceeding …``: one run of a procedure, as it stands."""

from __future__ import annotations

import json
from uuid import UUID

import typer

from shifan.cli.django import database

group = typer.Typer(help="Proceedings.", no_args_is_help=True)


@group.callback()
def _group() -> None:
    """Keeps ``show`` a sub-command."""


@group.command("show")
def show(
    proceeding: str = typer.Argument(help="Its id."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Say where a proceeding stands, who has part in it, whose turn it is, and its steps."""
    try:
        key = UUID(proceeding)
    except ValueError as error:
        raise typer.BadParameter("not the id of a proceeding") from error
    with database():
        from shifan.proceedings.models import Proceeding
        from shifan.proceedings.presentation import as_data

        found = Proceeding.objects.select_related("unit").filter(pk=key).first()
        said = as_data(found) if found is not None else None
    if said is None:
        typer.echo("There is no such proceeding.", err=True)
        raise typer.Exit(1)
    if as_json:
        print(json.dumps(said, ensure_ascii=False, indent=2))
        return
    print(f"{said['procedure']}  {said['unit']}  {said['stage']}  {said['since']}")
    for step in said["steps"]:
        print(f"  {step['at']}  {step['move']:<20} {step['from'] or '-'} → {step['to']}")
