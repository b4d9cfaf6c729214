"""Enumerators in the field: a page that works offline, and the interviews it sends when it can.

The device keeps each interview under its own random number until the server says that it has it, so
none is lost, and one that comes twice is there once.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from shifan.surveys.instrument.answers import Checked
from shifan.surveys.intake import page, words
from shifan.surveys.intake.campaigns import Taking, team_digest
from shifan.surveys.intake.http import Reply, Scope, header
from shifan.surveys.intake.store import Handed, Outcome
from shifan.surveys.intake.words import Saying
from shifan.surveys.models import FieldKey

MOST_BYTES, MOST_TOGETHER = 1_000_000, 50

HandIn = Callable[[Handed], Awaitable[Outcome]]


class BadBatch(Exception):
    """A batch that cannot be taken as a whole."""

    def __init__(self, saying: Saying) -> None:
        super().__init__(saying.title)
        self.saying = saying


@dataclass(frozen=True)
class Interview:
    """One interview as the device sends it."""

    id: UUID
    raw: dict[str, list[str]]
    seconds: float | None


def shown(taking: Taking, language: str) -> Reply:
    """The enumerators' page."""
    with override(page.spoken(language)):
        said = {
            "waiting": _("Waiting on this device: 0."), "kept": _("Kept."), "sent": _("Sent."),
            "missing": _("Please answer this question."),
            "offline": _("No network: the interviews stay on this device."),
            "full": _("This device is full: send what waits first."),
        }  # fmt: skip
        body = render_to_string(
            "surveys/field.html",
            {"taking": taking, "language": language, "lines": page.every_line(taking, language),
             "name": taking.campaign.rule.name.in_(language), "words": said,
             **page.frame("field.js")},
        )  # fmt: skip
    policy = page.policy("field.js") + "; connect-src 'self'; worker-src 'self'"
    return Reply(200, body, policy=policy)


def worker() -> Reply:
    """The service worker that keeps the page."""
    body = render_to_string("surveys/sw.js")
    return Reply(200, body, kind="text/javascript", policy="default-src 'none'; connect-src 'self'")


def key_of(scope: Scope) -> str:
    """The key a device shows."""
    kind, _space, key = header(scope, b"authorization").partition(" ")
    return key.strip()[:40] if kind.lower() == "bearer" else ""


def is_open(taking: Taking, key: str) -> bool:
    """Whether the key is one of the campaign's teams, and not ended."""
    digest = team_digest(taking.campaign.code, key)
    rows = FieldKey.objects.filter(campaign=taking.campaign.pk, digest=digest, ended_at=None)
    return rows.exists()


def read(body: bytes) -> list[Interview]:
    """The interviews of a batch. Raises BadBatch."""
    try:
        content = json.loads(body)
        sent = content["answers"]
        if not isinstance(sent, list) or not 0 < len(sent) <= MOST_TOGETHER:
            raise BadBatch(words.BATCH)
        return [_interview(each) for each in sent]
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        OverflowError,
    ) as error:
        raise BadBatch(words.BATCH) from error


def _interview(sent: Any) -> Interview:
    raw = {str(name): [str(part) for part in parts] for name, parts in sent["answers"].items()}
    given = sent.get("seconds")
    known = isinstance(given, int | float) and not isinstance(given, bool) and given >= 0
    return Interview(UUID(sent["id"]), raw, float(given) if known else None)


async def take(taking: Taking, language: str, batch: list[Interview], hand_in: HandIn) -> Reply:
    """Check and store the interviews; what became of each."""
    results = []
    for each in batch:
        checked = taking.checker.check(each.raw)
        if checked.problems:
            results.append(_refused(taking, language, each, checked))
            continue
        content = taking.judge.content(checked.values, seconds=each.seconds)
        outcome = await hand_in(Handed(taking.campaign.pk, each.id, content, gathered=True))
        if outcome is Outcome.CLOSED:
            return said(words.WAITING if taking.state == "waiting" else words.OVER, language)
        results.append({"id": str(each.id), "outcome": str(outcome)})
    return Reply(200, json.dumps({"results": results}), kind="application/json")


def _refused(
    taking: Taking, language: str, interview: Interview, checked: Checked
) -> dict[str, Any]:
    problems = []
    for name, problem in checked.problems.items():
        question = taking.form.question(name)
        label = question.label.get(language, name) if question else name
        problems.append(f"{label} {problem.text.in_(language)}")
    return {"id": str(interview.id), "outcome": "refused", "problems": problems}


def said(saying: Saying, language: str, retry_after: int = 0) -> Reply:
    """A refusal of the whole batch; the device keeps it."""
    with override(page.spoken(language)):
        message = _(saying.text)
    body = json.dumps({"message": message}, ensure_ascii=False)
    return Reply(saying.status, body, retry_after, kind="application/json")
