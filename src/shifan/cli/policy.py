"""``shifan policy …``: who may do what."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shifan.cli.speech import AsJson, Lang, say

if TYPE_CHECKING:
    from shifan.accounts.matrix import Cell

group = typer.Typer(help="Who may do what.", no_args_is_help=True)


@group.command("matrix")
def matrix(
    books: Annotated[
        list[str] | None,
        typer.Argument(help="Rule books: folders or short names; without one, all that ship."),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Say for every capacity, permission and stage of the rule books whether it is allowed."""
    from shifan.accounts.matrix import cells
    from shifan.rulebook.loader import load, shipped

    found = [cell for name in books or shipped() for cell in cells(load(name))]
    if as_json:
        _print_json(found)
    else:
        _print_summary(found)


def _print_json(found: list[Cell]) -> None:
    """One row a line, so that it can be searched and compared line by line."""
    head = {
        "cells": len(found),
        "permissions": sorted({cell.permission for cell in found}),
        "capacities": sorted({str(cell.capacity) for cell in found}),
    }
    rows = ",\n".join(json.dumps(_row(cell), ensure_ascii=False) for cell in found)
    typer.echo(f'{json.dumps(head, ensure_ascii=False)[:-1]}, "rows": [\n{rows}\n]}}')


def _row(cell: Cell) -> dict[str, Any]:
    return {
        "book": cell.book,
        "unit_type": cell.unit_type,
        "channel": cell.channel,
        "stage": cell.way.stage.id if cell.way else None,
        "come_to": sorted(cell.way.tiers) if cell.way else [],
        "capacity": str(cell.capacity),
        "permission": cell.permission,
        "allowed": cell.allowed,
    }


def _print_summary(found: list[Cell]) -> None:
    """Each permission with those who ever have it in one capacity, and in how many of the cells."""
    say(
        f"共 {len(found)} 格：阶段（按规则、单位类型、渠道）× 身份 × 权限",
        f"{len(found)} cells: stage (by rule book, unit type, channel) × capacity × permission",
    )
    held: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for cell in found:
        if len(cell.capacity.hats) <= 1:
            held[cell.permission][str(cell.capacity)].append(cell.allowed)
    for permission, capacities in sorted(held.items()):
        typer.echo(permission)
        for capacity, allowed in capacities.items():
            if any(allowed):
                typer.echo(f"    {capacity}  {sum(allowed)}/{len(allowed)}")
