"""`shifan serve` as an operator meets it: first start, second start, Ctrl-C, kill -9."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

SHIFAN = Path(sys.executable).parent / "shifan"


def environment(state: Path, **more: str) -> dict[str, str]:
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("SHIFAN_", "DATABASE_"))}
    return {**keep, "SHIFAN_STATE": str(state), **more}


def shifan(state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SHIFAN, *words], env=environment(state), capture_output=True, text=True, check=False
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def begin(state: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [SHIFAN, "serve", "--port", str(port), "--workers", "1"],
        env=environment(state, SHIFAN_DEMO="1"), start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def serve(state: Path, port: int) -> subprocess.Popen[str]:
    """A running site that answers."""
    started = time.monotonic()
    site = begin(state, port)
    while time.monotonic() - started < 120:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                assert json.load(answer) == {"ok": True}
                return site
        except OSError:
            assert site.poll() is None, site.communicate()[0]
            time.sleep(0.1)
    raise AssertionError("the site did not answer in two minutes")


def postmaster(state: Path) -> int | None:
    """The process of the database server on the state folder, if one runs."""
    file = state / "postgres" / "postmaster.pid"
    pid = int(file.read_text().split()[0]) if file.exists() else None
    return pid if pid is not None and Path(f"/proc/{pid}").exists() else None


def running(state: Path) -> bool:
    """Whether the database server still runs once it had time to stop."""
    until = time.monotonic() + 15
    while postmaster(state) is not None and time.monotonic() < until:
        time.sleep(0.1)
    return postmaster(state) is not None


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Iterator[tuple[Path, str]]:
    """A state folder that was served once, and what that run printed."""
    state = tmp_path_factory.mktemp("state")
    site = serve(state, free_port())
    os.killpg(site.pid, signal.SIGINT)
    yield state, site.communicate(timeout=30)[0]
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


def test_site_starts_again_with_everything_after_it_was_stopped_and_killed(state):
    before = json.loads(shifan(state, "ledger", "verify", "--json").stdout)
    site = serve(state, free_port())
    os.killpg(site.pid, signal.SIGKILL)
    site.wait()
    site = serve(state, free_port())
    os.killpg(site.pid, signal.SIGINT)
    site.communicate(timeout=30)

    assert before["ok"] is True
    assert json.loads(shifan(state, "ledger", "verify", "--json").stdout) == before
    assert running(state) is False


def workers(site: subprocess.Popen[str]) -> set[int]:
    """The workers of timed jobs that the site has started."""
    children = Path(f"/proc/{site.pid}/task/{site.pid}/children").read_text().split()
    return {int(pid) for pid in children if b"procrastinate" in _words(pid)}


def _words(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_killed_worker_is_started_anew_and_ends_with_the_site(state):
    site = serve(state, free_port())
    (first,) = workers(site)
    os.kill(first, signal.SIGKILL)
    until = time.monotonic() + 20
    while not workers(site) - {first} and time.monotonic() < until:
        time.sleep(0.1)
    (second,) = workers(site) - {first}

    os.killpg(site.pid, signal.SIGINT)
    site.communicate(timeout=30)

    assert b"procrastinate" not in _words(str(second))


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

    assert listed["count"] == len(listed["titles"]) == 25
    assert [t["name"] for t in listed["titles"] if t["exercise"]] == ["大理苍山地质公园"]
    assert [title for title in listed["titles"] if not title["source"]] == []


def test_doctor_finds_all_well(state):
    done = shifan(state, "doctor", "--json")

    assert [check for check in json.loads(done.stdout) if not check["ok"]] == []
    assert done.returncode == 0
