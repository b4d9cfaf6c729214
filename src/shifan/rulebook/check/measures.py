"""Checks on the measures: articles, stages, moves, deadlines, quotas."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from decimal import Decimal
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shifan.rulebook.check.place import Report, shown
from shifan.rulebook.findings import Finding
from shifan.rulebook.indicators import columns
from shifan.rulebook.loader import Reading
from shifan.rulebook.model import Measures, Move, Need
from shifan.rulebook.yaml_lines import Place


def findings(reading: Reading) -> list[Finding]:
    """Everything wrong with the measures."""
    measures = reading.measures
    assert measures is not None
    report = Report(reading.documents["measures.yaml"])
    _dates(measures, report)
    _articles(measures, report)
    _lists(measures, report)
    _ways_in(measures, report)
    _deadlines(measures, report)
    _moves(reading, measures, report)
    _paths(measures, report)
    return report.findings


def _dates(measures: Measures, report: Report) -> None:
    effective = measures.effective
    if effective.until is not None and effective.until < effective.from_:
        message = f"ends on {effective.until}, before it begins on {effective.from_}"
        report.add(("effective",), "", message)
    try:
        ZoneInfo(measures.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        report.add(("time_zone",), "", f"{measures.time_zone!r} is not a time zone")


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
    for i, deadline in enumerate(measures.deadlines):
        cited.append((("deadlines", i), f"deadline {deadline.id}", deadline.article))
    for i, reason in enumerate(measures.return_kinds):
        cited.append((("return_kinds", i), f"return kind {reason.id}", reason.article))
    for i, stage in enumerate(measures.stages):
        cited.append((("stages", i), f"stage {stage.id}", stage.article))
        for m, move in enumerate(stage.moves):
            for n, need in enumerate(move.needs):
                place = ("stages", i, "moves", m, "needs", n)
                cited.append((place, f"move {move.id}", need.article))
    for i, quota in enumerate(measures.quotas):
        cited.append((("quotas", i), f"quota {quota.id}", quota.article))
    for i, duty in enumerate(measures.aftercare):
        cited.append((("aftercare", i), f"duty {duty.id}", duty.article))
    cited.append((("validity",), "validity", measures.validity.article))
    for i, survey in enumerate(measures.surveys):
        cited.append((("surveys", i), f"survey {survey.id}", survey.article))
    if measures.reuse is not None:
        cited.append((("reuse",), "reuse", measures.reuse.article))
    return cited


def _lists(measures: Measures, report: Report) -> None:
    for key in (
        "references", "unit_types", "tiers", "channels", "fact_sources", "deadlines",
        "return_kinds", "stages", "quotas", "aftercare", "surveys",
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
        for kind in unit_types:
            if kind not in kinds:
                report.add((*place, "unit_types"), where, f"unit type {kind} is not in unit_types")


def _ways_in(measures: Measures, report: Report) -> None:
    """Channels stand in for a tier under a name of their own; partners are asked for their word."""
    tiers = {tier.id for tier in measures.tiers}
    for i, channel in enumerate(measures.channels):
        where = f"channel {channel.id}"
        if channel.replaces not in tiers:
            report.add(("channels", i, "replaces"), where, f"{channel.replaces} is not a tier")
        if channel.id in tiers | {"applicant", "computed"}:
            report.add(("channels", i, "id"), where, f"{channel.id} is the name of an office")
    needs = {need.guard for s in measures.stages for move in s.moves for need in move.needs}
    if measures.joint is not None and "partners_agreed" not in needs:
        report.add(("joint",), "joint", "no move needs partners_agreed: units could be named as "
                   "partners without their word")  # fmt: skip


def _deadlines(measures: Measures, report: Report) -> None:
    stages = {stage.id for stage in measures.stages}
    for i, deadline in enumerate(measures.deadlines):
        place, where = ("deadlines", i), f"deadline {deadline.id}"
        relative = deadline.after_stage is not None and deadline.days is not None
        if (deadline.on is not None) == relative:
            report.add(place, where, "needs either `on`, or `after_stage` with `days`")
        if deadline.on is not None:
            month, day = map(int, deadline.on.split("-"))
            if not 1 <= month <= 12 or not 1 <= day <= monthrange(2027, month)[1]:
                report.add((*place, "on"), where, f"{deadline.on} is not a day of every year")
        if deadline.after_stage is not None and deadline.after_stage not in stages:
            message = f"stage {deadline.after_stage} is not there"
            report.add((*place, "after_stage"), where, message)
    known = {deadline.id for deadline in measures.deadlines}
    for i, reason in enumerate(measures.return_kinds):
        if reason.deadline not in known:
            message = f"deadline {reason.deadline} is not there"
            report.add(("return_kinds", i, "deadline"), f"return kind {reason.id}", message)


def _moves(reading: Reading, measures: Measures, report: Report) -> None:
    stages = {stage.id for stage in measures.stages}
    deadlines = {deadline.id for deadline in measures.deadlines}
    offices = {tier.id for tier in measures.tiers} | {"applicant"}
    sources = {source.id for source in measures.fact_sources}
    kinds = {kind.id for kind in measures.unit_types}
    for s, stage in enumerate(measures.stages):
        for source_id in stage.writes:
            if source_id not in sources:
                message = f"fact source {source_id} is not there"
                report.add(("stages", s, "writes"), f"stage {stage.id}", message)
        for m, move in enumerate(stage.moves):
            place, where = ("stages", s, "moves", m), f"move {stage.id}.{move.id}"
            if move.to not in stages:
                report.add((*place, "to"), where, f"leads to stage {move.to}, which is not there")
            if move.by.office not in offices:
                message = f"office {move.by.office} is neither the applicant nor a tier"
                report.add((*place, "by"), where, message)
            for deadline_id in (move.before, move.before_again, move.after):
                if deadline_id is not None and deadline_id not in deadlines:
                    report.add(place, where, f"deadline {deadline_id} is not there")
            for kind in move.only:
                if kind not in kinds:
                    report.add((*place, "only"), where, f"unit type {kind} is not in unit_types")
            if move.returns and not measures.return_kinds:
                report.add(place, where, "returns clauses, but the measures have no return_kinds")
            for n, need in enumerate(move.needs):
                _need(reading, need, move, (*place, "needs", n), report)
        doubled = [id_ for id_, n in Counter(move.id for move in stage.moves).items() if n > 1]
        for id_ in doubled:
            report.add(("stages", s, "moves"), f"stage {stage.id}", f"move {id_} is listed twice")


def _need(reading: Reading, need: Need, move: Move, place: Place, report: Report) -> None:
    where = f"move {move.id}"
    assert reading.measures is not None
    if need.guard == "title_held" and need.level not in {t.id for t in reading.measures.tiers}:
        report.add(place, where, f"title level {need.level} is not a tier")
    if need.guard == "not_barred" and need.years is None:
        report.add(place, where, "not_barred needs `years`")
    reviewing = {"clauses_reviewed", "nothing_adjusted", "something_adjusted"}
    stage = reading.measures.stages[cast(int, place[1])]
    if need.guard in reviewing and not stage.reviews:
        report.add(place, where, f"{need.guard} stands at a stage that reviews nothing")
    if need.guard != "input_at_least":
        return
    if need.input is None or need.at_least is None:
        report.add(place, where, "input_at_least needs `input` and `at_least`")
        return
    for unit_type, indicators in reading.indicators.items():
        if move.only and unit_type not in move.only:
            continue
        read = next((p for p in indicators.provisions if need.input in columns(p)), None)
        if read is None:
            report.add(place, where, f"{unit_type} has no input {need.input}")
            continue
        most = read.input.maximum
        if read.input.type == "percent":
            most = min(Decimal(100), Decimal(100) if most is None else most)
        if most is not None and need.at_least > most:
            message = f"nobody can meet it: {need.input} is at most {shown(most)}"
            report.add(place, where, message)


def _paths(measures: Measures, report: Report) -> None:
    """Every stage is reachable for some unit type; every unit type can always get to an end."""
    final = {stage.id for stage in measures.stages if not stage.moves}
    for s, stage in enumerate(measures.stages):
        where = f"stage {stage.id}"
        if stage.id in final and stage.outcome is None:
            report.add(("stages", s), where, "has no way out and no outcome")
        if stage.id not in final and stage.outcome is not None:
            report.add(("stages", s), where, "has an outcome and yet moves on")
    reached: set[str] = set()
    for kind in measures.unit_types:
        ways = {
            stage.id: [move.to for move in stage.moves if not move.only or kind.id in move.only]
            for stage in measures.stages
        }
        here = _closure(measures.stages[0].id, ways)
        reached |= here
        for s, stage in enumerate(measures.stages):
            if stage.id in here and not _closure(stage.id, ways) & final:
                message = f"a {kind.id} that gets here can never reach an end"
                report.add(("stages", s), f"stage {stage.id}", message)
    for s, stage in enumerate(measures.stages):
        if stage.id not in reached:
            report.add(("stages", s), f"stage {stage.id}", "cannot be reached from the first stage")


def _closure(start: str, ways: dict[str, list[str]]) -> set[str]:
    seen, todo = {start}, [start]
    while todo:
        for stage in ways.get(todo.pop(), []):
            if stage not in seen:
                seen.add(stage)
                todo.append(stage)
    return seen
