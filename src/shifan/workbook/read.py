"""Read a filled workbook and say what it would change; nothing is written here."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from shifan.errors import BadInput
from shifan.rulebook.base import Text
from shifan.rulebook.indicators import Provision
from shifan.rulebook.model import FactSource
from shifan.scoring.facts import BadValue, parse
from shifan.scoring.table.rows import Refused
from shifan.scoring.table.workbook import Workbook
from shifan.statements.assessment import Assessment, as_text
from shifan.workbook.layout import CLEAR, ENTRIES, NAME, SEEN, STAMP, VALUE, WAS, Line, lines, stamp

MAX_BYTES = 5_000_000
MOST_ROWS = 10_000


class NotThisWorkbook(BadInput):
    """A file that is no workbook of this application."""


@dataclass(frozen=True)
class Change:
    """A provision the workbook states otherwise. ``raw`` is what to state over ``seen``.

    ``conflict`` if somebody stated it since the workbook was downloaded.
    """

    provision: Provision
    before: Text
    after: Text
    raw: dict[str, str]
    seen: int
    conflict: bool


@dataclass(frozen=True)
class RowError:
    """What is wrong with a row of the entries; ``row`` as the spreadsheet counts."""

    row: int
    text: Text


@dataclass
class Comparison:
    """What a workbook would change, and what is wrong with it."""

    changes: list[Change] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)

    @property
    def conflicts(self) -> list[Change]:
        return [change for change in self.changes if change.conflict]


def of(path: Path) -> str:
    """The id of the application a workbook is of. Raises NotThisWorkbook."""
    return _stamp(path).get("application", "")


def compare(
    path: Path, assessment: Assessment, source: FactSource, only: frozenset[str] | None = None
) -> Comparison:
    """Compare the workbook at ``path`` with what ``source`` states now.

    Rows are known by their hidden names, so their order does not matter; a row left as it was
    downloaded changes nothing, whatever was stated since. Raises NotThisWorkbook for anything but a
    workbook of this application, its rule book and its year.
    """
    _require_stamp(_stamp(path), stamp(assessment, source))
    rows, faults = _sheet(path, ENTRIES)
    return _compared(rows, faults, lines(assessment, source, only))


def _stamp(path: Path) -> dict[str, str]:
    return {str(row[0]): _word(row[1]) for row in _sheet(path, STAMP)[0] if len(row) > 1}


def _sheet(path: Path, sheet: str) -> tuple[list[list[object]], dict[int, Text]]:
    """The rows of a sheet, and what is wrong with those that hold a cell nobody can read."""
    if path.stat().st_size > MAX_BYTES:
        raise NotThisWorkbook(Text(zh="文件过大。", en="The file is too large."))
    found: list[list[object]] = []
    faults: dict[int, Text] = {}
    try:
        for batch in Workbook(path, sheet).batches():
            found += [[] for _ in range(len(found) + 1, batch.first)]
            found += [[""] * batch.left + list(row) for row in batch.rows]
            for fault in batch.faults:
                first = fault.row or 1
                for row in range(first, min(fault.last or first, first + MOST_ROWS) + 1):
                    faults.setdefault(row, fault.text)
    except Refused as refused:
        raise NotThisWorkbook(refused.text) from refused
    return found, faults


def _require_stamp(held: dict[str, str], due: dict[str, str]) -> None:
    wrong = next((key for key in due if held.get(key) != due[key]), None)
    if wrong is None:
        return
    named = {
        "format": Text(zh="工作簿格式不符，请重新下载。", en="The workbook has another format."),
        "rulebook": Text(
            zh="工作簿依据的规则版本不同，请重新下载。",
            en="The workbook was made under another version of the rule book.",
        ),
        "year": Text(
            zh=f"这是 {held.get('year')} 年的工作簿。", en=f"It is of the year {held.get('year')}."
        ),
        "source": Text(zh="工作簿的填报身份不同。", en="The workbook speaks for another source."),
    }
    other = Text(
        zh=f"这是“{held.get('unit')}”的另一份工作簿，不属于本申报。",
        en=f"This is a workbook of {held.get('unit')!r}, not of this application.",
    )
    raise NotThisWorkbook(named.get(wrong, other))


def _compared(rows: list[list[object]], faults: dict[int, Text], due: list[Line]) -> Comparison:
    made, by_name = Comparison(), {line.field.column.name: line for line in due}
    touched: dict[str, dict[str, str]] = defaultdict(dict)
    stale: set[str] = set()
    met: set[str] = set()
    wrong: set[str] = set()
    for number, row in enumerate(rows[1:], start=2):
        cells = [*row, *[""] * (WAS + 1 - len(row))]
        name = str(cells[NAME]).strip()
        line = by_name.get(name)
        if line is None or name in met:
            if number in faults or any(str(cell).strip() for cell in row):
                text = faults.get(number) or _strange(name, name in met)
                made.errors.append(RowError(number, text))
            continue
        met.add(name)
        try:
            value = _value(line, cells, faults.get(number))
        except BadValue as error:
            made.errors.append(RowError(number, error.text))
            wrong.add(line.provision.id)
            continue
        if value is not None and value != line.field.value:
            touched[line.provision.id][name] = value
            if _word(cells[SEEN]) != str(line.seen):
                stale.add(line.provision.id)
    for provision_id, values in touched.items():
        if provision_id not in wrong:  # a fact of several rows is stated whole or not at all
            made.changes.append(_change(provision_id, values, due, provision_id in stale))
    return made


def _value(line: Line, cells: list[object], fault: Text | None) -> str | None:
    """What the row states; None where it was left as it was downloaded. Raises BadValue."""
    if fault is not None:
        raise BadValue(fault.zh, fault.en)
    given, was = _word(cells[VALUE]), _word(cells[WAS])
    if given == was:
        return None
    if not given:
        raise BadValue(
            f"原填报“{was}”，单元格现为空；要撤销请填“{CLEAR.zh}”",
            f"{was!r} was stated and the cell is empty now: write {CLEAR.en!r} to take it back",
        )
    return as_text(parse(line.field.column, line.stored(cells[VALUE]))) or ""


def _change(provision_id: str, values: dict[str, str], due: list[Line], conflict: bool) -> Change:
    mine = [line for line in due if line.provision.id == provision_id]
    before = {line.field.column.name: line.field.value for line in mine}
    raw = before | values
    return Change(
        provision=mine[0].provision,
        before=_brief(mine, before),
        after=_brief(mine, raw),
        raw=raw,
        seen=mine[0].seen,
        conflict=conflict,
    )


def _brief(mine: list[Line], values: dict[str, str]) -> Text:
    """All that is stated of a provision in a few words."""
    zh, en = [], []
    for line in mine:
        value, label = values[line.field.column.name], line.field.label
        if value:
            said = dict(line.choices).get(value) or Text(zh=value, en=value)
            zh.append(f"{label.zh}：{said.zh}" if label else said.zh)
            en.append(f"{label.in_('en')}: {said.in_('en')}" if label else said.in_("en"))
    return Text(zh="；".join(zh) or "—", en="; ".join(en) or "—")


def _strange(name: str, twice: bool) -> Text:
    if twice:
        return Text(zh="该行重复。", en="The row is there twice.")
    if name:
        return Text(zh=f"没有“{name}”这一项。", en=f"There is no entry {name!r}.")
    return Text(zh="该行不是本工作簿的填报行。", en="The row is not one of this workbook.")


def _word(cell: object) -> str:
    """A cell as text; a whole number without its decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
