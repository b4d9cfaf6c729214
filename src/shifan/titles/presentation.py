"""Titles as plain data, for programs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shifan.titles.models import Event
from shifan.titles.queries import Standing, life


def as_data(standings: Sequence[Standing], known: datetime | None = None) -> list[dict[str, Any]]:
    """Each title with its state, its term and its events recorded by ``known``, in two queries."""
    events: dict[Any, list[Event]] = defaultdict(list)
    for event in life([each.title for each in standings]):
        if known is None or event.recorded_at <= known:
            events[event.title_id].append(event)
    return [
        {
            "id": str(each.title.pk), "number": each.title.number,
            "programme": each.title.programme, "level": each.title.level,
            "exercise": each.title.exercise, "unit": str(each.title.unit_id),
            "name": each.title.unit.name, "state": str(each.state),
            "grade": each.term.grade if each.term else "",
            "since": each.term.holds_from.isoformat() if each.term else None,
            "until": each.term.until.isoformat() if each.term and each.term.until else None,
            "events": [_event(event) for event in events[each.title.pk]],
        }
        for each in standings
    ]  # fmt: skip


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": event.pk, "what": event.what, "holds_from": event.holds_from.isoformat(),
        "recorded_at": event.recorded_at.isoformat(), "undoes": event.undoes_id,
        "until": event.until.isoformat() if event.until else None, "grade": event.grade,
        "batch": event.batch, "article": event.article, "source": event.source,
        "step": event.step_id, "sealed": event.step.sealed if event.step else None,
    }  # fmt: skip
