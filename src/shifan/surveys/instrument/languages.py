"""The languages of a form, as its columns' headings name them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shifan.surveys.instrument.model import Labels, Language
from shifan.surveys.instrument.sheets import TRANSLATED, Report, Row

CODED = re.compile(r"^(.*?)\s*\(([A-Za-z0-9-]{2,20})\)$")
PLAIN = "default"
"""The language of a form that names none."""


def language(written: str) -> Language:
    """A language as a heading names it.

    >>> language("中文 (zh)"), language("English")
    (Language(code='zh', name='中文'), Language(code='English', name='English'))
    """
    coded = CODED.match(written)
    if coded:
        return Language(code=coded[2], name=coded[1] or coded[2])
    return Language(code=written[:40] or PLAIN, name=written[:60] or PLAIN)


@dataclass(frozen=True)
class Languages:
    """All languages of a form; ``plain`` is that of a label without a language."""

    all: tuple[Language, ...]
    plain: Language

    @classmethod
    def of(cls, sheets: dict[str, list[Row]], default: str) -> Languages:
        """The languages of the questions' and choices' columns that hold anything, in order."""
        plain = language(default)
        found: dict[str, Language] = {}
        for name in ("survey", "choices"):
            for row in sheets.get(name, []):
                for column in row.cells:
                    base, _, written = column.partition("::")
                    if base in TRANSLATED:
                        each = language(written) if written else plain
                        found.setdefault(each.code, each)
        first = [each for each in found.values() if each.code == plain.code]
        rest = [each for each in found.values() if each.code != plain.code]
        return cls(tuple(first + rest) or (plain,), plain)

    def labels(self, row: Row, base: str) -> Labels:
        """What the columns ``base`` and ``base::language`` say."""
        made: Labels = {}
        for column, text in row.cells.items():
            kind, _, written = column.partition("::")
            if kind == base:
                made[(language(written) if written else self.plain).code] = text
        return made

    def required(self, row: Row, sheet: str, report: Report) -> Labels:
        """The row's label in every language: where there is none, that of another, with a word.

        Reports a row without any, and references inside of labels.
        """
        made = self.labels(row, "label")
        if not made and sheet == "choices":
            made = {self.plain.code: row["name"]}
            report.note(sheet, row.number, "label", "选项没有文字，以其名称显示。",
                        "a choice without a label shows its name")  # fmt: skip
        if not made:
            report.add(sheet, row.number, "label", "没有文字。", "there is no label")
        for each in self.all:
            if made and each.code not in made:
                report.note(sheet, row.number, f"label::{each.name}",
                            f"缺少“{each.name}”的文字，以另一语言显示。",
                            f"there is no label in {each.name}: another language is shown"
                            )  # fmt: skip
        if any("${" in text for text in made.values()):
            report.add(sheet, row.number, "label", "文字中不能引用其他答案。",
                       "a label cannot quote another answer")  # fmt: skip
        shown = next((made[each.code] for each in self.all if each.code in made), "")
        return {each.code: made.get(each.code, shown) for each in self.all} if made else {}
