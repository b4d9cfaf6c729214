"""Answers under load, while processes are killed: what was acknowledged is there, once.

``make soak NAME=survey`` runs it at 500 answers a second for a minute, ``make test`` a short form.
The site is the one ``shifan serve`` starts, with a database of its own. Who gets no reply, or 503,
hands in the same answer again, as a browser does.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from tests.served import SHIFAN, served_once
from tests.surveys.conftest import SCALE, WHOLE
from tools.instruments import SATISFACTION

LONG = os.environ.get("SHIFAN_SOAK") == "1"
RATE, SECONDS = (500, 60) if LONG else (100, 2)
PEOPLE = 24
COUNT = """
import json
from shifan.cli.django import database
with database():
    from shifan.surveys import sealing
    from shifan.surveys.models import Campaign, Pouch, Receipt
    campaign = Campaign.objects.order_by("made_at").first()
    pouches = campaign.pouches.all()
    print(json.dumps({
        "code": campaign.code,
        "receipts": [str(row.submission) for row in Receipt.objects.filter(campaign=campaign)],
        "sealed": sum(len(sealing.open_(pouch)) for pouch in pouches),
        "said": sum(pouch.answers for pouch in pouches),
        "mixed": campaign.answers.count(),
    }))
"""


@dataclass
class Site:
    """A site of its own, to start, to kill and to look into."""

    state: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {k: v for k, v in os.environ.items()
                if k not in ("DATABASE_URL", "SHIFAN_EMBEDDED", "XDG_RUNTIME_DIR")}  # fmt: skip
        self.env = kept | {
            "SHIFAN_STATE": str(self.state), "SHIFAN_DEMO": "1", "SHIFAN_SURVEY_PER_MINUTE": "0",
        }  # fmt: skip

    def start(self) -> None:
        """Start it, again and again if it ends at once, as whatever supervises it would."""
        end, said = time.monotonic() + 120, self.state.with_suffix(".log")
        while time.monotonic() < end:
            with said.open("ab") as log:
                self.process = subprocess.Popen(
                    [SHIFAN, "serve", "--port", str(self.port), "--workers", "1"], env=self.env,
                    stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip
            if all(self._answers(port, self.process) for port in (self.port, self.port + 1)):
                return
        raise AssertionError("the site did not start:\n" + said.read_text()[-4000:])

    def _answers(self, port: int, process: subprocess.Popen[bytes]) -> bool:
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return True
            except OSError:
                time.sleep(0.1)
        time.sleep(1)
        return False

    def look(self) -> dict:
        done = subprocess.run(
            [sys.executable, "-c", COUNT],
            env=self.env,
            capture_output=True,
            check=True,
            timeout=120,
        )
        return json.loads(done.stdout.splitlines()[-1])

    def kill(self, *words: str) -> None:
        """Kill -9 every process whose command line has all these words."""
        for proc in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = proc.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if all(word in line for word in words):
                os.kill(int(proc.parent.name), signal.SIGKILL)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()


@dataclass
class Load:
    """People who hand in at a steady pace, each until it is acknowledged."""

    port: int
    code: str
    acknowledged: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    again: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self, rate: float, seconds: float) -> Load:
        end = time.monotonic() + seconds
        threads = [
            threading.Thread(target=self._person, args=(rate / PEOPLE, end), daemon=True)
            for _ in range(PEOPLE)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self

    def _person(self, rate: float, end: float) -> None:
        due = time.monotonic() + random.random() / rate
        line: HTTPConnection | None = None
        while due < end:
            time.sleep(max(0.0, due - time.monotonic()))
            number, begun = str(uuid4()), time.monotonic()
            while not self.stopped.is_set():
                line = line or HTTPConnection("127.0.0.1", self.port, timeout=20)
                try:
                    if self._hand_in(line, number):
                        break
                except (OSError, HTTPException):
                    line.close()
                    line = None
                self.again += 1
                time.sleep(0.2)
            self.waits.append(time.monotonic() - begun)
            due += 1 / rate
        if line is not None:
            line.close()

    def _hand_in(self, line: HTTPConnection, number: str) -> bool:
        said = WHOLE | {name: random.choice(SCALE) for name in ("environment", "effect")}
        body = urlencode({
            "id": number, "started": "1.x", "form": SATISFACTION.digest[:16],
            "seen": " ".join([*WHOLE, "improve"]), **{f"q.{k}": v for k, v in said.items()},
        })  # fmt: skip
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", f"/s/{self.code}/", body, kind)
        reply = line.getresponse()
        reply.read()
        assert reply.status in (200, 503), reply.status
        if reply.status == 200:
            self.acknowledged.append(number)
        return reply.status == 200


@pytest.fixture
def site(tmp_path, tmp_path_factory):
    served_once(tmp_path_factory, tmp_path / "state")
    made = Site(tmp_path / "state")
    made.start()
    yield made
    made.stop()


def _all_there(found: dict, acknowledged: list[str], before: dict) -> None:
    receipts = found["receipts"]
    assert set(acknowledged) <= set(receipts)
    assert len(receipts) == len(set(receipts))
    assert found["sealed"] == found["said"]
    assert found["sealed"] + found["mixed"] == len(receipts)
    assert len(receipts) >= len(before["receipts"]) + len(acknowledged)


def test_survey_takes_all_answers_and_loses_none_when_processes_are_killed(site):
    before = site.look()
    quiet = Load(site.port + 1, before["code"]).run(RATE, SECONDS)
    slowest = sorted(quiet.waits)[int(len(quiet.waits) * 0.99)]
    print(f"{len(quiet.waits)} answers at {RATE}/s, sent again {quiet.again}, "
          f"p99 {slowest * 1000:.0f} ms")  # fmt: skip
    assert (quiet.again, len(quiet.acknowledged)) == (0, len(quiet.waits))
    assert len(quiet.waits) >= RATE * SECONDS * 0.95

    stormy = Load(site.port + 1, before["code"])
    thread = threading.Thread(target=stormy.run, args=(RATE, SECONDS * 2 + 2), daemon=True)
    thread.start()
    time.sleep(SECONDS / 2)
    site.kill("granian", "asgi", str(site.port + 1))  # serve starts it anew
    time.sleep(SECONDS / 2 + 1)
    site.kill(str(site.state / "postgres"))  # the database and its processes
    site.kill("serve", f"--port {site.port}")
    site.kill("granian", f"--port {site.port} ")
    site.kill("granian", f"--port {site.port + 1} ")
    time.sleep(1)
    site.start()
    thread.join(SECONDS * 2 + 60)
    assert not thread.is_alive()
    print(f"{len(stormy.acknowledged)} acknowledged, sent again {stormy.again}")
    assert stormy.again > 0
    assert len(stormy.acknowledged) == len(stormy.waits)
    _all_there(site.look(), quiet.acknowledged + stormy.acknowledged, before)
