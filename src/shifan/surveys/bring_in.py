"""Answers collected elsewhere come in: the same checks, the same sealing, each once."""

from __future__ import annotations

import hmac
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.errors import BadInput
from shifan.fairness.suppression import in_tens
from shifan.ledger import actions as ledger
from shifan.rulebook.base import Text
from shifan.scoring.table.delimited import guessed
from shifan.surveys.instrument.answers import Checker
from shifan.surveys.instrument.collected import NotCollected, Row, from_submission, from_table
from shifan.surveys.intake.quality import Judge
from shifan.surveys.intake.store import Handed, Outcome, store
from shifan.surveys.models import Assurance, Campaign

TOGETHER = 1000
SHOWN = 200
"""Bad rows listed at most."""
MOST_ROWS = 100_000
TOO_MANY = Text(
    zh=f"文件超过{MOST_ROWS}行，请分成几个文件。",
    en=f"The file has more than {MOST_ROWS} rows: please split it.",
)
NOT_RUNNING = Text(zh="调查没有在进行。", en="The campaign is not running.")


@dataclass
class Brought:
    """What came of a file: answers that were new, that had come before, rows that are wrong, and
    those left out because their reviewers have not accepted them."""

    taken: int = 0
    known: int = 0
    refused: int = 0
    left_out: int = 0
    guessed: Text | None = None
    errors: list[tuple[int, Text]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.taken + self.known + self.refused + self.left_out

    def refuse(self, row: int, text: Text) -> None:
        self.refused += 1
        if len(self.errors) < SHOWN:
            self.errors.append((row, text))


def bring_in(
    *, campaign: Campaign, file: IO[bytes], name: str, actor: Actor, now: datetime
) -> Brought:
    """Take the answers of an export (CSV or XLSX) or of an ODK submission (``.xml``).

    Rows that do not fit the form are refused one by one, the others taken. The same file twice
    changes nothing: a submission is known by the number it was given when it was made, one without
    by its place among equal ones. Raises NotAllowed, and BadInput for a file that is not one of
    this form's, and where the campaign takes none.
    """
    policy.require(actor, "surveys.run", campaign)
    if campaign.state(now) not in ("running", "over"):
        raise BadInput(NOT_RUNNING)
    if campaign.assurance == Assurance.TOKEN:
        raise BadInput(Text(zh="本调查只接受凭码作答。", en="This campaign takes answers by code."))
    brought, checker, judge = Brought(), Checker(campaign.form), Judge(campaign)
    seen: Counter[str] = Counter()
    try:
        # all of the file and its mention in the ledger, or nothing
        with transaction.atomic(), ExitStack() as named:
            _one_at_a_time(campaign)
            kept = named.enter_context(NamedTemporaryFile(suffix=Path(name).suffix))
            shutil.copyfileobj(file, kept)
            kept.flush()
            rows = _rows(campaign, Path(kept.name))
            while batch := list(islice(rows, TOGETHER)):
                found = [_handed(campaign, checker, judge, row, seen, brought) for row in batch]
                handed = [each for each in found if each is not None]
                outcomes = store(handed, now)
                if Outcome.CLOSED in outcomes:
                    raise BadInput(NOT_RUNNING)
                brought.taken += outcomes.count(Outcome.TAKEN)
                brought.known += outcomes.count(Outcome.KNOWN)
                if brought.rows > MOST_ROWS:
                    raise BadInput(TOO_MANY)
            brought.guessed = guessed(Path(kept.name))
            ledger.record(
                actor=actor.name, verb="campaign.brought_in", subject=campaign, at=now,
                code=campaign.code, taken=in_tens(brought.taken),
            )  # fmt: skip
    except NotCollected as wrong:
        raise BadInput(wrong.text) from wrong
    return brought


def _one_at_a_time(campaign: Campaign) -> None:
    """Two files with the same submissions in another order would wait for one another for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(campaign.pk)])


def _rows(campaign: Campaign, path: Path) -> Iterator[Row]:
    if path.suffix.lower() == ".xml":
        with path.open("rb") as file:
            return iter([from_submission(file, campaign.form)])
    return from_table(path, campaign.form)


def _handed(
    campaign: Campaign,
    checker: Checker,
    judge: Judge,
    row: Row,
    seen: Counter[str],
    brought: Brought,
) -> Handed | None:
    if row.left_out:
        brought.left_out += 1
        return None
    if row.wrong is not None:
        brought.refuse(row.number, row.wrong)
        return None
    checked = checker.check(row.raw)
    if checked.problems:
        for name, problem in checked.problems.items():
            text = Text(zh=f"{name}：{problem.text.zh}", en=f"{name}: {problem.text.en}")
            brought.refuse(row.number, text)
            break
        return None
    number = row.submission or _number(campaign, row, seen)
    return Handed(campaign.pk, number, judge.content(checked.values), gathered=True)


def _number(campaign: Campaign, row: Row, seen: Counter[str]) -> UUID:
    """A number for a submission that has none: secret, so that it tells nothing of its content."""
    said = json.dumps(row.raw, sort_keys=True, ensure_ascii=False)
    seen[said] += 1
    key = f"{campaign.pk}\x1f{seen[said]}\x1f{said}".encode()
    mac = hmac.new(settings.SECRET_KEY.encode(), b"collected" + key, sha256).digest()
    return UUID(bytes=mac[:16], version=4)
