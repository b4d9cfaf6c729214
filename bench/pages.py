"""Public pages under load, beside a bare Django page; and how soon the site answers again.

Two server processes, 16 connections, loopback only, a few seconds each; nothing is cached. The
database is a throw-away one with 3,000 titles.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from bench.figures import Figure, Goal

SECONDS, CONNECTIONS, TITLES = 4.0, 16, 3000
SHIFAN = Path(sys.executable).parent / "shifan"


def figures() -> Iterator[Figure]:
    """Requests per second of the register's pages, then the seconds of a second start."""
    with tempfile.TemporaryDirectory() as state:
        os.environ |= {"SHIFAN_STATE": state, "SHIFAN_DEMO": "1"}
        with _serving(SHIFAN, "serve", "--workers", "2"):
            pass  # the first start sets up and seeds
        started = time.perf_counter()
        with _serving(SHIFAN, "serve", "--workers", "2"):
            again = time.perf_counter() - started
        yield Figure("second start until the first answer", again, (Goal(8),), "s")
        from shifan.cli.django import database

        with database():
            title = _fill()
            with _serving(*_granian("shifan.site.server:application", "asgi")) as site:
                listed = _load(site, "/register/")
                page = _load(site, f"/register/{title}/")
            os.environ["PYTHONPATH"] = str(Path(__file__).parent.parent)
            with _serving(*_granian("bench.yardsticks.bare:application")) as bare:
                plain = _load(bare, "/")
        yield from _compared("register list", listed, plain)
        yield from _compared("title page", page, plain)


def _compared(
    what: str, measured: tuple[float, float], plain: tuple[float, float]
) -> Iterator[Figure]:
    (rate, middle), (yardstick, _middle) = measured, plain
    yield Figure(f"{what}: requests per second (p50 {middle * 1000:.0f} ms)", rate)
    yield Figure(
        f"{what}: a bare Django page of 50 rows, {yardstick:.0f} a second, over it",
        yardstick / rate,
        (Goal(1),),
        "×",
    )


def _granian(application: str, interface: str = "wsgi") -> list[str]:
    threads = ["--blocking-threads", "4"] if interface == "wsgi" else []
    return [sys.executable, "-m", "granian", "--interface", interface, "--workers", "2", *threads,
            "--log-level", "error", application]  # fmt: skip


@contextmanager
def _serving(*command: str | Path, quiet: bool = False) -> Iterator[int]:
    """The command with a free port, answering; its port. Ended as Ctrl-C ends it.

    ``quiet`` keeps back its log too, where refusals are what is wanted.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    server = subprocess.Popen(
        [*command, "--port", str(port)], start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL if quiet else None,
    )  # fmt: skip
    try:
        _wait(port, server)
        yield port
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if _get(HTTPConnection("127.0.0.1", port, timeout=2), "/healthz") == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not answer")


def _get(connection: HTTPConnection, address: str) -> int:
    connection.request("GET", address)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _load(port: int, address: str) -> tuple[float, float]:
    """Requests per second and the median time of one, over all connections."""

    def ask(_number: int) -> list[float]:
        connection, times = HTTPConnection("127.0.0.1", port, timeout=30), []
        while time.monotonic() < until:
            started = time.perf_counter()
            if _get(connection, address) != 200:
                raise RuntimeError(f"{address} failed under load")
            times.append(time.perf_counter() - started)
        return times

    until = time.monotonic() + 1
    ask(0)
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        times = [each for found in pool.map(ask, range(CONNECTIONS)) for each in found]
    return len(times) / SECONDS, median(times)


def _fill() -> str:
    """Titles of generated units in real townships; the id of one."""
    from datetime import UTC, date, datetime

    from shifan.titles.models import Event, Title
    from shifan.units.models import Division, Unit

    townships = Division.objects.filter(level="township").order_by("code")[:TITLES]
    units = Unit.objects.bulk_create(
        Unit(name=f"{township.name}中心学校", unit_type="school", division=township)
        for township in townships
    )
    titles = Title.objects.bulk_create(
        Title(unit=unit, programme="neac", level="national", number=number)
        for number, unit in enumerate(units, 10_000)
    )
    Event.objects.bulk_create(
        Event(title=title, what="awarded", holds_from=date(2026, 1, 29), batch=12, source="bench",
              recorded_at=datetime(2026, 1, 29, tzinfo=UTC))
        for title in titles
    )  # fmt: skip
    return str(titles[0].pk)
