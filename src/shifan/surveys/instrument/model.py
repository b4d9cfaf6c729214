"""A form in memory: its languages, its questions, their choices and conditions.

The names are those of XLSForm (https://xlsform.org), the form standard of ODK and KoboToolbox.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from shifan.rulebook.base import Part

Labels = dict[str, str]
"""Language code → text; the codes are those of the instrument's languages."""

NAME = r"^[^\W\d][\w.-]*$"
"""What a question may be called: a letter of any script or _, then digits, points, hyphens too."""
CHOICE = r"^[\w.-]+$"
QuestionName = Annotated[str, Field(pattern=NAME, max_length=60)]
ChoiceName = Annotated[str, Field(pattern=CHOICE, max_length=60)]

Type = Literal["select_one", "select_multiple", "integer", "decimal", "text", "note", "group"]


class Language(Part):
    """A language of the form: its code, as far as the form says one, and its name."""

    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=60)


class Choice(Part):
    """One answer to choose."""

    name: ChoiceName
    label: Labels


class Question(Part):
    """A question, a note between questions, or a group of them (``questions``).

    ``relevant`` and ``constraint`` are expressions as written in the form; empty means none.
    ``default`` is what is filled in beforehand, choices separated by a space.
    """

    name: QuestionName
    type: Type
    label: Labels = {}
    hint: Labels = {}
    choices: tuple[Choice, ...] = ()
    required: bool = False
    relevant: str = ""
    constraint: str = ""
    constraint_message: Labels = {}
    default: str = ""
    questions: tuple[Question, ...] = ()

    @property
    def takes_answers(self) -> bool:
        return self.type not in ("note", "group")

    @cached_property
    def choice_names(self) -> dict[str, None]:
        """The choices' names in the order of the form."""
        return dict.fromkeys(choice.name for choice in self.choices)


class Instrument(Part):
    """A whole form. ``digest`` stands for exactly this form, whatever it says of its version."""

    id: str = Field(min_length=1, max_length=60)
    version: str = Field(default="", max_length=40)
    title: str = Field(min_length=1, max_length=200)
    languages: tuple[Language, ...] = Field(min_length=1)
    questions: tuple[Question, ...] = Field(min_length=1)

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, over the form's content."""
        said = _without_blank_defaults(self.model_dump(mode="json"))
        content = json.dumps(said, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    @cached_property
    def all(self) -> tuple[Question, ...]:
        """Every question, note and group, a group before what it holds."""
        return tuple(_walk(self.questions))

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """The questions that take an answer, in order."""
        return tuple(question for question in self.all if question.takes_answers)

    def question(self, name: str) -> Question | None:
        return next((question for question in self.all if question.name == name), None)

    def language(self, wanted: str) -> str:
        """The code of the form's language nearest to ``wanted`` ("en", "zh-hans"); else its first.

        >>> zh, en = Language(code="zh", name="中文"), Language(code="en", name="English")
        >>> note = Question(name="hello", type="note")
        >>> form = Instrument(id="f", title="f", languages=(zh, en), questions=(note,))
        >>> form.language("en-gb"), form.language("zh-hans"), form.language("fr")
        ('en', 'zh', 'zh')
        """
        primary = wanted.partition("-")[0].lower()
        codes = [language.code for language in self.languages]
        same = (code for code in codes if code.partition("-")[0].lower() == primary)
        return wanted if wanted in codes else next(same, codes[0])


def _without_blank_defaults(part: Any) -> Any:
    """The form as it was written down before there were defaults."""
    if isinstance(part, dict):
        return {
            key: _without_blank_defaults(each)
            for key, each in part.items()
            if key != "default" or each
        }
    return [_without_blank_defaults(each) for each in part] if isinstance(part, list) else part


def _walk(questions: tuple[Question, ...]) -> Iterator[Question]:
    for question in questions:
        yield question
        yield from _walk(question.questions)
