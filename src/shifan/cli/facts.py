"""``shifan facts``: an empty facts file to fill in, or one of units that do not exist."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shifan.cli.books import load_indicators
from shifan.cli.speech import Lang, say

group = typer.Typer(no_args_is_help=True, help="Make facts files.")

RuleBookName = Annotated[
    str, typer.Option("--rulebook", help="A folder, or a short name such as neac/2020.")
]
UnitType = Annotated[str | None, typer.Option("--unit-type", help="Which unit type is meant.")]


@group.command()
def generate(
    rulebook: RuleBookName,
    units: Annotated[int, typer.Option(min=0, help="How many units.")],
    out: Annotated[Path, typer.Option(help="The file: .csv, .xlsx or .parquet.")],
    unit_type: UnitType = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same facts.")] = 0,
    lang: Lang = None,
) -> None:
    """Write plausible facts of units that do not exist, for trials and measurements."""
    _, indicators = load_indicators(rulebook, unit_type)
    from shifan.scoring import generate as made
    from shifan.scoring.table.write import replacing, write_facts

    if out.suffix.lower() == ".parquet":
        with replacing(out) as beside:
            made.write_parquet(indicators, units, seed, beside)
    else:
        write_facts(made.generate(indicators, units, seed), out)
    say(f"{units} 个虚拟单位写入 {out}", f"{units} invented units are in {out}")


@group.command()
def template(
    rulebook: RuleBookName,
    out: Annotated[Path, typer.Option(help="The file: .xlsx or .csv.")],
    unit_type: UnitType = None,
    lang: Lang = None,
) -> None:
    """Write an empty facts file: the header, and in .xlsx a sheet that explains every column."""
    _, indicators = load_indicators(rulebook, unit_type)
    from shifan.scoring.table.template import write_template

    write_template(indicators, out)
    say(f"空表写入 {out}", f"an empty table is in {out}")
