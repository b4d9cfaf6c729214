"""How titles stand on a day, as known at a moment: one SQL expression over their events.

An event counts if it was recorded by then, holds by that day, is not annulled (an annulled decision
never was) and is not on hold. A term is an award that counts; it ends on its last day or by what
ends the terms awarded before it. Every suspension needs a lifting of its own.

The expression is written in SQL rather than built of querysets: the events of a title are read
once, and Django took some 50 ms of every page to build and compile the same.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    Expression,
    F,
    Field,
    JSONField,
    QuerySet,
)
from django.utils import timezone

from shifan.titles.models import Title

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler
    from django_stubs_ext import WithAnnotations

    class _OnTheDay(TypedDict):
        stands: dict[str, Any]
        state: str  # this and what follows for filters only
        ended_id: int | None
        awarded_on: date | None

    Seen = WithAnnotations[Title, _OnTheDay]

STANDING = """(
WITH asked AS (
    SELECT {asks}
), known AS MATERIALIZED (
    SELECT id, what, holds_from, until, undoes_id FROM titles_event, asked
    WHERE title_id = {title} AND (moment IS NULL OR recorded_at <= moment)
), counting AS MATERIALIZED (
    SELECT event.* FROM known AS event, asked
    WHERE holds_from <= day AND NOT EXISTS (
        SELECT FROM known AS undoing
        WHERE undoing.undoes_id = event.id AND (undoing.what = 'annulled' OR (
            undoing.what = 'stayed' AND undoing.holds_from <= day AND NOT EXISTS (
                SELECT FROM known AS resumed
                WHERE resumed.undoes_id = undoing.id AND resumed.what = 'resumed'
                AND resumed.holds_from <= day
            )
        ))
    )
), ending AS MATERIALIZED (
    SELECT * FROM counting WHERE what IN ('revoked', 'lapsed', 'surrendered', 'superseded')
), standing AS MATERIALIZED (
    SELECT * FROM counting WHERE what IN ('awarded', 'suspended') AND NOT EXISTS (
        SELECT FROM ending WHERE ending.id > counting.id
        AND (ending.what <> 'lapsed' OR ending.holds_from >= counting.holds_from)
    )
), last AS MATERIALIZED (
    SELECT id, holds_from FROM counting WHERE what = 'awarded'
    ORDER BY holds_from DESC, id DESC LIMIT 1
), present AS MATERIALIZED (
    SELECT id FROM standing, asked
    WHERE what = 'awarded' AND (until IS NULL OR until >= day)
    ORDER BY holds_from DESC, id DESC LIMIT 1
), term AS MATERIALIZED (
    SELECT id, until FROM known
    WHERE id = COALESCE((SELECT id FROM present), (SELECT id FROM last))
), ended AS MATERIALIZED (
    SELECT id, what FROM ending WHERE id > (SELECT id FROM last) ORDER BY id DESC LIMIT 1
), due AS (
    SELECT brings FROM asked, proceedings_turn AS turn
    JOIN proceedings_proceeding AS proceeding ON proceeding.id = turn.proceeding_id
    WHERE moment IS NULL AND proceeding.matter = {title} AND party_id IS NULL AND brings <> ''
    AND (due_at AT TIME ZONE zone)::date <= day
    ORDER BY due_at LIMIT 1
), stands AS (
    SELECT
        CASE
            WHEN NOT EXISTS (SELECT FROM last) THEN 'none'
            WHEN NOT EXISTS (SELECT FROM present) THEN
                CASE (SELECT what FROM ended)
                    WHEN 'revoked' THEN 'revoked'
                    WHEN 'surrendered' THEN 'surrendered'
                    ELSE 'expired'
                END
            WHEN (SELECT brings FROM due) = 'revoked' THEN 'revoked'
            WHEN (SELECT brings FROM due) = 'lapsed' THEN 'expired'
            WHEN (SELECT brings FROM due) = 'suspended' THEN 'suspended'
            WHEN EXISTS (
                SELECT FROM standing WHERE what = 'suspended' AND NOT EXISTS (
                    SELECT FROM counting
                    WHERE counting.what = 'reinstated' AND counting.undoes_id = standing.id
                )
            ) THEN 'suspended'
            ELSE 'valid'
        END AS state,
        (SELECT id FROM term) AS term,
        (SELECT until FROM term) AS until,
        (SELECT id FROM ended) AS ended,
        (SELECT holds_from FROM last) AS awarded_on,
        (SELECT max(holds_from) FROM counting WHERE what = 'revoked') AS lost_on
)
SELECT {column} FROM stands
)"""


_ASKS = "%s::date AS day, %s::timestamptz AS moment, %s AS zone"
_NAMED = "%(on)s::date AS day, NULL::timestamptz AS moment, %(zone)s AS zone"


def standing_sql(title: str) -> str:
    """All of the standing of the title whose id is in the column, as known now, in a statement
    that is given :func:`standing_asks`."""
    return STANDING.format(title=title, column="to_jsonb(stands)", asks=_NAMED)


def standing_asks(on: date) -> dict[str, Any]:
    """What :func:`standing_sql` asks for, of a day."""
    return {"on": on, "zone": timezone.get_current_timezone_name()}


class _Standing(Expression):
    """A column of the standing of the title whose id is ``of``, or all of it as JSON."""

    def __init__(
        self, column: str, kind: Field[Any, Any], on: date, known: datetime | None
    ) -> None:
        super().__init__(output_field=kind)
        self.column, self.on, self.known = column, on, known
        self.of: Any = F("pk")

    def get_source_expressions(self) -> list[Any]:
        return [self.of]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.of,) = exprs

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        title, _ = compiler.compile(self.of)
        sql = STANDING.format(title=title, column=self.column, asks=_ASKS)
        return sql, (self.on, self.known, timezone.get_current_timezone_name())


def as_of(titles: QuerySet[Title], on: date, known: datetime | None = None) -> QuerySet[Seen]:
    """The titles with how each ``stands`` on the day, as known at ``known``.

    ``stands`` holds ``state``; ``term``, the award the title stands by (where it does not stand,
    the last that did), and its last day ``until``; ``ended``, the event that ended it, None where a
    term just ran out; ``awarded_on``, the day of the last award, and ``lost_on``, that of the last
    revocation. Filters may use ``state``, ``ended_id`` and ``awarded_on``.

    Without ``known`` all that is recorded counts, and what the clock has to do by the day counts as
    done, although it may not have run yet.
    """
    filters = titles.alias(
        state=_Standing("state", CharField(), on, known),
        ended_id=_Standing("ended", BigIntegerField(), on, known),
        awarded_on=_Standing("awarded_on", DateField(), on, known),
    )
    seen: QuerySet[Seen] = filters.annotate(
        stands=_Standing("to_jsonb(stands)", JSONField(), on, known)
    )
    return seen
