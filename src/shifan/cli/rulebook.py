"""``shifan rulebook``: check, show and compare rule books."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from shifan.cli.books import indicators_of
from shifan.cli.speech import AsJson, Lang, language, number, said, say, say_json
from shifan.rulebook import IndicatorSet, RuleBook, load, locate
from shifan.rulebook.base import Text
from shifan.rulebook.findings import Finding

group = typer.Typer(no_args_is_help=True, help="Check, show and compare rule books.")

Book = Annotated[str, typer.Argument(help="A folder, or a short name such as neac/2020.")]
UnitType = Annotated[str | None, typer.Option("--unit-type", help="Which unit type is meant.")]


@group.command()
def check(
    paths: Annotated[list[str], typer.Argument(help="Rule books: folders or short names.")],
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Find what is wrong with rule books. Exits with 1 if anything is; warnings don't count."""
    reports = [(path, _findings(locate(path))) for path in paths]
    sound = not any(_errors(found) for _, found in reports)
    if as_json:
        say_json({"ok": sound, "books": [_report(path, found) for path, found in reports]})
    else:
        for path, found in reports:
            _print(path, found)
    if not sound:
        raise typer.Exit(1)


def _findings(folder: Path) -> list[Finding]:
    from shifan.rulebook.check import check as checked
    from shifan.scoring import golden

    reading, found = checked(folder)
    return sorted({*found, *golden.findings(reading)})


def _errors(found: list[Finding]) -> int:
    return sum(finding.severity == "error" for finding in found)


def _report(path: str, found: list[Finding]) -> dict[str, Any]:
    return {
        "book": path,
        "ok": not _errors(found),
        "findings": [finding.as_json() for finding in found],
    }


def _print(path: str, found: list[Finding]) -> None:
    for finding in found:
        typer.echo(f"{Path(path).as_posix()}/{finding}" if Path(path).is_dir() else str(finding))
    errors = _errors(found)
    warnings = len(found) - errors
    if errors:
        say(
            f"{path}：{errors} 处错误，{warnings} 处提醒",
            f"{path}: {errors} errors, {warnings} warnings",
        )
    else:
        say(f"{path}：没有错误，{warnings} 处提醒", f"{path}: sound, {warnings} warnings")


@group.command()
def schema() -> None:
    """Print the JSON Schema of the rule-book format."""
    from shifan.rulebook.schema import schema as made

    say_json(made())


@group.command()
def diff(old: Book, new: Book, as_json: AsJson = False, lang: Lang = None) -> None:
    """Print what changed from one rule book to another."""
    from shifan.rulebook.diff import diff as compared

    changes = compared(load(old), load(new))
    if as_json:
        say_json({"changes": [vars(change) for change in changes]})
        return
    for change in changes:
        typer.echo(str(change))
    if not changes:
        say("两者内容相同", "both say the same")


@group.command()
def show(
    name: Book, unit_type: UnitType = None, as_json: AsJson = False, lang: Lang = None
) -> None:
    """Print the figures of a rule book for one unit type."""
    book = load(name)
    figures = _figures(book, indicators_of(book, unit_type))
    if as_json:
        say_json(figures)
        return
    typer.echo(said(book.measures.name))
    typer.echo(said(indicators_of(book, unit_type).name))
    for key, value in figures.items():
        label = said(LABELS[key])
        if isinstance(value, dict):
            value = ", ".join(f"{k} {v}" for k, v in value.items() if v is not None)
        typer.echo(f"  {label}{'：' if language() == 'zh' else ': '}{value}")


def _figures(book: RuleBook, indicators: IndicatorSet) -> dict[str, Any]:
    measures, clauses = book.measures, indicators.clauses
    until = measures.effective.until
    evidence = sum(len(provision.evidence) for provision in indicators.provisions)
    return {
        "programme": measures.programme,
        "version": measures.version,
        "digest": book.digest,
        "effective": {
            "from": measures.effective.from_.isoformat(),
            "until": until.isoformat() if until else None,
        },
        "unit_type": indicators.unit_type,
        "categories": len(indicators.categories),
        "items": len(indicators.items),
        "clauses": len(clauses),
        "adjustments": len(indicators.adjustments.entries),
        "vetoes": len(indicators.vetoes),
        "base_points": number(indicators.base_points),
        "apply_from": number(indicators.apply_from),
        "rule_kinds": dict(Counter(clause.rule.kind for clause in clauses)),
        "clauses_by_status": dict(Counter(clause.source.status for clause in clauses)),
        "evidence": evidence,
        "evidence_budget": indicators.evidence_budget,
        "stages": len(measures.stages),
    }


LABELS = {
    "programme": Text(zh="项目", en="programme"),
    "version": Text(zh="版本", en="version"),
    "digest": Text(zh="摘要", en="digest"),
    "effective": Text(zh="有效期", en="effective"),
    "unit_type": Text(zh="单位类型", en="unit type"),
    "categories": Text(zh="大类", en="categories"),
    "items": Text(zh="项", en="items"),
    "clauses": Text(zh="条", en="clauses"),
    "adjustments": Text(zh="奖惩项", en="rewards and penalties"),
    "vetoes": Text(zh="一票否决", en="vetoes"),
    "base_points": Text(zh="基础分", en="base points"),
    "apply_from": Text(zh="申报线", en="apply from"),
    "rule_kinds": Text(zh="计分方式", en="rule kinds"),
    "clauses_by_status": Text(zh="条文来源", en="clauses by status"),
    "evidence": Text(zh="要求材料", en="documents asked for"),
    "evidence_budget": Text(zh="材料上限", en="budget of documents"),
    "stages": Text(zh="阶段", en="stages"),
}
