"""How a title stands, reckoned from its events one by one: an oracle for the SQL expression.

Written from the decision record alone, with plain lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Happened:
    """An event: ``order`` is the order of recording, ``undoes`` the order of another one."""

    order: int
    what: str
    holds_from: date
    recorded_at: datetime
    until: date | None = None
    undoes: int | None = None


def state(events: list[Happened], on: date, known: datetime) -> tuple[str, int | None]:
    """The state and the award it stands by, if it stands."""
    seen = [e for e in events if e.recorded_at <= known]
    void = {e.undoes for e in seen if e.what == "annulled"}
    begun = [e for e in seen if e.holds_from <= on]
    ended_stays = {e.undoes for e in begun if e.what == "resumed"}
    on_hold = {e.undoes for e in begun if e.what == "stayed" and e.order not in ended_stays}
    counts = [e for e in begun if e.order not in void and e.order not in on_hold]

    awards = [e for e in counts if e.what == "awarded"]
    if not awards:
        return "none", None
    standing = []
    for award in awards:
        over = award.until is not None and award.until < on
        for end in counts:
            if end.order > award.order:
                if end.what in ("revoked", "surrendered", "superseded") or (
                    end.what == "lapsed" and end.holds_from >= award.holds_from
                ):
                    over = True
        if not over:
            standing.append(award)
    if standing:
        current = max(standing, key=lambda e: (e.holds_from, e.order))
        open_ones = 0
        for suspension in (e for e in counts if e.what == "suspended"):
            lifted = any(e.what == "reinstated" and e.undoes == suspension.order for e in counts)
            closed = any(
                e.order > suspension.order
                and (
                    e.what in ("revoked", "surrendered", "superseded")
                    or (e.what == "lapsed" and e.holds_from >= suspension.holds_from)
                )
                for e in counts
            )
            open_ones += not lifted and not closed
        return ("suspended" if open_ones else "valid"), current.order
    last = max(awards, key=lambda e: (e.holds_from, e.order))
    ends = [
        e for e in counts
        if e.order > last.order and e.what in ("revoked", "surrendered", "superseded", "lapsed")
    ]  # fmt: skip
    if ends:
        final = max(ends, key=lambda e: e.order).what
        if final in ("revoked", "surrendered"):
            return final, None
    return "expired", None
