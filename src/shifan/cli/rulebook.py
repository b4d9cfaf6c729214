"""``shifan rulebook``: check, show and compare rule books."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shifan.cli.books import indicators_of
from shifan.cli.django import database
from shifan.cli.errors import Stop
from shifan.cli.speech import AsJson, Lang, counted, language, number, said, say, say_json
from shifan.rulebook.base import Text
from shifan.rulebook.findings import Finding, Severity

if TYPE_CHECKING:
    from shifan.rulebook.indicators import IndicatorSet
    from shifan.rulebook.loader import Reading
    from shifan.rulebook.model import RuleBook
    from shifan.scoring.asked import AskedBefore

group = typer.Typer(no_args_is_help=True, help="Check, show and compare rule books.")

Book = Annotated[str, typer.Argument(help="A folder, or a short name such as neac/2020.")]
UnitType = Annotated[str | None, typer.Option("--unit-type", help="Which unit type is meant.")]


@group.command()
def check(
    paths: Annotated[list[str], typer.Argument(help="Rule books: folders or short names.")],
    asked_in: Annotated[
        list[str] | None,
        typer.Option("--asked-in", help="Say what this rule book asked of the same units before."),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Find what is wrong with rule books. Exits with 1 if anything is; warnings don't count."""
    from shifan.rulebook.loader import load

    others = [load(name) for name in asked_in or ()]
    reports = [Checked.of(path, others) for path in paths]
    sound = not any(report.count("error") for report in reports)
    if as_json:
        say_json({"ok": sound, "books": [report.as_json() for report in reports]})
    else:
        for report in reports:
            _print(report)
    if not sound:
        raise typer.Exit(1)


@group.command()
def new(
    path: Annotated[Path, typer.Argument(help="A folder that is not there yet.")],
    programme: Annotated[
        str, typer.Option(help="Short name of the programme; the folder's if left out.")
    ] = "",
    time_zone: Annotated[str, typer.Option(help="As Europe/London.")] = "Asia/Shanghai",
    lang: Lang = None,
) -> None:
    """Write a small sound rule book to start from."""
    from shifan.rulebook.starter import write

    name = write(path, programme or path.name, time_zone)
    say(f"已写入 {path}，项目 {name}。", f"{path} holds a rule book of the programme {name}.")


@group.command()
def publish(name: Book, lang: Lang = None) -> None:
    """Publish a sound rule book for good; equal content again is the same publication."""
    found = Checked.of(name, [])
    if found.count("error"):
        _print(found)
        raise typer.Exit(1)
    book = found.reading.rulebook()
    assert book is not None
    with database():
        from django.utils import timezone

        from shifan.accounts.actor import SYSTEM
        from shifan.cycles import actions

        made = actions.publish(book=book, actor=SYSTEM, now=timezone.now())
        title, digest = f"{made} ({made.revision})", made.digest
    say(f"已发布 {title}，摘要 {digest}", f"{title} is published, digest {digest}")


@group.command()
def upgrade(
    path: Annotated[str, typer.Argument(help="The folder of a rule book.")],
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Bring a rule book's measures into the present format; a public notice of each file becomes
    that of a list, and who runs it goes to programme.yaml. Comments inside parts that change are
    lost; raise the revision if the book was published."""
    from shifan.rulebook import lists, rewrite, yaml_lines
    from shifan.rulebook import upgrade as formats
    from shifan.rulebook.loader import PROGRAMME, locate

    file = locate(path) / "measures.yaml"
    document = yaml_lines.read(file, file.name)
    if document.problems:
        line, problem = document.problems[0]
        raise Stop(f"measures.yaml:{line} {problem}", f"measures.yaml:{line} {problem}")
    text = before = file.read_bytes().decode("utf-8-sig")
    if formats.is_old(document.content):
        text = rewrite.rewritten(text, lists.with_lists(formats.upgrade(document.content)))
    if not (file.parent / PROGRAMME).exists():
        text, own = rewrite.parted(text)
        if own:
            if formats.is_old(document.content):
                own += "calendar: {country: CN}  # the format before knew no other\n"
            (file.parent / PROGRAMME).write_text(own, "utf-8")
    old = text != before
    if old:
        file.write_text(text, "utf-8")
    if as_json:
        say_json({"path": str(file), "upgraded": old})
    elif old:
        say(f"已改为现行格式：{file}", f"{file} is in the present format now.")
    else:
        say(f"已是现行格式：{file}", f"{file} is in the present format already.")


@dataclass(frozen=True)
class Checked:
    """What the check of one rule book has to say, with what other books asked before."""

    path: str
    reading: Reading
    findings: list[Finding]
    before: list[AskedBefore]

    @classmethod
    def of(cls, path: str, others: list[RuleBook]) -> Checked:
        from shifan.offices.checking import checked
        from shifan.rulebook.loader import locate
        from shifan.scoring import asked

        reading, found = checked(locate(path))
        everything = set(found)
        before: list[AskedBefore] = []
        for other in others:
            everything |= set(asked.findings(reading, other))
            if reading.measures is not None:
                for indicators in reading.indicators.values():
                    before += asked.asked_before(reading.measures, indicators, other)
        return cls(path, reading, sorted(everything), before)

    def count(self, severity: Severity) -> int:
        return sum(finding.severity == severity for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        return {
            "book": self.path,
            "ok": not self.count("error"),
            "findings": [finding.as_json() for finding in self.findings],
            "documents": {
                unit_type: {"asked": each.evidence_asked, "budget": each.evidence_budget}
                for unit_type, each in self.reading.indicators.items()
            },
            "asked_before": [each.as_json() for each in self.before],
        }


def _print(report: Checked) -> None:
    path = report.path
    for finding in report.findings:
        said_ = finding.in_(language())
        typer.echo(f"{Path(path).as_posix()}/{said_}" if Path(path).is_dir() else said_)
    for unit_type, each in report.reading.indicators.items():
        asked, budget = each.evidence_asked, each.evidence_budget
        say(
            f"{path}：{unit_type} 要求材料 {asked} 份，上限 {budget} 份",
            f"{path}: {unit_type} asks for {counted(asked, 'document')}; the budget is {budget}",
        )
    if report.before:
        taken = sum(each.taken_over for each in report.before)
        anew = len(report.before) - taken
        say(
            f"{path}：{len(report.before)} 项以前要求过，{taken} 项自动沿用，{anew} 项将重新要求",
            f"{path}: {len(report.before)} asked before, {taken} taken over, {anew} asked anew",
        )
    errors, warnings = report.count("error"), report.count("warning")
    if errors:
        say(
            f"{path}：{errors} 处错误，{warnings} 处提醒",
            f"{path}: {counted(errors, 'error')}, {counted(warnings, 'warning')}",
        )
    else:
        say(
            f"{path}：没有错误，{warnings} 处提醒", f"{path}: sound, {counted(warnings, 'warning')}"
        )


@group.command()
def schema() -> None:
    """Print the JSON Schema of the rule-book format."""
    from shifan.rulebook.schema import schema as made

    say_json(made())


@group.command()
def diff(old: Book, new: Book, as_json: AsJson = False, lang: Lang = None) -> None:
    """Print what changed from one rule book to another."""
    from shifan.rulebook.diff import diff as compared
    from shifan.rulebook.loader import load

    changes = compared(load(old), load(new))
    if as_json:
        say_json({"changes": [vars(change) for change in changes]})
        return
    for change in changes:
        typer.echo(str(change))
    if not changes:
        say("两者内容相同", "both say the same")


@group.command()
def crosswalk(
    old: Book, new: Book, unit_type: UnitType = None, as_json: AsJson = False, lang: Lang = None
) -> None:
    """Print where each clause of a rule book went in a later one, by the fact that it reads."""
    from shifan.rulebook.loader import load
    from shifan.scoring.crosswalk import crosswalk as crossed

    found = crossed(load(old), load(new))
    found = [each for each in found if unit_type in (None, each.unit_type)]
    if as_json:
        say_json({"crossings": [each.as_json() for each in found]})
        return
    for each in found:
        before, after = (part.id if part is not None else "—" for part in (each.before, each.after))
        typer.echo(f"{each.unit_type}: {before} → {after}  {said(each.text)}")
    if not found:
        say("两者没有共同的单位类型", "they have no unit type in common")


@group.command()
def show(
    name: Book, unit_type: UnitType = None, as_json: AsJson = False, lang: Lang = None
) -> None:
    """Print the figures of a rule book for one unit type."""
    from shifan.rulebook.loader import load

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
        "evidence": indicators.evidence_asked,
        "evidence_budget": indicators.evidence_budget,
        "stages": len(measures.application.stages),
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
