"""What proceedings see of titles: the one they are about, what units hold, bars; many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from shifan.proceedings.models import PARTNER, Proceeding
from shifan.process.situation import TitleSeen
from shifan.titles.models import Finding, Title
from shifan.titles.queries import Held, Standing, held_by, read
from shifan.titles.states import as_of


@dataclass(frozen=True)
class Look:
    """What one proceeding sees: of what units ``held``, of its ``title`` (with the moments
    ``known`` from it), and until when a bar lies on its unit."""

    held: Mapping[UUID, Held]
    title: TitleSeen | None = None
    known: Mapping[str, datetime] = field(default_factory=dict)
    barred_until: date | None = None
    standing: Standing | None = None


def seen(proceedings: Sequence[Proceeding], days: Mapping[UUID, date]) -> dict[UUID, Look]:
    """What each proceeding sees on its day."""
    held = _held(proceedings, days)
    findings = Finding.objects.in_bulk(
        [each.about for each in proceedings if each.procedure.about == "finding"]
    )
    about = {each.pk: each.matter for each in proceedings if each.procedure.about in ABOUT_TITLES}
    by_day: dict[date, set[UUID]] = defaultdict(set)
    for pk, title in about.items():
        by_day[days[pk]].add(title)
    standings = {
        (each.title.pk, day): each
        for day, titles in by_day.items()
        for each in read(as_of(Title.objects.filter(pk__in=titles).order_by(), day))
    }
    looks = {}
    for each in proceedings:
        standing = standings.get((about.get(each.pk, each.pk), days[each.pk]))
        zone = ZoneInfo(each.measures.time_zone)
        own = held[each.pk][each.unit_id] if each.unit_id else None
        known = _moments(standing, findings.get(each.about), zone)
        looks[each.pk] = Look(
            held[each.pk],
            _as_seen(standing),
            known,
            _barred(each, own),
            standing,
        )
    return looks


ABOUT_TITLES = ("title", "finding")
"""The kinds of subject whose matter is a title."""


def _held(
    proceedings: Sequence[Proceeding], days: Mapping[UUID, date]
) -> dict[UUID, dict[UUID, Held]]:
    groups: dict[tuple[str, date, bool], list[Proceeding]] = defaultdict(list)
    for each in proceedings:
        groups[each.measures.programme, days[each.pk], each.exercise].append(each)
    found: dict[UUID, dict[UUID, Held]] = {}
    for (programme, day, exercise), members in groups.items():
        units = {pk for each in members for pk in _units(each)}
        held = held_by(units, programme, day, exercise)
        for each in members:
            found[each.pk] = {pk: held[pk] for pk in _units(each)}
    return found


def _units(proceeding: Proceeding) -> set[UUID]:
    partners = {p.unit_id for p in proceeding.present if p.capacity == PARTNER and p.unit_id}
    return partners if proceeding.unit_id is None else {proceeding.unit_id, *partners}


def _as_seen(standing: Standing | None) -> TitleSeen | None:
    if standing is None:
        return None
    return TitleSeen(str(standing.state), standing.term.grade if standing.term else "")


def _moments(
    standing: Standing | None, finding: Finding | None, zone: ZoneInfo
) -> dict[str, datetime]:
    known = {}
    if standing is not None and standing.term is not None:
        known["term_start"] = datetime.combine(standing.term.holds_from, time(), zone)
        if standing.term.until is not None:
            known["term_end"] = datetime.combine(standing.term.until, time(), zone)
    if finding is not None:
        known["finding"] = finding.found_at
    return known


def _barred(proceeding: Proceeding, held: Held | None) -> date | None:
    """The last day of the bars on the unit, or on an office that could put it forward."""
    measures, channel = proceeding.measures, proceeding.channel
    offices = {"", *(measures.office_of(tier.id, channel) for tier in measures.tiers)}
    bars = held.bars if held is not None else ()
    return max((until for office, until in bars if office in offices), default=None)
