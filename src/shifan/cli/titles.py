"""``shifan titles …``: what units hold, on any day, as known at any moment."""

from __future__ import annotations

import json
from datetime import date, datetime

import typer

from shifan.cli.django import database

group = typer.Typer(help="Titles and how they stand.", no_args_is_help=True)


@group.command("list")
def list_titles(
    on: str = typer.Option("", help="The day, as 2026-01-29; today if left out."),
    known: str = typer.Option("", help="As known at a moment, as 2026-01-29T12:00+08:00."),
    programme: str = typer.Option("", help="Of this programme only."),
    level: str = typer.Option("", help="Of this level only."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """List titles of every level with their state and all that happened to them."""
    try:
        day = date.fromisoformat(on) if on else None
        moment = datetime.fromisoformat(known) if known else None
    except ValueError as error:
        raise typer.BadParameter(f"not a day or a moment: {error}") from error
    with database():
        from django.utils import timezone

        from shifan.titles.models import Title
        from shifan.titles.presentation import as_data
        from shifan.titles.queries import read, standings

        if moment is not None and moment.tzinfo is None:
            moment = timezone.make_aware(moment)
        asked = {key: value for key, value in (("programme", programme), ("level", level)) if value}
        titles = standings(Title.objects.filter(**asked), day or timezone.localdate(), moment)
        rows = as_data(read(titles.order_by("programme", "level", "exercise", "number")), moment)
    if as_json:
        print(json.dumps({"titles": rows, "count": len(rows)}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        until = row["until"] or ""
        print(
            f"{row['level']:<12} {row['number']:>5}  {row['state']:<11} {until:<10}  {row['name']}"
        )
