"""``shifan register …``, ``ledger …``, ``units …``, ``demo …``: what stands in the database."""

from __future__ import annotations

import json

import typer

from shifan.cli.django import database

register = typer.Typer(help="The public register.", no_args_is_help=True)
ledger = typer.Typer(help="The audit ledger.", no_args_is_help=True)
units = typer.Typer(help="Administrative divisions and units.", no_args_is_help=True)
demo = typer.Typer(help="Demo mode.", no_args_is_help=True)

JSON = typer.Option(False, "--json", help="Print JSON.")


@register.command("list")
def list_titles(as_json: bool = JSON) -> None:
    """List the titles of the register, the newest first."""
    with database():
        from django.utils import timezone

        from shifan.register import queries
        from shifan.titles.queries import read

        on = timezone.now().date()
        rows = [
            {
                "id": str(title.pk),
                "name": title.unit.name,
                "unit_type": title.unit.kind_in(title.programme),
                "division": title.unit.division_id,
                "programme": title.programme,
                "level": title.level,
                "batch": term.batch,
                "awarded_on": term.holds_from.isoformat(),
                "awarded_precision": term.precision,
                "valid_until": term.until.isoformat() if term.until else None,
                "state": str(standing.state),
                "rulebook": term.rulebook or None,
                "rulebook_digest": term.rulebook_digest or None,
                "exercise": title.exercise,
                "source": term.source or (f"shifan:{term.step.proceeding_id}" if term.step else ""),
            }
            for standing in read(queries.titles(on))
            for title, term in [(standing.title, standing.term)]
            if term is not None
        ]
    if as_json:
        print(json.dumps({"titles": rows, "count": len(rows)}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        print(f"{row['awarded_on']}  {row['batch'] or '-':>3}  {row['state']:<8} {row['name']}")


@register.command("load")
def load_recorded(
    rulebook: str = typer.Option("neac/2020", help="Whose recorded designations to load."),
) -> None:
    """Load the designations on public record that the programme ships."""
    with database():
        from django.utils import timezone

        from shifan.accounts.actor import SYSTEM
        from shifan.register import recorded
        from shifan.rulebook.loader import load

        try:
            count = recorded.load(book=load(rulebook), actor=SYSTEM, now=timezone.now())
        except (recorded.UnplacedRow, FileNotFoundError) as error:
            raise _stop(str(error)) from error
    print(f"{count} designations on record.")


@ledger.command("verify")
def verify(
    holds: str = typer.Option("", help="A last hash kept from before: fail if it is gone."),
    as_json: bool = JSON,
) -> None:
    """Walk the whole hash chain; exits 1 at the first changed byte."""
    with database():
        from shifan.ledger.queries import verify as walk

        result = walk(holds)
    if as_json:
        print(json.dumps(result, indent=2))
    elif result["ok"]:
        print(f"{result['entries']} entries hold. Last hash: {result['last_hash']}")
    else:
        print(
            f"Entry {result['broken_at']}: {result['reason']}. {result['entries']} before it hold."
        )
    if not result["ok"]:
        raise typer.Exit(1)


@units.command("load")
def load_divisions(
    villages: bool = typer.Option(False, help="Villages too (about 620,000 rows)."),
) -> None:
    """Load the administrative divisions with their GB/T 2260 codes."""
    with database():
        from shifan.units import divisions

        try:
            counts = divisions.load(villages)
        except divisions.DivisionsMissing as error:
            raise _stop(str(error)) from error
    for level, count in counts.items():
        print(f"{level:<12}{count:>8}")


@demo.command("nation")
def nation(limit: int = typer.Option(400, help="At most so many prefectures.")) -> None:
    """Fill the demo with an application for every prefecture, at all stages."""
    with database():
        from shifan.cycles.models import Cycle
        from shifan.demo import seed
        from shifan.demo.clock import now
        from shifan.demo.models import Clock

        rows = Cycle.objects.filter(exercise=True, rulebook__programme="neac")
        cycle = rows.first()
        if cycle is None or not Clock.objects.exists():
            raise _stop("This database is not a demo. Run `make run` first, with SHIFAN_DEMO=1.")
        made = seed.nation(cycle=cycle, now=now(), limit=limit)
    print(f"{made} application{'' if made == 1 else 's'} made.")


def _stop(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(1)
