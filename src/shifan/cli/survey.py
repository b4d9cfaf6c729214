"""``shifan survey …``: forms, their answers, estimates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shifan.cli.errors import Stop
from shifan.cli.speech import AsJson, Lang, counted, said, say, say_json, tell

if TYPE_CHECKING:
    from shifan.surveys.instrument.sheets import Finding

group = typer.Typer(no_args_is_help=True, help="Surveys of the public: forms, answers, estimates.")


@group.command()
def check(
    file: Annotated[Path, typer.Argument(help="An XLSForm, .xlsx.")],
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Say whether a form can be asked and what of it is left out; if it cannot, why, row by row.

    Exits with 1 if it cannot be asked.
    """
    from shifan.surveys.instrument.read import form
    from shifan.surveys.instrument.sheets import Finding, Refused

    instrument, found, notes = None, tuple[Finding, ...](), tuple[Finding, ...]()
    try:
        made = form(file)
        instrument, notes = made.instrument, made.notes
    except Refused as refused:
        found = refused.findings
    if as_json:
        say_json({
            "file": str(file),
            "ok": instrument is not None,
            "questions": len(instrument.asked) if instrument else 0,
            "languages": [each.name for each in instrument.languages] if instrument else [],
            "digest": instrument.digest if instrument else "",
            "findings": [_finding(each) for each in found],
            "notes": [_finding(each) for each in notes],
        })  # fmt: skip
    elif instrument is not None:
        count, names = len(instrument.asked), ", ".join(each.name for each in instrument.languages)
        say(
            f"{file}：可用，{count} 题，语言：{names}",
            f"{file}: sound, {counted(count, 'question')} in {names}",
        )
    for finding in (*found, *notes) if not as_json else ():
        typer.echo(f"{file}:{said(finding.placed())}")
    if instrument is None:
        raise typer.Exit(1)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "sheet": finding.sheet, "row": finding.row, "column": finding.column,
        "message_zh": finding.text.zh, "message_en": finding.text.en,
    }  # fmt: skip


@group.command()
def estimate(
    campaign: Annotated[str, typer.Argument(help="The campaign's code.")],
    engine: Annotated[
        str, typer.Option(help="sql (in the database), polars, duckdb, python or spark.")
    ] = "sql",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Estimate the shares of a closed campaign, with and without what was decided on flags."""
    from shifan.cli.django import database

    with database():
        from shifan.surveys import engines, results, weighing

        found = _campaign(campaign)
        if found.closed_at is None or found.pouches.exists():
            raise Stop("调查尚未结束或答卷尚未开启", "the campaign runs, or its answers are sealed")
        if engine not in engines.ENGINES:
            raise Stop(f"没有引擎 {engine}", f"there is no engine {engine}")
        try:
            made = results.of(found, engines.ENGINES[engine])
        except ModuleNotFoundError as missing:
            raise Stop(f"没有安装 {missing.name}", f"{missing.name} is not installed") from missing
        content: dict[str, Any] = {
            "campaign": found.code, "engine": engine,
            "weights": dict(weighing.classes(found).present),
            "questions": [each.as_json() for each in made],
        }  # fmt: skip
    if as_json:
        say_json(content)
        return
    for each in content["questions"]:
        weighed = each["weighed"]
        if weighed is None:
            say(f"{each['question']}：不足十份", f"{each['question']}: fewer than ten answers")
            continue
        typer.echo(
            f"{each['question']}: {weighed['share']} % ({weighed['low']} – {weighed['high']} %), "
            f"n {weighed['n']}, n* {weighed['effective']}"
        )


@group.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="An export (CSV, XLSX) of KoboToolbox or ODK, or an .xml.")
    ],
    campaign: Annotated[str, typer.Option("--campaign", help="The campaign's code.")],
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Take answers that were collected elsewhere. Exits with 1 if any row was refused."""
    from shifan.cli.django import database

    with database():
        from shifan.accounts.actor import Actor, Office
        from shifan.demo.clock import now
        from shifan.surveys.bring_in import bring_in

        found = _campaign(campaign)
        source = next(s for s in found.cycle.measures.fact_sources if s.id == found.rule.source)
        office = Office(found.cycle.measures.programme, source.by, "reviewer", found.unit.place)
        actor = Actor(name="system", offices=frozenset({office}))
        with file.open("rb") as content:
            made = bring_in(campaign=found, file=content, name=file.name, actor=actor, now=now())
    if as_json:
        say_json({
            "taken": made.taken, "known": made.known, "refused": made.refused,
            "left_out": made.left_out,
            "errors": [
                {"row": row, "message_zh": text.zh, "message_en": text.en}
                for row, text in made.errors
            ],
        })  # fmt: skip
    else:
        tell(made.guessed)
        for row, text in made.errors:
            typer.echo(f"{file}:{row}: {said(text)}")
        say(
            f"新增 {made.taken} 份，已有 {made.known} 份，未接受 {made.refused} 份，"
            f"未通过审核而未计入 {made.left_out} 份",
            f"{made.taken} new, {made.known} there already, {made.refused} refused, "
            f"{made.left_out} left out because their reviewers have not accepted them",
        )
    if made.refused:
        raise typer.Exit(1)


def _campaign(code: str) -> Any:
    from shifan.surveys.models import Campaign

    found = Campaign.objects.with_rules().filter(code=code).first()
    if found is None:
        raise Stop(f"没有调查 {code}", f"there is no campaign {code}")
    return found
