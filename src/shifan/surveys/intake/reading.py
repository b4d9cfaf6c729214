"""What a visitor handed in: read, checked, and shown again where something is to be mended."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from shifan.surveys.instrument.answers import Checked
from shifan.surveys.intake import page, words
from shifan.surveys.intake.campaigns import Taking
from shifan.surveys.intake.http import Fields, Refused, Reply
from shifan.surveys.intake.page import Filled


@dataclass(frozen=True)
class Form:
    """A page handed in. ``seen`` are the questions it showed, ``version`` the form it was of."""

    filled: Filled
    checked: Checked
    seen: frozenset[str]
    version: str


def handed_in(taking: Taking, fields: Fields) -> Form:
    """The page's fields as answers, checked. Raises Refused for questions the form does not ask."""
    raw: dict[str, list[str]] = defaultdict(list)
    for name, value in fields:
        if name.startswith("q."):
            raw[name[2:]].append(value)
    plain = dict(fields)
    checked = taking.checker.check(raw)
    version = plain.get("form", "")
    if version == taking.version and any(p.kind == "unknown" for p in checked.problems.values()):
        raise Refused(words.NOT_ASKED)
    filled = Filled(
        _submission(plain.get("id", "")), plain.get("started", "")[:40],
        plain.get("t", "").strip()[:40], raw, checked.values, checked.problems,
    )  # fmt: skip
    return Form(filled, checked, frozenset(plain.get("seen", "").split()), version)


def _submission(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def look_again(taking: Taking, language: str, form: Form) -> Reply | None:
    """The page once more where something is wrong or new questions have come up; else None."""
    filled, problems = form.filled, form.checked.problems
    if form.version != taking.version:
        return Reply(409, page.again(taking, language, filled, words.CHANGED))
    new = [q.name for q in taking.form.asked if q.name in form.checked.relevant - form.seen]
    if new:
        rest = {name: problem for name, problem in problems.items() if name in form.seen}
        filled = replace(filled, problems=rest, new=frozenset(new))
        shown = page.again(taking, language, filled, words.FOLLOWING)
        return Reply(422 if rest else 200, shown)
    if taking.needs_token and not filled.token:
        return Reply(422, page.again(taking, language, filled, words.CODE_MISSING))
    if problems:
        return Reply(422, page.again(taking, language, filled, words.WRONG))
    return None
