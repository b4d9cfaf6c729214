"""``shifan places load``, ``units import``, ``titles import``: what comes in by table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shifan.cli.django import database
from shifan.cli.errors import Stop
from shifan.cli.records import units
from shifan.cli.speech import Lang, say, tell
from shifan.cli.titles import group as titles

if TYPE_CHECKING:
    from shifan.cycles.models import PublishedRuleBook

places = typer.Typer(help="Schemes of places.", no_args_is_help=True)

Table = Annotated[Path, typer.Argument(help="A CSV or XLSX file.", exists=True, dir_okay=False)]
ISO = "iso3166"
Scheme = Annotated[
    Path, typer.Argument(help=f"A CSV or XLSX file, or {ISO} for countries and their parts.")
]
Programme = Annotated[
    str, typer.Option(help="Short name of the programme, where several are published.")
]


@places.command("load")
def load(file: Scheme, lang: Lang = None) -> None:
    """Load places: columns code, name, level, parent, and name_en if there is one; or iso3166."""
    if str(file) != ISO and not file.is_file():
        raise Stop(f"没有文件 {file}；或写 {ISO}", f"there is no file {file}; or say {ISO}")
    with database():
        from django.utils import timezone

        from shifan.accounts.actor import SYSTEM
        from shifan.units import iso3166, schemes

        now = timezone.now()
        if str(file) == ISO:
            count = iso3166.load(actor=SYSTEM, now=now)
        else:
            count = schemes.load(file, actor=SYSTEM, now=now)
    say(f"新增 {count} 个地区。", f"New places: {count}.")


@units.command("import")
def import_units(file: Table, programme: Programme = "", lang: Lang = None) -> None:
    """Take over units: columns name, unit_type, place."""
    with database():
        from django.utils import timezone

        from shifan.accounts.actor import SYSTEM
        from shifan.register import tables

        made = tables.import_units(
            path=file, rulebook=_book(programme), actor=SYSTEM, now=timezone.now(),
            progress=_told,
        )  # fmt: skip
    tell(made.guessed)
    say(
        f"新增 {made.new} 个单位，{made.known} 个已在册。",
        f"New units: {made.new}, on record before: {made.known}.",
    )


@titles.command("import")
def import_titles(file: Table, programme: Programme = "", lang: Lang = None) -> None:
    """Take over titles: columns name, unit_type, place, tier, from, source; until, grade, batch."""
    with database():
        from django.utils import timezone

        from shifan.accounts.actor import SYSTEM
        from shifan.register import tables

        made = tables.import_titles(
            path=file, rulebook=_book(programme), actor=SYSTEM, now=timezone.now(),
            progress=_told,
        )  # fmt: skip
    tell(made.guessed)
    say(
        f"新增 {made.new} 项称号，{made.known} 项已在册。",
        f"New titles: {made.new}, on record before: {made.known}.",
    )


def _told(rows: int, of: int) -> None:
    """Say on a terminal how far it is."""
    if sys.stderr.isatty():
        end = "\n" if rows == of else ""
        print(f"\r{rows} / {of}", end=end, file=sys.stderr, flush=True)


def _book(programme: str) -> PublishedRuleBook:
    """The programme's version in force, or its latest."""
    from django.utils import timezone

    from shifan.cycles.queries import in_force

    found = in_force(timezone.localdate())
    name = programme or (next(iter(found)) if len(found) == 1 else "")
    if name not in found:
        known = ", ".join(sorted(found)) or "-"
        raise Stop(
            f"请用 --programme 写明项目；已发布的有：{known}",
            f"say which programme by --programme; published are: {known}",
        )
    return found[name]
