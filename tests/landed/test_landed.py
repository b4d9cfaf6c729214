"""A filled database of an earlier landing comes through every migration."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.served import once

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "expected.json").read_text("utf-8"))
NAME = "shifan_landed"


@contextmanager
def beside(name: str) -> Iterator[str]:
    """The address of an empty database beside the tests' own."""
    given = connection.settings_dict
    reach = {key.lower(): given[key] for key in ("HOST", "PORT", "USER", "PASSWORD") if given[key]}
    with psycopg.connect(**reach, dbname="postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
        yield _url(psycopg.conninfo.make_conninfo(**reach, dbname=name))
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _url(conninfo: str) -> str:
    said = psycopg.conninfo.conninfo_to_dict(conninfo)
    host, port = said.get("host", ""), said.get("port", "")
    user = f"{said.get('user', '')}:{said.get('password', '')}@"
    if str(host).startswith("/"):
        return f"postgresql://{user}/{said['dbname']}?host={host}"
    return f"postgresql://{user}{host}:{port or 5432}/{said['dbname']}"


@pytest.fixture(scope="module")
def read(django_db_setup: None, tmp_path_factory) -> dict[str, Any]:
    """What the present models say of what had landed, after the migrations, and its ``tables``."""
    kept = once(tmp_path_factory, "landed", lambda _: json.dumps(_read()))
    said: dict[str, Any] = json.loads((kept / "said.txt").read_text())
    return said


def _read() -> dict[str, Any]:
    with beside(NAME) as address:
        with psycopg.connect(address, autocommit=True) as filled:
            filled.execute("SET check_function_bodies = off")
            filled.execute(gzip.decompress((HERE / "landed.sql.gz").read_bytes()).decode())
        environ = {**os.environ, "DATABASE_URL": address}
        environ.pop("SHIFAN_DEMO", None)
        done = subprocess.run(
            [sys.executable, "-m", "tests.landed.read"], env=environ, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-3000:]
        said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        with psycopg.connect(address) as grown:
            said["romanised"] = grown.execute(ROMANISED).fetchone()
            said["tables"] = {
                what: sorted(map(plain, grown.execute(asks).fetchall()))
                for what, asks in TABLES.items()
            }
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


ROMANISED = "SELECT count(*), count(*) FILTER (WHERE name_en <> '') FROM units_division"


def test_every_place_has_its_romanised_name(read):
    places, romanised = read["romanised"]
    assert places == romanised > 0


TABLES = {
    "columns": """
        SELECT table_name, column_name, udt_name, character_maximum_length, is_nullable,
               column_default IS NULL, is_identity
        FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "constraints": """
        SELECT conrelid::regclass::text, contype, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "indexes": """
        SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON')
        FROM pg_indexes WHERE schemaname = 'public'
    """,
    "triggers": """
        SELECT tgrelid::regclass::text, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal
    """,
}
"""What the tables are, whatever the names that were given to parts of them on the way."""


def plain(row: Any) -> str:
    """The row without what a dump that is read back writes another way."""
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", str(row))


@pytest.mark.parametrize("what", TABLES)
def test_tables_are_those_that_an_empty_database_gets_at_once(db, read, what):
    with connection.cursor() as cursor:
        cursor.execute(TABLES[what])
        at_once = sorted(map(plain, cursor.fetchall()))
    assert read["tables"][what] == at_once
    assert at_once


BREAKS_OFF = """
import django
django.setup()
from django.db.migrations.migration import Migration
from shifan.schema import migrate

apply = Migration.apply

def applied(self, *args, **more):
    if self.app_label == "titles":
        raise SystemExit("broken off")
    return apply(self, *args, **more)

Migration.apply = applied
migrate()
"""


TAKEN_UP = "import django; django.setup(); from shifan.schema import migrate; migrate()"


def test_new_database_that_breaks_off_has_none_of_the_tables_and_two_may_go_on(
    django_db_setup, worker_id
):
    with beside(f"{NAME}_new_{worker_id}") as address:
        environ = {**os.environ, "DATABASE_URL": address}
        done = subprocess.run(
            [sys.executable, "-c", BREAKS_OFF], env=environ, capture_output=True, text=True
        )
        with psycopg.connect(address) as left:
            names = left.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = {name for (name,) in names}
        at_once = [subprocess.Popen([sys.executable, "-c", TAKEN_UP], env=environ) for _ in "12"]
        ended = [each.wait(120) for each in at_once]
        with psycopg.connect(address) as grown:
            units = grown.execute("SELECT count(*) FROM units_unit").fetchone()

    assert (ended, units) == ([0, 0], (0,))
    assert done.stderr.strip() == "broken off"
    assert "procrastinate_jobs" in tables
    assert not {
        name for name in tables if name.partition("_")[0] not in ("procrastinate", "django")
    }
