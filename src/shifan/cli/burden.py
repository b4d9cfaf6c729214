"""``shifan burden``: what the assessed are asked for."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import typer

from shifan.cli.django import database
from shifan.cli.speech import AsJson, Lang, counted, say, say_json


def burden(as_json: AsJson = False, lang: Lang = None) -> None:
    """Count the documents, entries, pages and hours of all applications; by tier, clause, unit."""
    with database():
        from shifan.burden.queries import Burden, reckon
        from shifan.proceedings.models import Proceeding

        ledger = reckon(Proceeding.objects.all())

    def plain(made: Burden) -> dict[str, Any]:
        return asdict(made) | {"hours": made.hours}

    if as_json:
        content: dict[str, Any] = {
            "applications": ledger.applications,
            "total": plain(ledger.total),
            "tiers": {key: plain(made) for key, made in sorted(ledger.tiers.items())},
            "clauses": {key: plain(made) for key, made in sorted(ledger.clauses.items())},
            "units": {key: plain(made) for key, made in sorted(ledger.units.items())},
        }
        say_json(content)
        return
    total = ledger.total
    say(
        f"{ledger.applications} 个申报：填报 {total.entries} 次，上传 {total.documents} 个文件"
        f"（{total.pages} 页），约 {total.hours} 小时",
        f"{counted(ledger.applications, 'application')}: entries {total.entries}, "
        f"{counted(total.documents, 'file')} ({counted(total.pages, 'page')}), "
        f"about {total.hours} hours",
    )
    for key, made in ledger.costliest():
        typer.echo(f"{made.hours:>8}  {key}")
