"""``shifan programme …`` and ``cycle …``: what is run here, and its rounds."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from shifan.cli.django import database
from shifan.cli.errors import Stop
from shifan.cli.speech import AsJson, Lang, said, say, say_json

programme = typer.Typer(help="The programmes run here.", no_args_is_help=True)
cycle = typer.Typer(help="Rounds of applications.", no_args_is_help=True)


@programme.command("list")
def list_programmes(as_json: AsJson = False, lang: Lang = None) -> None:
    """List the programmes with the version in force, their rounds and their titles."""
    with database():
        from django.utils import timezone

        from shifan.register.queries import figures, programmes

        on = timezone.localdate()
        rounds, titles = figures(on)
        rows = [
            {
                "programme": each.id, "name": each.book.measures.name.model_dump(),
                "authority": each.book.measures.authority.model_dump(),
                "version": each.book.measures.version, "digest": each.book.digest,
                "in_force": each.in_force, "time_zone": each.book.measures.time_zone,
                "cycles": rounds[each.id], "titles": titles[each.id],
                "said": said(each.book.measures.name),
            }
            for each in programmes(on).values()
        ]  # fmt: skip
    if as_json:
        for row in rows:
            del row["said"]
        say_json({"programmes": rows, "count": len(rows)})
        return
    for row in rows:
        typer.echo(f"{row['programme']:<16} {row['version']:<8} {row['titles']:>6}  {row['said']}")


@cycle.command("list")
def list_cycles(as_json: AsJson = False, lang: Lang = None) -> None:
    """List the rounds, the newest first."""
    with database():
        from shifan.cycles.queries import cycles

        rows: list[dict[str, Any]] = [
            {
                "id": each.pk, "programme": each.rulebook.programme,
                "version": each.rulebook.version, "revision": each.rulebook.revision,
                "year": each.year, "batch": each.batch, "practice": each.exercise,
                "opened_at": each.opened_at.isoformat(),
            }
            for each in cycles()
        ]  # fmt: skip
    if as_json:
        say_json({"cycles": rows, "count": len(rows)})
        return
    for row in rows:
        kind = said_practice(row["practice"])
        typer.echo(f"{row['programme']}/{row['version']:<10} {row['year']}  {row['batch']}{kind}")


def said_practice(practice: bool) -> str:
    return "  practice" if practice else ""


@cycle.command("open")
def open_(
    rulebook: Annotated[str, typer.Argument(help="PROGRAMME/VERSION, as published.")],
    year: Annotated[int, typer.Option(help="The year of the round.")],
    batch: Annotated[
        int | None, typer.Option(help="Number of the batch; the next one if left out.")
    ] = None,
    practice: Annotated[
        bool, typer.Option("--practice", help="A practice round: what it grants is practice.")
    ] = False,
    lang: Lang = None,
) -> None:
    """Open a round of applications under a published version, its latest revision."""
    with database():
        from django.utils import timezone

        from shifan.accounts.actor import SYSTEM
        from shifan.cycles import actions, queries

        name, _, version = rulebook.partition("/")
        book = queries.rulebooks().filter(programme=name, version=version).first()
        if book is None:
            known = ", ".join(sorted({str(each) for each in queries.rulebooks()})) or "-"
            raise Stop(
                f"没有已发布的 {rulebook}；已发布的有：{known}",
                f"{rulebook} is not published; published are: {known}",
            )
        made = actions.open_cycle(
            rulebook=book, year=year, batch=batch or queries.next_batch(name, practice),
            actor=SYSTEM, now=timezone.now(), exercise=practice,
        )  # fmt: skip
        number = made.batch
    say(
        f"已开启 {rulebook} 的 {year} 年第 {number} 批。",
        f"Batch {number} of {rulebook} is open for {year}.",
    )
