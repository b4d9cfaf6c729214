"""What takes long to make is made once, whichever test comes first: a state folder as the first
start of a site leaves it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest

SHIFAN = Path(sys.executable).parent / "shifan"


def environment(state: Path, **more: str) -> dict[str, str]:
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("SHIFAN_", "DATABASE_"))}
    return {**keep, "SHIFAN_STATE": str(state), **more}


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


def stop(site: subprocess.Popen[str]) -> str:
    """Stop it as Ctrl-C does; what it printed."""
    os.killpg(site.pid, signal.SIGINT)
    return site.communicate(timeout=30)[0]


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


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], str]) -> Path:
    """The folder ``name``, made by whichever worker comes first; ``said.txt`` in it holds what
    ``make`` returned."""
    base = factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "said.txt").exists():
            (folder / "said.txt").write_text(make(folder))
    return folder


def served_once(factory: pytest.TempPathFactory, state: Path) -> str:
    """Fill the folder ``state`` as a first start does; what that start printed."""

    def make(folder: Path) -> str:
        printed = stop(serve(folder / "state", free_port()))
        assert not running(folder / "state")
        return printed

    kept = once(factory, "served", make)
    shutil.rmtree(state, ignore_errors=True)
    # the database's files keep their owner
    subprocess.run(["cp", "-a", kept / "state", state], check=True)
    return (kept / "said.txt").read_text()
