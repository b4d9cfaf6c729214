"""The public page: one light document, no script needed, nothing fetched but itself."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from uuid import UUID, uuid4

from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from shifan.surveys.instrument.answers import Problem
from shifan.surveys.instrument.model import Question
from shifan.surveys.intake.campaigns import Taking
from shifan.surveys.intake.words import Saying

SUBMISSION, STARTED, TOKEN = "{submission}", "{started}", "{token}"
"""What is put into the prepared page for each visitor."""


@dataclass(frozen=True)
class Filled:
    """What a visitor has filled in so far, what is wrong with it, and the questions that follow."""

    submission: UUID
    started: str
    token: str = ""
    raw: Mapping[str, list[str]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)
    new: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Line:
    """A question, note or group as the page shows it.

    ``must`` and ``only_if`` are for the enumerators' page, which shows all questions at once: it is
    always required; it is asked only where an earlier answer calls for it.
    """

    question: Question
    label: str
    hint: str
    choices: list[tuple[str, str, bool]]
    text: str
    problem: str
    must: bool = False
    only_if: bool = False


def spoken(language: str) -> str:
    """The site's language for a form's language."""
    return "en" if language.startswith("en") else "zh-hans"


def empty(taking: Taking, language: str, token: str) -> str:
    """The page for a new visitor."""
    if language not in taking.pages:
        blank = Filled(UUID(int=0), STARTED, TOKEN)
        made = again(taking, language, blank).replace(str(UUID(int=0)), SUBMISSION)
        taking.pages[language] = made
    submission = uuid4()
    page = taking.pages[language].replace(SUBMISSION, str(submission))
    return page.replace(STARTED, started(submission, time.time())).replace(TOKEN, token)


def again(taking: Taking, language: str, filled: Filled, message: str = "") -> str:
    """The page with what the visitor filled in, and what is to be said about it."""
    relevant = taking.checker.relevant(filled.values)
    lines = [
        _line(question, language, filled)
        for question in taking.form.all
        if question.name in relevant
    ]
    with override(spoken(language)):
        return render_to_string(
            "surveys/answer.html",
            {
                "taking": taking, "language": language, "lines": lines, "filled": filled,
                "message": _(message) if message else "",
                "name": taking.campaign.rule.name.in_(language),
                "seen": " ".join(line.question.name for line in lines),
                "look": [x for x in lines if x.problem or x.question.name in filled.new],
                **frame(),
            },
        )  # fmt: skip


def _line(question: Question, language: str, filled: Filled) -> _Line:
    untouched = not filled.raw or question.name in filled.new
    given = filled.raw.get(question.name, _beforehand(question) if untouched else [])
    problem = filled.problems.get(question.name)
    return _Line(
        question,
        question.label.get(language, ""),
        question.hint.get(language, ""),
        [(c.name, c.label.get(language, c.name), c.name in given) for c in question.choices],
        given[0] if given else "",
        _said(question, problem, language) if problem else "",
    )


def _beforehand(question: Question) -> list[str]:
    """What the form fills in beforehand."""
    several = question.type == "select_multiple"
    return question.default.split() if several else [question.default] if question.default else []


def every_line(taking: Taking, language: str) -> list[_Line]:
    """All questions at once, as the enumerators' page shows them."""
    blank, asked_if = Filled(UUID(int=0), ""), _conditional(taking.form.questions)
    return [
        replace(
            _line(question, language, blank),
            must=question.required and question.name not in asked_if,
            only_if=question.takes_answers and question.name in asked_if,
        )
        for question in taking.form.all
    ]


def _conditional(questions: tuple[Question, ...], inside: bool = False) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for question in questions:
        here = inside or bool(question.relevant)
        found |= _conditional(question.questions, here)
        found |= {question.name} if here else frozenset()
    return found


def _said(question: Question, problem: Problem, language: str) -> str:
    if problem.kind == "constraint" and language in question.constraint_message:
        return question.constraint_message[language]
    return problem.text.in_(language)


@lru_cache(maxsize=256)
def notice(language: str, saying: Saying, *, done: str = "") -> str:
    """A page that only says something. ``done`` is the code of the campaign answered."""
    with override(spoken(language)):
        return render_to_string(
            "surveys/notice.html",
            {"language": spoken(language), "title": _(saying.title), "text": _(saying.text),
             "done": done, **frame()},
        )  # fmt: skip


@cache
def frame(script: str = "keep.js") -> dict[str, str]:
    """The style and the script that stand in a page."""
    return {
        "style": render_to_string("surveys/page.css").strip(),
        "script": render_to_string(f"surveys/{script}").strip(),
    }


@cache
def policy(script: str = "keep.js") -> str:
    """The content security policy: this very style, this very script, nothing else."""
    style, code = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in frame(script).values()
    )
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{code}'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def started(submission: UUID, now: float) -> str:
    """When the page was fetched, signed for its own number: kept by the page, stored nowhere."""
    moment = str(int(now))
    return f"{moment}.{_signature(submission, moment)}"


def seconds_since(filled: Filled, now: float) -> float:
    """Seconds since the page was fetched; 0 where the mark is not ours."""
    moment, _dot, signature = filled.started.partition(".")
    if not moment.isascii() or not moment.isdigit() or len(moment) > 12:
        return 0
    if not constant_time_compare(signature, _signature(filled.submission, moment)):
        return 0
    return now - int(moment)


def _signature(submission: UUID, moment: str) -> str:
    return salted_hmac("shifan.survey", f"{submission} {moment}").hexdigest()[:20]
