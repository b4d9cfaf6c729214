"""A filled database of an earlier landing comes through every migration."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "expected.json").read_text("utf-8"))
NAME = "shifan_landed"


@pytest.fixture(scope="module")
def landed(django_db_setup: None, worker_id: str) -> Iterator[str]:
    """The address of a database, beside the tests' own, that holds what had landed."""
    name = f"{NAME}_{worker_id}"
    given = connection.settings_dict
    reach = {key.lower(): given[key] for key in ("HOST", "PORT", "USER", "PASSWORD") if given[key]}
    with psycopg.connect(**reach, dbname="postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
        with psycopg.connect(**reach, dbname=name, autocommit=True) as filled:
            filled.execute("SET check_function_bodies = off")
            filled.execute(gzip.decompress((HERE / "landed.sql.gz").read_bytes()).decode())
        address = psycopg.conninfo.make_conninfo(**reach, dbname=name)
        yield _url(address)
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _url(conninfo: str) -> str:
    said = psycopg.conninfo.conninfo_to_dict(conninfo)
    host, port = said.get("host", ""), said.get("port", "")
    user = f"{said.get('user', '')}:{said.get('password', '')}@"
    if str(host).startswith("/"):
        return f"postgresql://{user}/{said['dbname']}?host={host}"
    return f"postgresql://{user}{host}:{port or 5432}/{said['dbname']}"


@pytest.fixture(scope="module")
def read(landed: str) -> dict[str, Any]:
    """What the present models say of it, after the migrations."""
    environ = {**os.environ, "DATABASE_URL": landed}
    environ.pop("SHIFAN_DEMO", None)
    done = subprocess.run(
        [sys.executable, "-m", "tests.landed.read"], env=environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def test_every_file_is_what_it_was(read):
    assert read["files"] == EXPECTED["files"]
    assert read["unsealed"] == []


def test_every_title_stands(read):
    assert read["titles"] == EXPECTED["titles"]


def test_books_keep_the_digest_they_were_published_with(read):
    assert read["rulebooks"] == EXPECTED["rulebooks"]


def test_ledger_verifies_to_its_last_entry(read):
    assert read["ledger"] == EXPECTED["ledger"]


def test_people_keep_their_places(read):
    rows = EXPECTED["rows"]
    assert read["memberships"] == rows["accounts_membership"]
    assert read["claims"] == rows["people_claim"]
    assert read["invitations"] == rows["people_invitation"]


def test_pages_of_what_had_landed_open(read):
    assert set(read["pages"].values()) == {200}
    assert len(read["pages"]) == 3 + len(EXPECTED["files"]) + len(EXPECTED["titles"])
