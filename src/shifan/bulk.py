"""Many new rows at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Model


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
    ready = [(field.attname, field.get_db_prep_save) for field in fields]
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(meta.db_table)} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            values = row.__dict__
            copy.write_row([prepare(values[name], connection) for name, prepare in ready])
