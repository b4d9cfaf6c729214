"""The last hour before a deadline: thousands of units hand in their complete files at once.

Over real HTTP, to the server that ``shifan serve`` starts, with the embedded database; the load
comes from the same machine and counts against it. The demo's clock puts the deadline into the run.
Every unit's lead is signed in beforehand and submits once; each of the connections sends as soon as
the last answer is there. Yardstick: the same load on a bare Django page that inserts one row.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.crowd import Sender, fill
from bench.figures import Figure, Goal
from bench.pages import SHIFAN, _granian, _serving

UNITS, CONNECTIONS = 5000, 16
WARM, SECONDS, AFTER, BARE = 2.0, 22.0, 3.0, 6.0
"""Seconds that do not count, that do, that come after the deadline; and on the yardstick."""
TOKEN = "t" * 32
"""Our own CSRF secret: cookie and header must agree."""


@dataclass(frozen=True)
class Answer:
    """What a submission got, and the client's moments before and after; status 0 for none."""

    sender: Sender
    sent: datetime
    received: datetime
    status: int
    location: str
    page: str

    @property
    def seconds(self) -> float:
        return (self.received - self.sent).total_seconds()


@dataclass(frozen=True)
class Deadline:
    """The last moment of the move, on the site's clock, and how far that runs ahead of ours."""

    move: str
    name: str
    last: datetime
    ahead: timedelta


def figures() -> Iterator[Figure]:
    """Submissions per second and their latency; then what was lost, late or untrue: nothing."""
    with tempfile.TemporaryDirectory() as state:
        os.environ |= {"SHIFAN_STATE": state, "SHIFAN_DEMO": "1"}
        with _serving(SHIFAN, "serve", "--workers", "2"):
            pass  # the first start sets up and seeds
        from shifan.cli.django import database

        with database():
            from django.utils import timezone

            from shifan.cycles.models import Cycle

            senders = fill(
                Cycle.objects.get(exercise=True, rulebook__programme="neac"), UNITS, timezone.now()
            )
            with _serving(SHIFAN, "serve", "--workers", "2", quiet=True) as site:
                deadline = _put_deadline(WARM + SECONDS)
                answers = _storm(site, senders, deadline)
            yield from _speed(answers, deadline, _bare())
            yield from _truth(answers, deadline)


def _put_deadline(seconds: float) -> Deadline:
    """Move the demo's clock to so many seconds before the deadline of the first move."""
    from django.utils import timezone

    from shifan.cycles.models import Cycle
    from shifan.demo.models import Clock
    from shifan.process.deadlines import due

    cycle = Cycle.objects.get(exercise=True, rulebook__programme="neac")
    move = next(move for move in cycle.measures.application.stages[0].moves if move.before)
    end = due(cycle.measures, move.before or "", cycle.year, {})
    assert end is not None
    ahead = end.last - timedelta(seconds=seconds) - timezone.now()
    Clock.objects.update(ahead=ahead)
    return Deadline(move.id, end.deadline.name.zh, end.last, ahead)


def _storm(port: int, senders: list[Sender], deadline: Deadline) -> list[Answer]:
    """All submissions until a little after the deadline, over all connections."""
    waiting = iter(senders)  # next() of a list's iterator is atomic
    stop = deadline.last - deadline.ahead + timedelta(seconds=AFTER)

    def send(_number: int) -> list[Answer]:
        connection, answers = HTTPConnection("127.0.0.1", port, timeout=60), []
        while datetime.now(UTC) < stop:
            sender = next(waiting, None)
            if sender is None:
                raise RuntimeError(f"{UNITS} units were too few")
            answers.append(_submit(connection, sender, deadline.move))
        return answers

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return [each for found in pool.map(send, range(CONNECTIONS)) for each in found]


def _submit(connection: HTTPConnection, sender: Sender, move: str) -> Answer:
    sent = datetime.now(UTC)
    status, location, page = _post(
        connection,
        f"/applications/{sender.application}/move/{move}/",
        {"Cookie": f"sessionid={sender.session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN},
    )
    return Answer(sender, sent, datetime.now(UTC), status, location, page)


def _post(
    connection: HTTPConnection, address: str, headers: dict[str, str]
) -> tuple[int, str, str]:
    """Status, where it leads to, and the page; status 0 if there was no answer."""
    try:
        connection.request("POST", address, b"", headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", ""), answer.read().decode()
    except (OSError, HTTPException) as error:
        connection.close()
        return 0, "", str(error)


def _bare() -> tuple[float, float]:
    """Insertions per second of the bare page, and the median seconds of one."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE yardstick (id bigserial PRIMARY KEY, at timestamptz NOT NULL)")
    os.environ["PYTHONPATH"] = str(Path(__file__).parent.parent)
    with _serving(*_granian("bench.yardsticks.bare:application")) as port:

        def insert(_number: int) -> list[float]:
            connection, times = HTTPConnection("127.0.0.1", port, timeout=30), []
            while time.monotonic() < until:
                started = time.perf_counter()
                if _post(connection, "/insert", {})[0] != 200:
                    raise RuntimeError("the bare page failed under load")
                times.append(time.perf_counter() - started)
            return times

        until = time.monotonic() + 1
        insert(0)
        until = time.monotonic() + BARE
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            times = [each for found in pool.map(insert, range(CONNECTIONS)) for each in found]
    return len(times) / BARE, median(times)


def _speed(
    answers: list[Answer], deadline: Deadline, bare: tuple[float, float]
) -> Iterator[Figure]:
    """Of what was answered between warming up and the deadline."""
    end = deadline.last - deadline.ahead
    start = end - timedelta(seconds=SECONDS)
    taken = [each for each in answers if start <= each.received < end and each.status == 302]
    rate, times = len(taken) / SECONDS, [each.seconds for each in taken]
    yield Figure("submissions", rate, (Goal(100, at_least=True),), "per second")
    yield Figure("  latency, median", median(times) * 1000, unit="ms")
    yield Figure("  latency, 99 of 100 within", quantiles(times, n=100)[98] * 1000, unit="ms")
    yield Figure(f"a bare insert (p50 {bare[1] * 1000:.0f} ms)", bare[0], unit="per second")
    yield Figure("  which is, of submissions", bare[0] / rate, unit="×")


def _truth(answers: list[Answer], deadline: Deadline) -> Iterator[Figure]:
    """Whether all that was answered is so."""
    from shifan.ledger.models import Entry
    from shifan.ledger.queries import verify
    from shifan.proceedings.models import Step

    steps: dict[Any, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(move=deadline.move).defer("snapshot"):
        steps[step.proceeding_id].append(step)
    noted = Counter(
        Entry.objects.filter(verb="application.moved").values_list("object_id", flat=True)
    )

    def untold(answer: Answer) -> bool:
        made = steps[answer.sender.proceeding]
        once = len(made) == noted[str(answer.sender.proceeding)] == 1
        return not once or not answer.location.endswith(f"/{made[0].pk}/")

    def untimely(answer: Answer) -> bool:
        first, last = answer.sent + deadline.ahead, answer.received + deadline.ahead
        made = steps[answer.sender.proceeding]
        return not all(first <= step.at <= min(last, deadline.last) for step in made)

    def unfounded(answer: Answer) -> bool:
        made = steps[answer.sender.proceeding] or noted[str(answer.sender.proceeding)]
        early = answer.received + deadline.ahead <= deadline.last
        return bool(made) or early or deadline.name not in answer.page

    taken = [each for each in answers if each.status == 302]
    refused = [each for each in answers if each.status == 409]
    lost = len(answers) - len(taken) - len(refused)
    report = verify()
    none = (Goal(0),)
    yield Figure("handed in", len(taken), unit="files")
    yield Figure("refused after the deadline", len(refused), (Goal(1, at_least=True),), "files")
    yield Figure("answered neither way, or not at all", lost, none, "files")
    yield Figure("receipts without exactly one step and one entry in the ledger",
                 sum(map(untold, taken)), none, "files")  # fmt: skip
    yield Figure("steps at another moment than they were sent, or after the deadline",
                 sum(map(untimely, taken)), none, "files")  # fmt: skip
    yield Figure("refusals too early, without naming the deadline, or that left something",
                 sum(map(unfounded, refused)), none, "files")  # fmt: skip
    yield Figure(f"breaks in the chain of the ledger's {report['entries']} entries",
                 int(not report["ok"]), none, "breaks")  # fmt: skip
