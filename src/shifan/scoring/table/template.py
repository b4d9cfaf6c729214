"""An empty facts file to fill in: the header, and in a workbook a sheet that explains it."""

from __future__ import annotations

import csv
from pathlib import Path

from shifan.rulebook.base import Text
from shifan.rulebook.indicators import IndicatorSet, Provision, ScoredProvision
from shifan.rulebook.rules import Graded
from shifan.scoring.facts import LARGEST, Column, part_text, plain, statement_label, table_columns
from shifan.scoring.table.sheets import SheetWriter
from shifan.scoring.table.write import CannotWrite, replacing

_HEADER = [
    "列名 column", "条 clause", "填写内容", "What to fill in", "填法", "How to fill it in",
]  # fmt: skip


def write_template(indicators: IndicatorSet, path: Path) -> None:
    """Write the header of the facts table as .xlsx or .csv. Raises CannotWrite otherwise."""
    names = ["unit", *(column.name for column in table_columns(indicators))]
    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".csv"):
        raise CannotWrite(
            f"{path.name} 的后缀应为 .xlsx 或 .csv", f"{path.name} must end with .xlsx or .csv"
        )
    with replacing(path) as beside:
        if suffix == ".csv":
            with beside.open("w", encoding="utf-8-sig", newline="") as stream:
                csv.writer(stream).writerow(names)
            return
        with SheetWriter(beside, "facts 数据") as sheet:
            sheet.header(names)
            sheet.another("columns 说明")
            sheet.header(_HEADER)
            sheet.line(("unit", None, "单位代码", "The unit", "文本，不重复", "text, each once"))
            for column in table_columns(indicators):
                sheet.line(_line(column, indicators.by_id[column.provision]))


def _line(column: Column, provision: Provision) -> tuple[str, ...]:
    asked, how = _asked(column, provision), _how(column, provision)
    return (column.name, provision.id, asked.zh, asked.en, how.zh, how.en)


def _asked(column: Column, provision: Provision) -> Text:
    text, english = provision.text.zh, provision.text.en or provision.text.zh
    part = part_text(provision, column.name)
    if part is not None:
        return Text(zh=f"{text}：{part.zh}", en=f"{english}: {part.in_('en')}")
    if column.role == "sample":
        return Text(zh=f"{text}：有效样本数", en=f"{english}: number of valid answers")
    if column.role == "statement":
        which = statement_label(column)
        return Text(zh=f"{text}：{which.zh}", en=f"{english}: {which.en}")
    if column.role == "potential":
        return Text(zh=f"{text}：本单位潜力", en=f"{english}: the unit's own potential")
    if column.role == "not_applicable":
        part = part_text(provision, column.of)
        zh, en = (f"：{part.zh}", f": {part.in_('en')}") if part is not None else ("", "")
        return Text(zh=f"{text}{zh}：不适用", en=f"{english}{en}: not applicable")
    return Text(zh=text, en=english)


def _how(column: Column, provision: Provision) -> Text:
    if column.type == "boolean":
        return Text(zh="是 / 否；不填为缺", en="yes / no; empty means missing")
    if column.type == "grade":
        return _grades(provision)
    low, high = plain(column.minimum), plain(column.maximum)
    own = column.role in ("value", "statement")
    unit = provision.input.unit if own else None
    percent = provision.input.type in ("percent", "satisfaction") and own
    percent = percent or column.role == "potential"
    zh = "百分数" if percent else "数字"
    en = "a percentage" if percent else "a number"
    if unit is not None:
        zh, en = f"{zh}（{unit.zh}）", f"{en} ({unit.en or unit.zh})"
    if column.maximum < LARGEST:
        zh, en = f"{zh}，{low} 至 {high}", f"{en} from {low} to {high}"
    else:
        zh, en = f"{zh}，不小于 {low}", f"{en} of at least {low}"
    places = column.decimals
    return Text(zh=f"{zh}，最多 {places} 位小数", en=f"{en}, at most {places} decimal places")


def _grades(provision: Provision) -> Text:
    rule = provision.rule if isinstance(provision, ScoredProvision) else None
    assert isinstance(rule, Graded)
    zh = "；".join(f"{grade.id}＝{grade.text.zh}" for grade in rule.grades)
    en = "; ".join(f"{grade.id} = {grade.text.en or grade.text.zh}" for grade in rule.grades)
    return Text(zh=zh, en=en)
