"""``shifan workbook …``: a unit's entries as a file, out and in."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from shifan.cli.django import database
from shifan.cli.errors import Stop
from shifan.cli.speech import AsJson, Lang, counted, language, said, say, say_json

group = typer.Typer(no_args_is_help=True, help="Fill in a unit's entries offline.")


@group.command("export")
def export(
    unit: Annotated[str, typer.Argument(help="The unit's id or its exact name.")],
    out: Annotated[Path, typer.Option(help="The file to write, .xlsx.")],
    lang: Lang = None,
) -> None:
    """Write the workbook of the unit's open application."""
    with database():
        from django.utils import timezone

        from shifan.workbook.write import write

        assessment, source = _open(unit)
        words = "en" if language() == "en" else "zh-hans"
        write(assessment, source, str(out), language=words, now=timezone.now())
    say(f"工作簿写入 {out}", f"the workbook is in {out}")


@group.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A filled workbook.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare, write nothing.")] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Compare a filled workbook with the application and state what differs.

    Conflicts are listed and left; rows with errors too, and then the exit code is 1.
    """
    with database():
        from django.utils import timezone

        from shifan.accounts.actor import Actor
        from shifan.errors import DomainError
        from shifan.workbook.actions import apply
        from shifan.workbook.read import compare, of

        try:
            assessment, source = _open(of(file))
            found = compare(file, assessment, source)
            plan = {c.provision.id: (c.raw, c.seen) for c in found.changes if not c.conflict}
            proceeding = assessment.proceeding
            actor = Actor(name="system", units=frozenset({(proceeding.unit_id, "clerk")}))
            written = 0
            if plan and not dry_run:
                written = apply(proceeding=proceeding, source=source.id, plan=plan,
                                actor=actor, now=timezone.now())  # fmt: skip
        except DomainError as refused:
            raise Stop(
                " ".join(text.zh for text in refused.sentences()),
                " ".join(text.en or text.zh for text in refused.sentences()),
            ) from refused
    content: dict[str, Any] = {
        "changes": [
            {
                "clause": c.provision.id,
                "before": said(c.before),
                "after": said(c.after),
                "conflict": c.conflict,
            }
            for c in found.changes
        ],
        "errors": [
            {"row": e.row, "message_zh": e.text.zh, "message_en": e.text.en} for e in found.errors
        ],
        "written": written,
    }
    if as_json:
        say_json(content)
    else:
        for change in content["changes"]:
            mark = "!" if change["conflict"] else " "
            typer.echo(f"{mark} {change['clause']}: {change['before']} → {change['after']}")
        for error in found.errors:
            typer.echo(f"  {error.row}: {said(error.text)}")
        say(f"写入 {written} 条", f"{counted(written, 'clause')} written")
    if found.errors:
        raise typer.Exit(1)


def _open(unit: str) -> tuple[Any, Any]:
    """The unit's application that is still open to it, assessed, and the source it states as."""
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from shifan.proceedings.models import Proceeding
    from shifan.statements.assessment import assess

    rows = Proceeding.objects.select_related("unit__division", "cycle")
    found = list(rows.filter(unit__name=unit).order_by("-created_at"))
    with suppress(ValidationError):
        found += list(rows.filter(unit_id=unit).order_by("-created_at"))
        found += list(rows.filter(pk=unit))
    for proceeding in found:
        measures = proceeding.measures
        mine = measures.sources_of("applicant") & set(
            measures.application.stage(proceeding.stage).writes
        )
        own = [source for source in measures.fact_sources if source.id in mine]
        if own:
            return assess(proceeding, timezone.now()), own[0]
    raise Stop(f"{unit} 没有可填报的申报", f"{unit} has no application open to be filled in")
