"""Titles that lie in the table ``staged``: compared with those on record and awarded, in SQL.

Its columns: ``row``, the unit's ``name``, ``kind`` and ``place`` (a code, or empty), ``level``,
``holds_from``, ``until`` (or none), ``grade``, ``batch`` (or none), ``source``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from shifan.bulk import pieces
from shifan.titles.actions import number_alone

COMPARED = """
DROP TABLE IF EXISTS compared;
CREATE TEMPORARY TABLE compared ON COMMIT DROP AS
SELECT DISTINCT ON (row) row, staged.name, level, holds_from, until, grade, batch, source,
       unit.id AS unit
FROM staged LEFT JOIN units_unit AS unit
ON unit.name = staged.name AND unit.division_id IS NOT DISTINCT FROM NULLIF(staged.place, '')
AND COALESCE(unit.kinds ->> %(programme)s, unit.unit_type) = staged.kind
ORDER BY row, unit.id;
ANALYZE compared
"""
NEW = """
INSERT INTO titles_title (id, unit_id, programme, level, exercise, number)
SELECT gen_random_uuid(), unit, %(programme)s, level, false,
       COALESCE(last.number, 0) + row_number() OVER (PARTITION BY level ORDER BY first)
FROM (SELECT unit, level, min(row) AS first FROM compared GROUP BY unit, level) AS wanted
LEFT JOIN (
    SELECT level, max(number) AS number FROM titles_title
    WHERE programme = %(programme)s AND NOT exercise GROUP BY level
) AS last USING (level)
WHERE NOT EXISTS (
    SELECT FROM titles_title AS title WHERE title.unit_id = unit
    AND title.programme = %(programme)s AND title.level = wanted.level AND NOT title.exercise
);
ANALYZE titles_title
"""
AWARDED = """
INSERT INTO titles_event (
    title_id, what, holds_from, recorded_at, reason, source, grade, until, batch, conditions,
    rulebook, rulebook_digest, precision
)
SELECT title.id, 'awarded', holds_from, %(now)s, '', source, grade, until, batch, '[]', '', '',
       'day'
FROM compared JOIN titles_title AS title ON title.unit_id = unit
AND title.programme = %(programme)s AND title.level = compared.level AND NOT title.exercise
WHERE row BETWEEN %(first)s AND %(last)s AND NOT EXISTS (
    SELECT FROM titles_event AS event
    WHERE event.title_id = title.id AND event.what = 'awarded'
    AND event.holds_from = compared.holds_from AND event.source = compared.source
    AND event.batch IS NOT DISTINCT FROM compared.batch
)
ORDER BY row
"""


def strangers(programme: str) -> list[tuple[int, str]]:
    """Rows of units that the programme does not know, with the name. To be asked first."""
    with connection.cursor() as cursor:
        cursor.execute(COMPARED, {"programme": programme})
        cursor.execute("SELECT row, name FROM compared WHERE unit IS NULL")
        return list(cursor.fetchall())


def award(programme: str, now: datetime) -> Iterator[int]:
    """Award what is not on record, some rows at a time; how many awards are new."""
    asked: dict[str, Any] = {"programme": programme, "now": now}
    number_alone()
    with connection.cursor() as cursor:
        cursor.execute(NEW, asked)
        for piece in pieces():
            cursor.execute(AWARDED, asked | piece)
            yield cursor.rowcount
        cursor.execute("ANALYZE titles_event")
