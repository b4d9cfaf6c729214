"""The rows of a whole database kept in memory, and laid again: a world that takes seconds to make
is made once."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from psycopg import sql


@dataclass(frozen=True)
class Kept:
    """The rows of every table as PostgreSQL copies them, and where each sequence stood."""

    rows: dict[str, bytes]
    sequences: dict[str, int]


def keep() -> Kept:
    """What the database holds now."""
    with connection.cursor() as cursor:
        rows = {}
        for table in _tables():
            with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
                rows[table] = b"".join(copy)
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE last_value > 0")
        return Kept(rows, dict(cursor.fetchall()))


@transaction.atomic
def lay(kept: Kept) -> None:
    """Put it back in the place of whatever is there; no trigger looks at it twice."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        names = sql.SQL(", ").join(map(sql.Identifier, kept.rows))
        cursor.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))
        for table, rows in kept.rows.items():
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                copy.write(rows)
        for sequence, value in kept.sequences.items():
            cursor.execute("SELECT setval(%s::regclass, %s)", [f'"{sequence}"', value])


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' AND relname <> 'django_migrations' ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]
