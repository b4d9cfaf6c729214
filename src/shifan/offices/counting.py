"""What the board counts, in one statement: the office's files are found once and counted from."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import CharField, F, Func, QuerySet, Value
from django.db.models.functions import Coalesce

from shifan.proceedings.models import Proceeding
from shifan.units.queries import kind_in

WEEK = timedelta(days=7)

COUNTS = """
WITH own (id, stage, since, verdict, total, kind, place) AS MATERIALIZED ({files}),
turns AS MATERIALIZED (
    SELECT own.*, turn.role, turn.due_at, party.capacity, party.office,
        split_part(party.place, '/', 2) AS held
    FROM own
    JOIN proceedings_turn turn ON turn.proceeding_id = own.id
    JOIN proceedings_party party ON party.id = turn.party_id
),
counted AS (
    SELECT stage, kind, place, count(*) AS files, 0 AS late, 0 AS soon FROM own GROUP BY 1, 2, 3
    UNION ALL
    SELECT stage, kind, place, 0, count(DISTINCT id) FILTER (WHERE due_at < %(now)s),
        count(DISTINCT id) FILTER (WHERE due_at >= %(now)s)
    FROM turns WHERE due_at < %(soon)s GROUP BY 1, 2, 3
),
late AS (
    SELECT id, min(due_at) AS due FROM turns WHERE due_at < %(now)s
    GROUP BY 1 ORDER BY 2, 1 LIMIT %(latest)s
),
held AS (
    SELECT capacity, office, role, held AS place, count(id) AS files, min(since) AS since,
        count(id) FILTER (WHERE due_at < %(now)s) AS late
    FROM turns WHERE office <> '' GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT capacity, office, role, place, count(DISTINCT id), min(since),
        count(DISTINCT id) FILTER (WHERE due_at < %(now)s)
    FROM turns WHERE office = '' AND capacity <> ALL(%(applying)s) GROUP BY 1, 2, 3, 4
    ORDER BY late DESC, files DESC, place LIMIT %(holders)s
),
scores AS (
    SELECT kind, total FROM own WHERE verdict <> 'incomplete' ORDER BY total DESC LIMIT %(dots)s
)
SELECT (SELECT jsonb_agg(counted) FROM counted), (SELECT jsonb_agg(late) FROM late),
    (SELECT jsonb_agg(held) FROM held), (SELECT jsonb_agg(scores) FROM scores)
"""
"""Of a capacity that several have, each file counts once."""


@dataclass(frozen=True)
class Counted:
    """Files of one stage, kind and place: how many, how many of them late, due within a week.

    ``place`` is the code right beneath the country, empty for the country itself and for none.
    """

    stage: str
    kind: str
    place: str
    files: int
    late: int
    soon: int


@dataclass(frozen=True)
class Held:
    """Files that wait for a role in an office, or a capacity, of one place; the first ``since``."""

    capacity: str
    office: str
    role: str
    place: str
    files: int
    late: int
    since: datetime


@dataclass(frozen=True)
class Counts:
    """All that is counted of the files of a round: ``late`` are the latest with their moments,
    ``scores`` the highest totals (millipoints) with the kind of unit."""

    counted: tuple[Counted, ...]
    late: dict[UUID, datetime]
    held: tuple[Held, ...]
    scores: tuple[tuple[str, int], ...]


def counts(
    files: QuerySet[Proceeding], now: datetime, *, latest: int, holders: int, dots: int,
    applying: Collection[str],
) -> Counts:  # fmt: skip
    """Count ``files``; at most so many of the ``latest``, the ``holders`` and the ``dots``.

    Who is ``applying`` (capacities) is nobody that files wait for.
    """
    kind = kind_in("rulebook__programme", "unit__")
    top = Func(F("unit__division__path"), Value("/"), Value(2), function="split_part",
               output_field=CharField())  # fmt: skip
    rows = files.order_by().values_list(
        "pk", "stage", "stage_since", "verdict", "total", kind, Coalesce(top, Value(""))
    )
    with connection.cursor() as cursor:
        sql, given = rows.query.sql_with_params()
        found = cursor.mogrify(sql, given) if given else sql
        cursor.execute(
            COUNTS.replace("{files}", found.replace("%", "%%")),
            {"now": now, "soon": now + WEEK, "latest": latest, "holders": holders, "dots": dots,
             "applying": list(applying)},
        )  # fmt: skip
        counted, late, held, scores = (
            json.loads(each) if isinstance(each, str) else each or [] for each in cursor.fetchone()
        )
    return Counts(
        tuple(Counted(**each) for each in counted),
        {UUID(each["id"]): _moment(each["due"]) for each in late},
        tuple(Held(**each | {"since": _moment(each["since"])}) for each in held),
        tuple((each["kind"], each["total"]) for each in scores),
    )


def _moment(text: Any) -> datetime:
    return datetime.fromisoformat(text)
