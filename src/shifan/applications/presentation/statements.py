"""What the sources say of a provision, and where it stands in the indicator set."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shifan.rulebook.base import Text
from shifan.rulebook.indicators import Category, Clause, Item, Provision, ScoredProvision
from shifan.rulebook.rules import Graded
from shifan.scoring.facts import (
    Column,
    Value,
    part_text,
    plain,
    provision_columns,
    statement_label,
)
from shifan.scoring.kinds.quantity import quantity
from shifan.statements.assessment import Assessment, Statement
from shifan.statements.models import Fact


def neighbours(assessment: Assessment, provision_id: str) -> tuple[str, str]:
    """The provisions before and after this one, by id; empty at the ends."""
    ids = [provision.id for provision in assessment.situation.indicators.provisions]
    at = ids.index(provision_id)
    before = ids[at - 1] if at else ""
    return before, ids[at + 1] if at + 1 < len(ids) else ""


def next_open(assessment: Assessment, provision_id: str, todo: list[str]) -> str:
    """The next of the provisions still to do, after this one and round; empty if none is left."""
    ids = [provision.id for provision in assessment.situation.indicators.provisions]
    at = ids.index(provision_id)
    return next((each for each in ids[at + 1 :] + ids[:at] if each in todo), "")


def source_name(assessment: Assessment, source_id: str) -> Text | None:
    """What the rule book calls a fact source."""
    sources = assessment.situation.measures.fact_sources
    return next((source.name for source in sources if source.id == source_id), None)


def heading(assessment: Assessment, provision: Provision) -> tuple[Category, Item] | None:
    """The category and item a clause stands under; None for adjustments and vetoes."""
    if not isinstance(provision, Clause):
        return None
    for category in assessment.situation.indicators.categories:
        for item in category.items:
            if provision in item.clauses:
                return category, item
    return None


@dataclass(frozen=True)
class Answer:
    """One line of what a source says; ``held`` for a part of a checklist, ticked or not."""

    text: Text
    held: bool | None = None


@dataclass(frozen=True)
class Said:
    """What one source said of a provision, for reading.

    ``counts`` if the score is made from it; ``differs`` if it is not what counts.
    """

    source: Text | None
    answers: tuple[Answer, ...]
    fact: Fact | None
    counts: bool = False
    differs: bool = False

    @property
    def brief(self) -> Text:
        """All of it in a few words; of a checklist, how many parts are in place."""
        parts = [answer.held for answer in self.answers if answer.held is not None]
        if parts:
            have, all_ = sum(parts), len(parts)
            return Text(zh=f"{all_} 项中具备 {have} 项", en=f"{have} of {all_} parts in place")
        texts = [answer.text for answer in self.answers]
        return Text(
            zh="，".join(text.zh for text in texts) or "—",
            en=", ".join(text.en or text.zh for text in texts),
        )


def said(assessment: Assessment, provision: Provision, statement: Statement) -> Said:
    """A statement arranged for reading, compared with the one that counts."""
    current = assessment.statements[provision.id]
    first = current[0] if current else None
    return Said(
        source_name(assessment, statement.source),
        tuple(
            _answer(provision, column, statement.values[column.name])
            for column in provision_columns(provision)
            if statement.values.get(column.name) is not None
        ),
        statement.fact,
        counts=statement is first,
        differs=first is not None and statement.values != first.values,
    )


def _answer(provision: Provision, column: Column, value: Value | None) -> Answer:
    """One column of what was stated, told from the others of the same fact."""
    plain_ = _plain_answer(provision, column, value)
    if column.role != "statement":
        return plain_
    which = statement_label(column)
    return Answer(
        Text(zh=f"{which.zh}：{plain_.text.zh}", en=f"{which.en}: {plain_.text.in_('en')}")
    )


def _plain_answer(provision: Provision, column: Column, value: Value | None) -> Answer:
    rule = provision.rule if isinstance(provision, ScoredProvision) else None
    part = part_text(provision, column.of or column.name)
    if column.role == "not_applicable":
        zh, en = (f"{part.zh}：", f"{part.in_('en')}: ") if part is not None else ("", "")
        return Answer(Text(zh=f"{zh}不适用", en=f"{en}Not applicable"))
    if part is not None:
        return Answer(part, value is True)
    if column.role == "potential" and isinstance(value, Decimal):
        return Answer(Text(zh=f"本单位潜力 {plain(value)}%", en=f"own potential {plain(value)}%"))
    if column.role == "sample" and isinstance(value, Decimal):
        return Answer(Text(zh=f"有效样本 {plain(value)} 份", en=f"{plain(value)} valid answers"))
    if isinstance(value, bool):
        return Answer(Text(zh="是", en="yes") if value else Text(zh="否", en="no"))
    if isinstance(value, Decimal):
        zh, en = quantity(value, provision.input)
        return Answer(Text(zh=zh, en=en))
    grades = rule.grades if isinstance(rule, Graded) else ()
    given = next((grade.text for grade in grades if grade.id == value), None)
    return Answer(given or Text(zh=str(value)))
