"""`shifan serve` as an operator meets it: first start, second start, Ctrl-C, kill -9."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.served import (
    SHIFAN,
    begin,
    environment,
    free_port,
    postmaster,
    running,
    serve,
    served_once,
    stop,
)


def shifan(state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SHIFAN, *words], env=environment(state), capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Iterator[tuple[Path, str]]:
    """A state folder that was served once, and what that run printed."""
    state = tmp_path_factory.mktemp("state")
    yield state, served_once(tmp_path_factory, state)
    left = postmaster(state)  # a site that was killed leaves its database behind
    if left is not None:
        os.kill(left, signal.SIGINT)


@pytest.fixture
def state(first) -> Path:
    return first[0]


def test_first_run_serves_lists_accounts_and_stops_on_ctrl_c(first):
    state, output = first

    assert "http://127.0.0.1:" in output
    assert "province-reviewer" in output
    assert "Traceback" not in output
    assert running(state) is False


def parts(pid: int) -> dict[int, str]:
    """The processes that one has started, and theirs, with their words."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return {}
    found: dict[int, str] = {}
    for child in map(int, children):
        found |= {child: _words(child)} | parts(child)
    return found


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
    except OSError:
        return ""


def part(site: subprocess.Popen[str], *words: str, other_than: int = 0) -> int:
    """The first part of the site whose command has these words; it may have to be started anew."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for pid, said in parts(site.pid).items():
            if pid != other_than and all(word in said for word in words):
                return pid
        time.sleep(0.1)
    raise AssertionError(f"no part {words}")


def answers(port: int, within: float) -> None:
    until = time.monotonic() + within
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_every_part_that_is_killed_is_started_anew_and_the_site_after_all_of_it(state):
    before = json.loads(shifan(state, "ledger", "verify", "--json").stdout)
    port = free_port()
    site = serve(state, port)
    light = (f":{port + 1} ",)
    for words in ((f":{port} ", "worker"), (f":{port} ",), (*light, "worker"), light,
                  ("procrastinate",)):  # fmt: skip
        killed = part(site, *words)
        os.kill(killed, signal.SIGKILL)
        assert part(site, *words, other_than=killed)
        answers(port, within=20)
    database = postmaster(state)
    assert database is not None
    os.kill(database, signal.SIGKILL)
    time.sleep(0.1)
    answers(port, within=20)
    assert postmaster(state) not in (None, database)
    os.killpg(site.pid, signal.SIGKILL)
    site.wait()

    site = serve(state, free_port())
    last = part(site, "procrastinate")
    stop(site)

    assert "procrastinate" not in _words(last)
    assert before["ok"] is True
    assert json.loads(shifan(state, "ledger", "verify", "--json").stdout) == before
    assert running(state) is False


def test_slow_senders_hold_up_nobody_and_term_ends_all(state):
    port = free_port()
    site = serve(state, port)
    started = parts(site.pid)
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    for each in slow:
        each.sendall(
            b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\na="
        )
    time.sleep(0.5)
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            assert answer.status == 200
    finally:
        for each in slow:
            each.close()
        site.terminate()
        site.communicate(timeout=30)

    assert len(started) == 5
    assert [pid for pid in started if _words(pid)] == []
    assert running(state) is False


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_site_that_is_killed_while_it_starts_leaves_no_port_taken(state):
    port = free_port()
    site = begin(state, port)
    until = time.monotonic() + 60
    while not listens(port + 1) and time.monotonic() < until:  # its worker only begins
        time.sleep(0.02)

    os.killpg(site.pid, signal.SIGKILL)
    until = time.monotonic() + 20
    while (listens(port) or listens(port + 1)) and time.monotonic() < until:
        time.sleep(0.1)

    assert not listens(port)
    assert not listens(port + 1)


def test_taken_port_is_said_plainly(state):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = shifan(state, "serve", "--port", str(taken.getsockname()[1]))

    assert done.returncode == 1
    assert "is taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_register_list_prints_every_title_with_its_source(state):
    listed = json.loads(shifan(state, "register", "list", "--json").stdout)

    assert listed["count"] == len(listed["titles"]) == 26
    assert {t["name"] for t in listed["titles"] if t["exercise"]} == {
        "大理苍山地质公园", "Vale do Exemplo Geopark",
    }  # fmt: skip
    assert [title for title in listed["titles"] if not title["source"]] == []


def test_doctor_finds_all_well(state):
    done = shifan(state, "doctor", "--json")

    assert [check for check in json.loads(done.stdout) if not check["ok"]] == []
    assert done.returncode == 0
