"""``shifan survey …``: forms, their answers, estimates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shifan.cli.speech import AsJson, Lang, said, say, say_json

group = typer.Typer(no_args_is_help=True, help="Surveys of the public: forms, answers, estimates.")


@group.command()
def check(
    file: Annotated[Path, typer.Argument(help="An XLSForm, .xlsx.")],
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Say whether a form can be asked, and if not, why, row by row. Exits with 1 if it cannot."""
    from shifan.surveys.instrument.read import read
    from shifan.surveys.instrument.sheets import Finding, Refused

    instrument, found = None, tuple[Finding, ...]()
    try:
        instrument = read(file)
    except Refused as refused:
        found = refused.findings
    if as_json:
        say_json({
            "file": str(file),
            "ok": instrument is not None,
            "questions": len(instrument.asked) if instrument else 0,
            "languages": [each.name for each in instrument.languages] if instrument else [],
            "digest": instrument.digest if instrument else "",
            "findings": [
                {"sheet": f.sheet, "row": f.row, "column": f.column,
                 "message_zh": f.text.zh, "message_en": f.text.en}
                for f in found
            ],
        })  # fmt: skip
    elif instrument is not None:
        count, names = len(instrument.asked), ", ".join(each.name for each in instrument.languages)
        say(
            f"{file}：可用，{count} 题，语言：{names}",
            f"{file}: sound, {count} questions in {names}",
        )
    for finding in found if not as_json else ():
        place = " ".join(filter(None, [finding.sheet, str(finding.row or ""), finding.column]))
        typer.echo(f"{file}:{place}: {said(finding.text)}")
    if instrument is None:
        raise typer.Exit(1)
