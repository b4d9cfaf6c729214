"""Checks on the measures: articles, lists, channels, and each procedure."""

from __future__ import annotations

import re
from collections import Counter
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shifan.rulebook.check import ends, loops, procedures
from shifan.rulebook.check.place import Report
from shifan.rulebook.deadlines import WorkCalendar, WorkingDays
from shifan.rulebook.findings import Finding
from shifan.rulebook.loader import Reading
from shifan.rulebook.model import Measures
from shifan.rulebook.yaml_lines import Place


def findings(reading: Reading) -> list[Finding]:
    """Everything wrong with the measures."""
    measures = reading.measures
    assert measures is not None
    report = Report(reading.documents["measures.yaml"])
    _dates(measures, report)
    if measures.supersedes in (measures.version, f"{measures.programme}/{measures.version}"):
        report.add(("supersedes",), "", "a version cannot supersede itself")
    _articles(measures, report)
    _lists(measures, report)
    _quotas(measures, report)
    ends.findings(reading, report)
    _ways_in(measures, report)
    for index, procedure in enumerate(measures.procedures):
        procedures.findings(reading, procedure, ("procedures", index), report)
    loops.findings(measures, report)
    return report.findings


def _dates(measures: Measures, report: Report) -> None:
    effective = measures.effective
    if effective.until is not None and effective.until < effective.from_:
        message = f"ends on {effective.until}, before it begins on {effective.from_}"
        report.add(("effective",), "", message)
    try:
        ZoneInfo(measures.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        report.add(("time_zone",), "", f"{measures.time_zone!r} is not a time zone")
    _calendar(measures.calendar, report)
    if "calendar" not in measures.model_fields_set:
        _uncounted(measures, report)


def _uncounted(measures: Measures, report: Report) -> None:
    """Deadlines in working days of which nothing says whose they are."""
    for p, procedure in enumerate(measures.procedures):
        for d, deadline in enumerate(procedure.deadlines):
            if isinstance(deadline.when, WorkingDays):
                place: Place = ("procedures", p, "deadlines", d)
                message = "counts working days, but no calendar says whose: {country: …}"
                report.add(place, f"deadline {deadline.id}", message)
                return


def _calendar(calendar: WorkCalendar, report: Report) -> None:
    both = sorted(set(calendar.free) & set(calendar.worked))
    if both:
        report.add(("calendar",), "", f"{both[0]} is both free and worked")
    if calendar.country == "CN":
        if calendar.subdivision:
            report.add(("calendar", "subdivision"), "", "China's calendar has no subdivisions")
        return
    from holidays import list_supported_countries

    parts = list_supported_countries().get(calendar.country)
    if parts is None:
        report.add(("calendar", "country"), "", f"no calendar of {calendar.country} is known")
    elif calendar.subdivision and calendar.subdivision not in parts:
        known = ", ".join(parts)
        message = f"{calendar.country} has no part {calendar.subdivision}; known: {known}"
        report.add(("calendar", "subdivision"), "", message)


def _articles(measures: Measures, report: Report) -> None:
    known = {reference.id for reference in measures.references}
    for index, article in enumerate(measures.articles):
        place: Place = ("articles", index)
        if article.number != index + 1:
            message = f"article {article.number} stands where article {index + 1} belongs"
            report.add(place, f"article {article.number}", message)
        named = re.split(r"[\s,:;，：；]", article.source.basis, maxsplit=1)[0] in known
        if article.source.status != "drafted" and not named:
            message = f"is {article.source.status}, but its basis names no reference"
            report.add((*place, "source"), f"article {article.number}", message)
    numbers = {article.number for article in measures.articles}
    for place, where, number in _cited(measures):
        if number not in numbers:
            report.add((*place, "article"), where, f"cites article {number}, which is not there")


def _cited(measures: Measures) -> list[tuple[Place, str, int]]:
    cited: list[tuple[Place, str, int]] = []
    for i, kind in enumerate(measures.unit_types):
        cited.append((("unit_types", i), f"unit type {kind.id}", kind.article))
    for i, channel in enumerate(measures.channels):
        cited.append((("channels", i), f"channel {channel.id}", channel.article))
    if measures.joint is not None:
        cited.append((("joint",), "joint", measures.joint.article))
    for i, quota in enumerate(measures.quotas):
        cited.append((("quotas", i), f"quota {quota.id}", quota.article))
    for i, procedure in enumerate(measures.procedures):
        cited += procedures.cited(procedure, ("procedures", i))
    for i, survey in enumerate(measures.surveys):
        cited.append((("surveys", i), f"survey {survey.id}", survey.article))
    if measures.reuse is not None:
        cited.append((("reuse",), "reuse", measures.reuse.article))
    return cited


def _lists(measures: Measures, report: Report) -> None:
    for key in (
        "references", "unit_types", "tiers", "channels", "fact_sources", "procedures", "quotas",
        "surveys",
    ):  # fmt: skip
        ids = [part.id for part in getattr(measures, key)]
        for id_ in (id_ for id_, n in Counter(ids).items() if n > 1):
            index = len(ids) - 1 - ids[::-1].index(id_)
            report.add((key, index), "", f"id {id_} is used twice in {key}")
    offices = {tier.id for tier in measures.tiers} | {"applicant"}
    for i, source in enumerate(measures.fact_sources):
        if source.by not in offices | {"computed"}:
            message = f"{source.by} is neither the applicant, a tier, nor computed"
            report.add(("fact_sources", i, "by"), f"fact source {source.id}", message)
    kinds = {kind.id for kind in measures.unit_types}
    parts: list[tuple[Place, str, tuple[str, ...]]] = [
        *((("quotas", i), f"quota {q.id}", q.unit_types) for i, q in enumerate(measures.quotas)),
        *((("channels", i), f"channel {c.id}", c.unit_types)
          for i, c in enumerate(measures.channels)),
        *(((("joint",), "joint", measures.joint.unit_types),) if measures.joint else ()),
    ]  # fmt: skip
    for place, where, unit_types in parts:
        for number, kind in enumerate(unit_types):
            if kind not in kinds:
                report.add((*place, "unit_types"), where, f"unit type {kind} is not in unit_types")
            elif kind in unit_types[:number]:
                report.add((*place, "unit_types"), where, f"unit type {kind} is listed twice")


def _quotas(measures: Measures, report: Report) -> None:
    """A quota of some types is not larger than one that holds them all."""
    for i, part in enumerate(measures.quotas):
        for whole in measures.quotas:
            held = not whole.unit_types or set(part.unit_types) < set(whole.unit_types)
            if part.unit_types and whole is not part and held and part.maximum > whole.maximum:
                message = f"{part.maximum} are more than the {whole.maximum} of quota {whole.id}"
                report.add(("quotas", i, "maximum"), f"quota {part.id}", message)


def _ways_in(measures: Measures, report: Report) -> None:
    """Channels stand in for a tier under a name of their own; partners are asked for their word."""
    tiers = {tier.id for tier in measures.tiers}
    for i, channel in enumerate(measures.channels):
        where = f"channel {channel.id}"
        if channel.replaces not in tiers:
            report.add(("channels", i, "replaces"), where, f"{channel.replaces} is not a tier")
        if channel.id in tiers | {"applicant", "computed"}:
            report.add(("channels", i, "id"), where, f"{channel.id} is the name of an office")
    needs = {
        need.guard for way in measures.procedures for _, move in way.moves() for need in move.needs
    }
    if measures.joint is not None and "partners_agreed" not in needs:
        report.add(("joint",), "joint", "no move needs partners_agreed: units could be named as "
                   "partners without their word")  # fmt: skip
