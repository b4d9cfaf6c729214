"""Many new rows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import CharField, Field, JSONField, Model, TextField


def copy_in(rows: Sequence[Model]) -> None:
    """Append rows of one model by COPY, several times as fast as by INSERT.

    Keys that the database gives are not known afterwards; constraints and triggers hold as ever.
    """
    if not rows:
        return
    meta, first = rows[0]._meta, rows[0]
    fields = [f for f in meta.concrete_fields if not (f.primary_key and first.pk is None)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    ready = [(field.attname, _prepare(field)) for field in fields]
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(meta.db_table)} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            values = row.__dict__
            copy.write_row([prepare(values[name]) for name, prepare in ready])


def _prepare(field: Field[Any, Any]) -> Callable[[Any], Any]:
    """How a field's value is written: most as they are, as the driver knows their types."""
    if isinstance(field, JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    if isinstance(field, CharField | TextField):
        return lambda value: None if value is None else str(value)  # a word of a choice is a word
    return lambda value: value


PIECE = 10_000
"""So many rows of a table that is taken over are written at a time."""


def stage(columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Lay rows into the temporary table ``staged`` of these columns, each with its SQL type.

    The table goes with the transaction.
    """
    said = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS staged")
        cursor.execute(f"CREATE TEMPORARY TABLE staged ({said}) ON COMMIT DROP")
        with cursor.copy("COPY staged FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("ANALYZE staged")


def pieces() -> Iterator[dict[str, int]]:
    """The ``first`` and the ``last`` column ``row`` of each piece of what is staged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(min(row), 1), COALESCE(max(row), 0) FROM staged")
        first, last = cursor.fetchone()
    for begin in range(first, last + 1, PIECE):
        yield {"first": begin, "last": begin + PIECE - 1}
