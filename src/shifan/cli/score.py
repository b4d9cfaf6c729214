"""``shifan score``: score a file of units, or explain one of them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from shifan.cli.books import load_indicators
from shifan.cli.errors import Stop
from shifan.cli.speech import AsJson, Lang, counted, language, say, say_json, tell

if TYPE_CHECKING:
    from shifan.rulebook.indicators import IndicatorSet
    from shifan.scoring.table.problems import BadFacts
    from shifan.scoring.table.read import Table

ENGINES = ("polars", "duckdb", "python")


def score(
    rulebook: Annotated[str, typer.Option(help="A folder, or a short name such as neac/2020.")],
    facts: Annotated[Path, typer.Option(help="The facts: .csv, .xlsx or .parquet.")],
    out: Annotated[Path | None, typer.Option(help="Results: .csv, .xlsx or .parquet.")] = None,
    unit_type: Annotated[str | None, typer.Option(help="Which unit type the facts are of.")] = None,
    engine: Annotated[str, typer.Option(help="polars, duckdb or python.")] = "polars",
    explain: Annotated[str | None, typer.Option(help="Account for the score of this unit.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook to read.")] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Score every unit of a facts file, exactly, and say why.

    Nothing is written when anything in the file is wrong: the problems are listed by row and
    column, and the exit code is 1.
    """
    if out is None and explain is None:
        raise Stop("请给出 --out 或 --explain", "give --out, or --explain with a unit")
    if engine not in ENGINES:
        raise Stop(f"没有引擎 {engine}，只有：{'、'.join(ENGINES)}", f"there is no engine {engine}")
    if out is not None:
        _writable(out)
    started = perf_counter()
    _, indicators = load_indicators(rulebook, unit_type)
    content: dict[str, Any] = {}
    with TemporaryDirectory() as spool:
        table = _read(facts, indicators, sheet, Path(spool), as_json)
        if out is not None:
            content = _score(indicators, table, engine, out, started)
            content |= {"facts": str(facts), "sheet": table.sheet}
            if not as_json:
                _report(content)
        if explain is not None:
            account = _explain(indicators, table, explain)
            if not as_json:
                typer.echo("\n".join(account.lines(language())))
            content["explanation"] = account.as_json()
    if as_json:
        say_json(content)


def _writable(out: Path) -> None:
    from shifan.scoring.table.write import check

    check(out)


def _read(
    facts: Path, indicators: IndicatorSet, sheet: str | None, spool: Path, as_json: bool
) -> Table:
    from shifan.scoring.table.problems import BadFacts
    from shifan.scoring.table.read import read

    try:
        table = read(facts, indicators, sheet, spool)
        if not as_json:
            tell(table.guessed)
        return table
    except BadFacts as bad:
        _refuse(bad, facts, as_json)
        raise typer.Exit(1) from bad


def _refuse(bad: BadFacts, facts: Path, as_json: bool) -> None:
    from shifan.scoring.table.problems import place

    if as_json:
        problems = [
            {
                "row": problem.row,
                "column": problem.column,
                "message_zh": problem.message.zh,
                "message_en": problem.message.en,
            }
            for problem in bad.problems
        ]
        say_json({"problems": problems, "total": bad.total})
        return
    say(
        f"{facts} 有 {bad.total} 处问题，未予计分：",
        f"{facts} has {counted(bad.total, 'problem')}; nothing was scored:",
    )
    for problem in bad.problems:
        typer.echo("  " + place(problem).in_(language()))
    if bad.total > len(bad.problems):
        more = bad.total - len(bad.problems)
        say(f"  ……另有 {more} 处", f"  … and {more} more")


def _score(
    indicators: IndicatorSet, table: Table, engine: str, out: Path, started: float
) -> dict[str, Any]:
    """Score into ``out``, by way of a Parquet file if it has another format, and count."""
    import polars as pl

    from shifan.scoring.compile import engines
    from shifan.scoring.result import Verdict
    from shifan.scoring.table.write import write

    with TemporaryDirectory() as folder:
        direct = out.suffix.lower() == ".parquet"
        scored = out if direct else Path(folder) / "results.parquet"
        units = engines.score_file(indicators, table.frame, scored, cast(engines.Engine, engine))
        results = pl.scan_parquet(scored, glob=False)
        found = results.group_by("verdict").len().collect()
        if not direct:
            write(results, out)
    counts = dict(found.iter_rows())
    return {
        "units": units,
        "verdicts": {verdict.value: counts.get(verdict.value, 0) for verdict in Verdict},
        "seconds": round(perf_counter() - started, 3),
        "engine": engine,
        "out": str(out),
    }


VERDICTS = {
    "vetoed": ("一票否决", "vetoed"),
    "below_minimum": ("未达最低分", "below a minimum"),
    "not_reached": ("未达申报线", "threshold not reached"),
    "incomplete": ("数据不全", "incomplete"),
    "reached": ("达到申报线", "threshold reached"),
}


def _report(content: dict[str, Any]) -> None:
    if content["sheet"]:
        say(f"工作表：{content['sheet']}", f"sheet: {content['sheet']}")
    units, seconds = content["units"], content["seconds"]
    say(
        f"{units} 个单位，用时 {seconds:.2f} 秒",
        f"{counted(units, 'unit')} in {seconds:.2f} seconds",
    )
    for verdict, count in content["verdicts"].items():
        if count:
            zh, en = VERDICTS[verdict]
            say(f"  {zh}：{count}", f"  {en}: {count}")
    say(f"结果写入 {content['out']}", f"results are in {content['out']}")


def _explain(indicators: IndicatorSet, table: Table, unit: str) -> Any:
    from shifan.scoring.account import Account, facts_of

    found = facts_of(table.frame, indicators, unit)
    if found is None:
        raise Stop(f"事实表中没有单位 {unit}", f"the facts have no unit {unit}")
    return Account.of(indicators, unit, found)
