"""The form of one provision's fact, made from the rule book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shifan.errors import BadInput
from shifan.rulebook.base import Text
from shifan.rulebook.indicators import Clause, Provision, ScoredProvision
from shifan.rulebook.model import FactSource
from shifan.rulebook.rules import Graded, Satisfaction
from shifan.scoring.facts import Column, part_text, provision_columns, statement_label
from shifan.statements.assessment import Statement, as_text
from shifan.statements.models import Draft


@dataclass(frozen=True)
class FactField:
    """One input of the form: ``widget`` is ``yes_no``, ``tick``, ``number`` or ``grade``."""

    column: Column
    widget: str
    label: Text | None
    unit: Text | None
    value: str
    error: Text | None
    choices: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True)
class FactForm:
    """The form in which one source states its fact; ``seen`` guards against overwriting.

    ``marks`` say that the clause, or parts of it, do not apply. ``draft`` is what it is filled
    with, where its reader typed that earlier; ``overtaken`` if the source has stated something else
    since.
    """

    source: FactSource
    fields: tuple[FactField, ...]
    marks: tuple[FactField, ...]
    seen: int
    stated: Statement | None
    note: str
    draft: Draft | None = None

    @property
    def overtaken(self) -> bool:
        return self.draft is not None and self.draft.over != self.seen

    @property
    def has_errors(self) -> bool:
        return any(field.error for field in self.fields)


def fact_form(
    provision: Provision,
    source: FactSource,
    statements: list[Statement],
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, Text] | None = None,
    note: str = "",
    draft: Draft | None = None,
) -> FactForm:
    """The form for ``source``, filled with what was typed just now, else with the draft, else with
    what the source last stated."""
    stated = next((each for each in statements if each.source == source.id), None)
    held = {key: as_text(value) or "" for key, value in stated.values.items()} if stated else {}
    if typed is None and draft is not None:
        typed, note = draft.values, draft.note
    shown = held if typed is None else dict(typed)
    fields = [
        _field(provision, column, shown.get(column.name, ""), (errors or {}).get(column.name))
        for column in provision_columns(provision)
    ]
    return FactForm(
        source=source,
        fields=tuple(field for field in fields if field.column.role != "not_applicable"),
        marks=tuple(field for field in fields if field.column.role == "not_applicable"),
        seen=stated.fact.pk if stated and stated.fact else 0,
        stated=stated,
        note=note if typed is not None else getattr(stated and stated.fact, "note", ""),
        draft=draft,
    )


def typed_values(provision: Provision, posted: Mapping[str, str]) -> dict[str, str]:
    """What a browser sent for the provision's columns. An unticked part of a checklist is a no."""
    values: dict[str, str] = {}
    for column in provision_columns(provision):
        sent = posted.get(column.name, "")
        values[column.name] = sent or ("false" if column.role == "part" else "")
    return values


def sheet_values(
    provisions: Iterable[Provision], posted: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """What a browser sent for many provisions.

    A checklist with nothing ticked that nobody stated before says nothing: on a sheet it cannot be
    told from one that was passed over.
    """
    values = {}
    for provision in provisions:
        typed = typed_values(provision, posted)
        ticked = any(posted.get(name) for name in typed)
        stated = posted.get(f"seen:{provision.id}", "0") != "0"
        values[provision.id] = typed if ticked or stated else {}
    return values


def _field(provision: Provision, column: Column, value: str, error: Text | None) -> FactField:
    rule = provision.rule if isinstance(provision, ScoredProvision) else None
    label: Text | None = None
    choices: tuple[tuple[str, Text], ...] = ()
    widget, unit = "number", provision.input.unit
    if column.role in ("part", "not_applicable"):
        widget, label = "tick", part_text(provision, column.of or column.name)
        if label is None and isinstance(provision, Clause) and provision.not_applicable:
            label = provision.not_applicable.when
    elif column.type == "boolean":
        widget = "yes_no"
    elif column.type == "grade" and isinstance(rule, Graded):
        widget, choices = "grade", tuple((grade.id, grade.text) for grade in rule.grades)
    elif column.role == "sample" and isinstance(rule, Satisfaction):
        least, unit = rule.minimum_sample, None
        label = Text(zh=f"有效样本数（至少 {least}）", en=f"Valid answers (at least {least})")
    elif column.role == "potential" or provision.input.type in ("percent", "satisfaction"):
        unit = Text(zh="%", en="%")
    if column.role == "statement":
        label = statement_label(column)
    elif column.role == "potential" and isinstance(provision, Clause) and provision.potential:
        own = provision.potential
        label = Text(
            zh=f"本单位潜力（占该条分值，不填为 100%）：{own.zh}",
            en=f"The unit's own potential, of the clause's points (100% if empty): {own.in_('en')}",
        )
    return FactField(column, widget, label, unit, value, error, choices)


def shown(sent: str) -> int:
    """The id of what a form showed when it was made, 0 for nothing. Raises BadInput where it does
    not say."""
    if not (sent.isascii() and sent.isdigit() and len(sent) <= 18):
        raise BadInput(
            Text(
                zh="表单不完整，请重新打开页面后再填。",
                en="The form is incomplete; open the page again.",
            )
        )
    return int(sent)
