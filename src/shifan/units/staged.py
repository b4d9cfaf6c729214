"""Units that lie in the table ``staged``: compared with those on record and entered, in SQL.

Its columns: ``row``, ``name``, ``kind``, ``place`` (a code, or empty), ``also`` (codes), ``sites``
(names). ``levels`` says of which level of places the types are that are areas.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db import connection

from shifan.bulk import pieces

LOST = """
SELECT row, COALESCE(lost.code, staged.place) FROM staged
LEFT JOIN units_division AS there ON there.code = staged.place
LEFT JOIN LATERAL (
    SELECT code FROM unnest(also) WITH ORDINALITY AS each (code, number)
    WHERE NOT EXISTS (SELECT FROM units_division WHERE code = each.code) ORDER BY number LIMIT 1
) AS lost ON true
WHERE lost.code IS NOT NULL
OR there.code IS NULL AND (staged.place <> '' OR %(levels)s::jsonb ->> kind IS NOT NULL)
"""
WRONG = """
SELECT row, there.name, kind FROM staged JOIN units_division AS there ON there.code = staged.place
WHERE %(levels)s::jsonb ->> kind <> there.level
"""
OUTSIDE = """
SELECT row, there.name FROM staged
JOIN units_division AS there ON there.code = ANY(place || also)
LEFT JOIN units_division AS first ON first.code = split_part(there.path, '/', 2)
WHERE COALESCE(first.parent_id, first.code, there.code) <> ALL(%(tops)s)
"""
TAKEN = """
SELECT row, place, holder FROM (
    SELECT row, staged.name, place, COALESCE(
        unit.name, first_value(staged.name) OVER (PARTITION BY kind, place ORDER BY row)
    ) AS holder
    FROM staged LEFT JOIN units_unit AS unit
    ON unit.is_area AND unit.unit_type = kind AND unit.division_id = place
    WHERE %(levels)s::jsonb ->> kind IS NOT NULL
) AS areas WHERE holder <> name
"""
COMPARED = """
DROP TABLE IF EXISTS compared;
CREATE TEMPORARY TABLE compared ON COMMIT DROP AS
WITH here AS MATERIALIZED (
    SELECT row, staged.kind, unit.id,
           COALESCE(unit.kinds ->> %(programme)s, unit.unit_type) AS called
    FROM staged JOIN units_unit AS unit
    ON unit.name = staged.name AND unit.division_id IS NOT DISTINCT FROM NULLIF(staged.place, '')
), known AS (
    SELECT DISTINCT ON (row) row, id FROM here WHERE called = kind ORDER BY row, id
), free AS (
    SELECT DISTINCT ON (row) row, id FROM here
    WHERE called <> ALL(%(kinds)s) AND row NOT IN (SELECT row FROM known) ORDER BY row, id
), met AS (
    SELECT DISTINCT ON (id) row, id FROM free ORDER BY id, row
)
SELECT row, name, kind, place, also, sites,
       known.id IS NOT NULL AS known, met.id IS NOT NULL AS met,
       COALESCE(known.id, met.id, gen_random_uuid()) AS unit
FROM staged LEFT JOIN known USING (row) LEFT JOIN met USING (row);
ANALYZE compared
"""
NEW = """
INSERT INTO units_unit (id, name, unit_type, kinds, division_id, is_area)
SELECT unit, name, kind, '{}', NULLIF(place, ''), %(levels)s::jsonb ->> kind IS NOT NULL
FROM compared WHERE NOT known AND NOT met AND row BETWEEN %(first)s AND %(last)s ORDER BY row
"""
MET = """
UPDATE units_unit SET kinds = kinds || jsonb_build_object(%(programme)s, kind)
FROM compared WHERE met AND unit = id
"""
ALSO = """
INSERT INTO units_unit_also_in (unit_id, division_id)
SELECT unit, code FROM compared, unnest(also) AS code ON CONFLICT DO NOTHING
"""
SITES = """
INSERT INTO units_site (unit_id, name)
SELECT unit, site FROM compared, unnest(sites) AS site ON CONFLICT DO NOTHING
"""


def lost(levels: Mapping[str, str]) -> list[tuple[int, str]]:
    """Rows that name a place which is none, with its code."""
    return _found(LOST, levels)


def wrong(levels: Mapping[str, str]) -> list[tuple[int, str, str]]:
    """Rows of a type that the place is not, with the place's name and the type."""
    return _found(WRONG, levels)


def outside(tops: Collection[str]) -> list[tuple[int, str]]:
    """Rows with a place, by its name, in none of the schemes of places with these tops."""
    with connection.cursor() as cursor:
        cursor.execute(OUTSIDE, {"tops": list(tops)})
        return list(cursor.fetchall())


def taken(levels: Mapping[str, str]) -> list[tuple[int, str, str]]:
    """Rows of an area that is another unit already, with its code and that one's name."""
    return _found(TAKEN, levels)


def _found(sql: str, levels: Mapping[str, str]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"levels": json.dumps(levels)})
        return list(cursor.fetchall())


def enter(programme: str, kinds: Collection[str], levels: Mapping[str, str]) -> Iterator[int]:
    """Enter what is not on record, some rows at a time; how many units are new here.

    A unit of this name and place that the programme has not met under any of its types is the same,
    of this type here.
    """
    asked: dict[str, Any] = {
        "programme": programme,
        "kinds": list(kinds),
        "levels": json.dumps(levels),
    }
    with connection.cursor() as cursor:
        cursor.execute(COMPARED, asked)
        cursor.execute(MET, asked)
        met = cursor.rowcount
        for piece in pieces():
            cursor.execute(NEW, asked | piece)
            yield cursor.rowcount + met
            met = 0
        cursor.execute(ALSO)
        cursor.execute(SITES)
        cursor.execute("ANALYZE units_unit")
