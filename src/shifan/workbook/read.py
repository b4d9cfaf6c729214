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
from shifan.workbook.layout import ENTRIES, NAME, SEEN, STAMP, VALUE, WAS, Line, lines, stamp

MAX_BYTES = 5_000_000


class NotThisWorkbook(BadInput):
    """A file that is no workbook of this application."""


@dataclass(frozen=True)
class Change:
    """A provision the workbook states otherwise. ``raw`` is what to state over ``seen``.

    ``conflict`` if somebody stated it since the workbook was downloaded.
    """

    provision: Provision
    before: str
    after: str
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
    return _compared(_rows(path, ENTRIES), lines(assessment, source, only))


def _stamp(path: Path) -> dict[str, str]:
    return {str(row[0]): _word(row[1]) for row in _rows(path, STAMP) if len(row) > 1}


def _rows(path: Path, sheet: str) -> list[list[object]]:
    if path.stat().st_size > MAX_BYTES:
        raise NotThisWorkbook(Text(zh="文件过大。", en="The file is too large."))
    found: list[list[object]] = []
    try:
        for batch in Workbook(path, sheet).batches():
            found += [[""] * batch.left + list(row) for row in batch.rows]
    except Refused as refused:
        raise NotThisWorkbook(refused.text) from refused
    return found


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


def _compared(rows: list[list[object]], due: list[Line]) -> Comparison:
    made, by_name = Comparison(), {line.field.column.name: line for line in due}
    touched: dict[str, dict[str, str]] = defaultdict(dict)
    stale: set[str] = set()
    met: set[str] = set()
    for number, row in enumerate(rows[1:], start=2):
        cells = [*row, *[""] * (WAS + 1 - len(row))]
        name = str(cells[NAME]).strip()
        line = by_name.get(name)
        if line is None or name in met:
            if any(str(cell).strip() for cell in row):
                made.errors.append(RowError(number, _strange(name, name in met)))
            continue
        met.add(name)
        if _word(cells[VALUE]) == _word(cells[WAS]):
            continue
        try:
            value = as_text(parse(line.field.column, line.stored(cells[VALUE]))) or ""
        except BadValue as error:
            made.errors.append(RowError(number, error.text))
            continue
        if value != line.field.value:
            touched[line.provision.id][name] = value
            if _word(cells[SEEN]) != str(line.seen):
                stale.add(line.provision.id)
    for provision_id, values in touched.items():
        made.changes.append(_change(provision_id, values, due, provision_id in stale))
    return made


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


def _brief(mine: list[Line], values: dict[str, str]) -> str:
    parts = []
    for line in mine:
        value = values[line.field.column.name]
        words = {key: text.zh for key, text in line.choices}
        if value:
            label = f"{line.field.label.zh}：" if line.field.label else ""
            parts.append(f"{label}{words.get(value, value)}")
    return "；".join(parts) or "—"


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
