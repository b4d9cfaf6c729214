"""Whether a form asks what the rule book's survey needs."""

from __future__ import annotations

from shifan.rulebook.base import Text
from shifan.rulebook.surveys import Impossible, Survey
from shifan.surveys.instrument import expressions
from shifan.surveys.instrument.model import Instrument


def misfits(survey: Survey, instrument: Instrument) -> tuple[Text, ...]:
    """Everything the form lacks for the survey; empty if it can be used."""
    found: list[Text] = []
    for asked in survey.questions:
        found += _choices(instrument, asked.question, {*survey.satisfied, *survey.excluded})
    for name in survey.strata:
        found += _choices(instrument, name, set())
        question = instrument.question(name)
        if question is not None and (not question.required or question.relevant):
            found.append(
                Text(
                    zh=f"分层问题“{name}”应为必答，且不设条件。",
                    en=f"The question {name} places answers in strata: it must always be asked "
                    "and required.",
                )
            )
    for rule in survey.quality:
        if isinstance(rule, Impossible):
            found += _names(instrument, rule)
    return tuple(found)


def _choices(instrument: Instrument, name: str, needed: set[str]) -> list[Text]:
    question = instrument.question(name)
    if question is None or question.type != "select_one":
        return [
            Text(
                zh=f"表中应有单选题“{name}”。",
                en=f"The form must ask a select_one question {name}.",
            )
        ]
    lacking = sorted(needed - {choice.name for choice in question.choices})
    return [
        Text(zh=f"“{name}”缺少选项“{each}”。", en=f"The question {name} lacks the choice {each}.")
        for each in lacking
    ]


def _names(instrument: Instrument, rule: Impossible) -> list[Text]:
    try:
        names = expressions.compile(rule.when).names
    except expressions.BadExpression as bad:
        return [Text(zh=f"规则 {rule.id}：{bad.text.zh}。", en=f"Rule {rule.id}: {bad.text.en}.")]
    known = {question.name for question in instrument.asked}
    return [
        Text(
            zh=f"规则 {rule.id} 用到的“{name}”不在表中。",
            en=f"Rule {rule.id} looks at {name}, which the form does not ask.",
        )
        for name in sorted(names - known)
    ]
