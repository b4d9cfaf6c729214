"""Where things stand in the workbook; written and read alike."""

from __future__ import annotations

from dataclasses import dataclass

from shifan.applications.forms import FactField, fact_form
from shifan.rulebook.base import Text
from shifan.rulebook.indicators import Provision
from shifan.rulebook.model import FactSource
from shifan.statements.assessment import Assessment

ENTRIES, GUIDE, STAMP = "填报 Entries", "说明 Guide", "_stamp"
FORMAT = "1"
COLUMNS = (
    Text(zh="编号", en="No."),
    Text(zh="条款", en="Clause"),
    Text(zh="填报项", en="Entry"),
    Text(zh="填写要求", en="How to fill"),
    Text(zh="填报值", en="Value"),
    Text(zh="所需佐证材料", en="Evidence asked"),
    Text(zh="（勿改）", en="(leave)"),
    Text(zh="（勿改）", en="(leave)"),
    Text(zh="（勿改）", en="(leave)"),
)
"""The columns of the entries: what people read and fill, then what the system needs: the column of
the facts table, the statement it was written from, and the value it was written with."""
VALUE, NAME, SEEN, WAS = 4, 6, 7, 8
YES, NO = Text(zh="是", en="yes"), Text(zh="否", en="no")
CLEAR = Text(zh="清除", en="clear")
"""What a cell says that takes back what was stated; an empty one may be an accident."""


@dataclass(frozen=True)
class Line:
    """One row of the entries: a fact column of a provision with its present value."""

    provision: Provision
    field: FactField
    seen: int

    @property
    def choices(self) -> tuple[tuple[str, Text], ...]:
        """Stored values with the words people choose; empty for numbers."""
        if self.field.choices:
            return self.field.choices
        if self.field.column.type == "boolean":
            return (("true", YES), ("false", NO))
        return ()

    def shown(self, language: str) -> str:
        """The present value as the cell shows it."""
        words = {value: text.in_(language) for value, text in self.choices}
        return words.get(self.field.value, self.field.value)

    def stored(self, raw: object) -> object:
        """What a cell holds, with the words of either language back as stored values; the word to
        :data:`CLEAR` as nothing."""
        if not isinstance(raw, str):
            return raw
        words = {
            word: value for value, text in self.field.choices for word in (text.zh, text.en) if word
        }
        word = raw.strip()
        if word not in words and word.lower() in (CLEAR.zh, CLEAR.en):
            return ""
        return words.get(word, raw)


def lines(assessment: Assessment, source: FactSource, only: frozenset[str] | None) -> list[Line]:
    """What ``source`` may state, in the rule book's order; ``only`` limits the provisions."""
    found = []
    for provision in assessment.situation.indicators.provisions:
        stated = source.id in provision.input.from_ and (only is None or provision.id in only)
        if not stated or not assessment.states_directly(source.id, provision.id):
            continue
        form = fact_form(provision, source, assessment.statements[provision.id])
        found += [Line(provision, field, form.seen) for field in (*form.fields, *form.marks)]
    return found


def stamp(assessment: Assessment, source: FactSource) -> dict[str, str]:
    """What the workbook is of: it is refused wherever this differs."""
    proceeding = assessment.proceeding
    return {
        "format": FORMAT,
        "application": str(proceeding.pk),
        "unit": proceeding.called,
        "rulebook": proceeding.rulebook.digest,
        "year": str(proceeding.year),
        "source": source.id,
    }
