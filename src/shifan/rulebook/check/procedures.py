"""Checks on one procedure: its deadlines, moves, conditions, effects, and the ways through it."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from decimal import Decimal

from shifan.rulebook.check.place import Report, shown
from shifan.rulebook.deadlines import MOMENTS, Deadline, OnDay, Span, StageEntered
from shifan.rulebook.effects import BEARS, Annul, Award, Keyed, MoveOthers, Open, Stay
from shifan.rulebook.indicators import columns
from shifan.rulebook.loader import Reading
from shifan.rulebook.model import Measures
from shifan.rulebook.needs import InputAtLeast, Need
from shifan.rulebook.procedures import (
    ByAnyone,
    ByCapacity,
    ByClock,
    ByMove,
    ByOffice,
    ByParty,
    Move,
    Procedure,
    Stage,
    ToSupport,
    ToVote,
)
from shifan.rulebook.yaml_lines import Place

TITLED = frozenset({"title", "finding"})
"""The kinds of subject behind which a title stands."""
NUMERIC = frozenset({"percent", "number", "count", "satisfaction"})
"""The types of input that hold one number."""
REVIEWING = frozenset({"clauses_reviewed", "nothing_adjusted", "something_adjusted"})


def findings(reading: Reading, procedure: Procedure, place: Place, report: Report) -> None:
    """Everything wrong with the procedure that stands at ``place``."""
    measures = reading.measures
    assert measures is not None
    _ids(procedure, place, report)
    _opening(measures, procedure, place, report)
    _parties(measures, procedure, place, report)
    for i, deadline in enumerate(procedure.deadlines):
        _deadline(measures, procedure, deadline, (*place, "deadlines", i), report)
    known = {deadline.id for deadline in procedure.deadlines}
    for i, reason in enumerate(procedure.return_kinds):
        if reason.deadline not in known:
            message = f"deadline {reason.deadline} is not there"
            where = f"return kind {reason.id}"
            report.add((*place, "return_kinds", i, "deadline"), where, message)
    sources = {source.id: source for source in measures.fact_sources}
    for s, stage in enumerate(procedure.stages):
        here = (*place, "stages", s)
        for source_id in stage.writes:
            if source_id not in sources:
                message = f"fact source {source_id} is not there"
                report.add((*here, "writes"), f"stage {stage.id}", message)
            elif sources[source_id].by == "computed":
                message = f"fact source {source_id} is computed: nobody states it"
                report.add((*here, "writes"), f"stage {stage.id}", message)
        for m, move in enumerate(stage.moves):
            _move(reading, procedure, stage, move, (*here, "moves", m), report)
        _gathers(measures, procedure, stage, (*here, "gathers"), report)
        if stage.due is not None:
            at, where = (*here, "due"), f"stage {stage.id}"
            _named(measures, procedure, stage, stage.due, at, where, report)
            if stage.final:
                report.add(at, where, "is due, but nothing leads on from it")
        doubled = [id_ for id_, n in Counter(move.id for move in stage.moves).items() if n > 1]
        for id_ in doubled:
            report.add((*here, "moves"), f"stage {stage.id}", f"move {id_} is listed twice")
    _paths(measures, procedure, place, report)


def _gathers(
    measures: Measures, procedure: Procedure, stage: Stage, place: Place, report: Report
) -> None:
    said, where = stage.gathers, f"stage {stage.id}"
    if said is None:
        return
    if procedure.about != "batch":
        report.add(place, where, f"only a batch gathers; it is about a {procedure.about}")
    named = next((each for each in measures.procedures if each.id == said.of), None)
    if named is None:
        report.add(place, where, f"procedure {said.of} is not there")
    elif said.at not in {each.id for each in named.stages}:
        report.add(place, where, f"stage {said.at} is not there in {named.id}")


def lines(measures: Measures, procedure: Procedure) -> list[Procedure]:
    """The procedures whose proceedings can be lines of the procedure's: what it gathers, and those
    about a line."""
    gathered = {stage.gathers.of for stage in procedure.stages if stage.gathers is not None}
    return [each for each in measures.procedures if each.about == "line" or each.id in gathered]


def cited(procedure: Procedure, place: Place) -> list[tuple[Place, str, int]]:
    """Every article the procedure cites, with the place and the part that does."""
    found: list[tuple[Place, str, int]] = [(place, f"procedure {procedure.id}", procedure.article)]
    for i, deadline in enumerate(procedure.deadlines):
        if deadline.article is not None:
            where = f"deadline {deadline.id}"
            found.append(((*place, "deadlines", i), where, deadline.article))
    for i, reason in enumerate(procedure.return_kinds):
        found.append(((*place, "return_kinds", i), f"return kind {reason.id}", reason.article))
    for i, stage in enumerate(procedure.stages):
        found.append(((*place, "stages", i), f"stage {stage.id}", stage.article))
        for m, move in enumerate(stage.moves):
            at = (*place, "stages", i, "moves", m)
            found += [((*at, "needs", n), f"move {move.id}", need.article)
                      for n, need in enumerate(move.needs)]  # fmt: skip
            for n, effect in enumerate(move.effects):
                article = getattr(effect.said, "article", None)
                if article is not None:
                    found.append(((*at, "effects", n), f"move {move.id}", article))
    return found


def _ids(procedure: Procedure, place: Place, report: Report) -> None:
    for key in ("deadlines", "return_kinds", "stages"):
        ids = [part.id for part in getattr(procedure, key)]
        for id_ in (id_ for id_, n in Counter(ids).items() if n > 1):
            index = len(ids) - 1 - ids[::-1].index(id_)
            report.add((*place, key, index), "", f"id {id_} is used twice in {key}")
    for i, deadline in enumerate(procedure.deadlines):
        if deadline.id in MOMENTS:
            message = f"{deadline.id} is the name of a moment; give the deadline another"
            report.add((*place, "deadlines", i, "id"), f"deadline {deadline.id}", message)


def _opening(measures: Measures, procedure: Procedure, place: Place, report: Report) -> None:
    opens, where, at = procedure.opens, f"procedure {procedure.id}", (*place, "opens")
    if isinstance(opens, ByMove) and not _openers(measures, procedure):
        report.add(at, where, "opens by a move, but no move opens it")
    if isinstance(opens, ByParty):
        _office(measures, opens.by, at, where, report)
    if isinstance(opens, ByAnyone):
        named = next((each for each in measures.procedures if each.id == opens.of), None)
        if named is None:
            report.add(at, where, f"procedure {opens.of} is not there")
        elif opens.while_at not in {stage.id for stage in named.stages}:
            report.add(at, where, f"stage {opens.while_at} is not there in {named.id}")
        elif named.about != "batch" or procedure.about != "line":
            message = "anyone begins only what is about a line of a batch, while the batch is there"
            report.add(at, where, message)
        elif not named.stage(opens.while_at).public:
            report.add(at, where, f"stage {opens.while_at} is not public: nobody could know of it")
    if isinstance(opens, ByClock):
        if opens.when.moment not in ("term_start", "term_end", "finding"):
            message = "the clock can open it only so long after or before a term or a finding"
            report.add(at, where, message)
        elif procedure.about not in TITLED:
            message = f"opens by the clock of a title, but is about a {procedure.about}"
            report.add(at, where, message)


def _openers(measures: Measures, procedure: Procedure) -> list[Procedure]:
    """The procedures with a move that opens this one."""
    return [
        each
        for each in measures.procedures
        for _, move in each.moves()
        for effect in move.effects
        if isinstance(effect.said, Open) and effect.said.procedure == procedure.id
    ]


def _office(measures: Measures, by: ByOffice, place: Place, where: str, report: Report) -> None:
    if by.office not in {tier.id for tier in measures.tiers} | {"applicant"}:
        report.add(place, where, f"office {by.office} is neither the applicant nor a tier")


def _parties(measures: Measures, procedure: Procedure, place: Place, report: Report) -> None:
    capacities = [party.capacity for party in procedure.parties]
    offices = {office.id for office in measures.offices} | {"applicant", "computed", "clock"}
    for i, party in enumerate(procedure.parties):
        at, where = (*place, "parties", i), f"party {party.capacity}"
        if party.capacity in offices:
            report.add(at, where, f"{party.capacity} is the name of an office")
        if capacities.index(party.capacity) != i:
            report.add(at, where, f"capacity {party.capacity} is listed twice")
        if party.assigned_by is not None:
            _office(measures, party.assigned_by, (*at, "assigned_by"), where, report)
        for other in party.not_with:
            if other not in capacities and other not in offices:
                report.add((*at, "not_with"), where, f"capacity {other} is not there")


def _deadline(
    measures: Measures, procedure: Procedure, deadline: Deadline, place: Place, report: Report
) -> None:
    where, when = f"deadline {deadline.id}", deadline.when
    if deadline.article is None:
        report.add(place, where, "article is missing")
    for other in deadline.stops_for:
        if other not in {each.id for each in measures.procedures} - {procedure.id}:
            report.add((*place, "stops_for"), where, f"procedure {other} is not there")
    if isinstance(when, OnDay):
        month, day = map(int, when.on.split("-"))
        if not 1 <= month <= 12 or not 1 <= day <= monthrange(2027, month)[1]:
            report.add((*place, "when", "on"), where, f"{when.on} is not a day of every year")
        return
    if isinstance(when.moment, StageEntered):
        if when.moment.stage not in {stage.id for stage in procedure.stages}:
            report.add((*place, "when"), where, f"stage {when.moment.stage} is not there")
    elif not _comes(measures, procedure, when.moment):
        message = f"counts from {when.moment}, which a procedure about a {procedure.about} has not"
        report.add((*place, "when"), where, message)


def _comes(measures: Measures, procedure: Procedure, moment: str) -> bool:
    """Whether proceedings of the procedure know the moment at all."""
    if moment in ("term_start", "term_end"):
        return procedure.about in TITLED
    if moment == "finding":
        return procedure.about == "finding"
    return moment == "opened" or bool(_openers(measures, procedure))


def _move(
    reading: Reading, procedure: Procedure, stage: Stage, move: Move, place: Place, report: Report
) -> None:
    where, measures = f"move {stage.id}.{move.id}", reading.measures
    assert measures is not None
    if move.to not in {each.id for each in procedure.stages}:
        report.add((*place, "to"), where, f"leads to stage {move.to}, which is not there")
    _maker(measures, procedure, move, place, where, report)
    for name in (move.before, move.before_again, move.after):
        if name is not None:
            _named(measures, procedure, stage, name, place, where, report)
    if {move.before, move.after} <= {deadline.id for deadline in procedure.deadlines}:
        _in_order(procedure, move, place, where, report)
    kinds = {kind.id for kind in measures.unit_types}
    for kind in move.only:
        if kind not in kinds:
            report.add((*place, "only"), where, f"unit type {kind} is not in unit_types")
    if move.returns and not procedure.return_kinds:
        report.add(place, where, "returns clauses, but the procedure has no return_kinds")
    for n, need in enumerate(move.needs):
        _need(reading, procedure, stage, need, move, (*place, "needs", n), report)
    for n, effect in enumerate(move.effects):
        _effect(measures, procedure, effect, (*place, "effects", n), where, report)


def _named(
    measures: Measures,
    procedure: Procedure,
    stage: Stage,
    name: str,
    place: Place,
    where: str,
    report: Report,
) -> None:
    """A deadline or moment that a stage or a move names."""
    if name in {deadline.id for deadline in procedure.deadlines}:
        _counts_from_before(procedure, stage, name, place, where, report)
    elif name not in MOMENTS:
        report.add(place, where, f"deadline {name} is not there")
    elif not _comes(measures, procedure, name):
        message = f"{name} does not come in a procedure about a {procedure.about}"
        report.add(place, where, message)


def _maker(
    measures: Measures, procedure: Procedure, move: Move, place: Place, where: str, report: Report
) -> None:
    at = (*place, "by")
    if isinstance(move.by, ByOffice):
        _office(measures, move.by, at, where, report)
    elif isinstance(move.by, ByCapacity):
        _voices(procedure, move, move.by, at, where, report)
    elif move.by == "move":
        if not movers(measures, procedure, move):
            report.add(at, where, "is made by a move of another, but none makes it")
    else:
        if move.after is None:
            report.add(place, where, "is made by the clock, but has no `after` to say when")
        if move.reason or move.document:
            report.add(place, where, "the clock gives no reason and files no document")


def movers(measures: Measures, procedure: Procedure, move: Move) -> bool:
    """Whether some move makes this one of others."""
    return any(
        isinstance(effect.said, MoveOthers)
        and effect.said.move == move.id
        and (effect.said.of == "holders" or procedure in lines(measures, each))
        for each in measures.procedures
        for _, other in each.moves()
        for effect in other.effects
    )


def _voices(
    procedure: Procedure, move: Move, by: ByCapacity, place: Place, where: str, report: Report
) -> None:
    party = procedure.party(by.capacity)
    if party is None:
        report.add(place, where, f"capacity {by.capacity} is not among the parties")
        return
    if isinstance(by.voices, ToVote):
        vote = by.voices.vote
        if vote.quorum_number > party.number:
            message = f"nobody can reach a quorum of {vote.quorum_number}: there are {party.number}"
            report.add(place, where, message)
        if vote.ties == "chair" and (vote.chair is None or procedure.party(vote.chair) is None):
            report.add(place, where, "ties go to the chair, but `chair` names no party")
        if vote.majorities[-1].turnout_below is not None:
            message = "the last majority must hold at any turnout: leave out its turnout_below"
            report.add(place, where, message)
    if isinstance(by.voices, ToSupport) and by.voices.support.number > party.number:
        asked = by.voices.support.number
        report.add(place, where, f"nobody can find {asked} supporters: there are {party.number}")


def _counts_from_before(
    procedure: Procedure, stage: Stage, name: str, place: Place, where: str, report: Report
) -> None:
    """A deadline counted from a stage must count from one that was entered before this one."""
    when = procedure.deadline(name).when
    if isinstance(when, OnDay) or not isinstance(when.moment, StageEntered):
        return
    start = when.moment.stage
    ways = {each.id: [move.to for move in each.moves] for each in procedure.stages}
    if start in ways and stage.id not in closure(start, ways):
        message = f"deadline {name} counts from stage {start}, which comes later"
        report.add(place, where, message)


def _in_order(procedure: Procedure, move: Move, place: Place, where: str, report: Report) -> None:
    """`before` must not end earlier than `after`, as far as the two can be compared."""
    assert move.before is not None and move.after is not None
    last, first = procedure.deadline(move.before), procedure.deadline(move.after)
    ends, begins = _length(last), _length(first)
    if ends is not None and begins is not None and ends[0] == begins[0] and ends[1] < begins[1]:
        message = f"must be made before {last.id}, which comes earlier than {first.id}"
        report.add(place, where, message)


def _length(deadline: Deadline) -> tuple[object, float] | None:
    """What a deadline is counted from, and about how many days after that it falls."""
    when = deadline.when
    if isinstance(when, OnDay):
        month, day = map(int, when.on.split("-"))
        return "year", month * 31 + day + when.at.hour / 24 + when.at.minute / 1440
    return when.moment, when.sign * _days(when)


def _days(span: Span) -> float:
    each = {"hours": 1 / 24, "working_days": 1.4, "days": 1, "months": 30.4, "years": 365.25}
    return sum(getattr(span, unit, 0) * days for unit, days in each.items())


def _need(
    reading: Reading,
    procedure: Procedure,
    stage: Stage,
    need: Need,
    move: Move,
    place: Place,
    report: Report,
) -> None:
    where, measures = f"move {move.id}", reading.measures
    assert measures is not None
    ids = {each.id for each in measures.procedures}
    if need.guard == "title_held" and need.level not in {t.id for t in measures.tiers}:
        report.add(place, where, f"title level {need.level} is not a tier")
    if need.guard in REVIEWING and not stage.reviews:
        report.add(place, where, f"{need.guard} stands at a stage that reviews nothing")
    if need.guard == "title_is" and procedure.about not in TITLED:
        report.add(place, where, f"title_is: the procedure is about a {procedure.about}")
    if need.guard == "parties_assigned" and procedure.party(need.capacity) is None:
        report.add(place, where, f"capacity {need.capacity} is not among the parties")
    if need.guard == "none_running" and need.procedure not in ids:
        report.add(place, where, f"procedure {need.procedure} is not there")
    if need.guard == "was_before" or need.guard == "was_not_before":
        name = need.procedure or procedure.id
        if name not in ids:
            report.add(place, where, f"procedure {name} is not there")
        elif need.move not in {each.id for _, each in measures.procedure(name).moves()}:
            report.add(place, where, f"procedure {name} has no move {need.move}")
        if need.same_finding and procedure.about != "finding":
            report.add(place, where, f"same_finding: it is about a {procedure.about}")
    if need.guard == "input_at_least":
        _input(reading, need, move, place, report)


def _input(reading: Reading, need: InputAtLeast, move: Move, place: Place, report: Report) -> None:
    where = f"move {move.id}"
    for unit_type, indicators in reading.indicators.items():
        if move.only and unit_type not in move.only:
            continue
        read = next((p for p in indicators.provisions if need.input in columns(p)), None)
        if read is None:
            report.add(place, where, f"{unit_type} has no input {need.input}")
            continue
        if read.input.type not in NUMERIC or need.input != read.input.name:
            report.add(place, where, f"{need.input} of {unit_type} is no number to compare")
            continue
        most = read.input.maximum
        if read.input.type == "percent":
            most = min(Decimal(100), Decimal(100) if most is None else most)
        if most is not None and need.at_least > most:
            message = f"nobody can meet it: {need.input} is at most {shown(most)}"
            report.add(place, where, message)


def _effect(
    measures: Measures, procedure: Procedure, effect: Keyed, place: Place, where: str,
    report: Report,
) -> None:  # fmt: skip
    said = effect.said
    if procedure.about not in BEARS[effect.kind]:
        message = f"{effect.kind}: a {procedure.about} cannot bear it"
        report.add(place, where, message)
    if isinstance(said, Open):
        opened = next((each for each in measures.procedures if each.id == said.procedure), None)
        if opened is None:
            report.add(place, where, f"opens procedure {said.procedure}, which is not there")
        elif opened.about != said.about:
            message = f"opens {opened.id} about a {said.about}; it is about a {opened.about}"
            report.add(place, where, message)
    if isinstance(said, Stay | Annul) and not _openers(measures, procedure):
        message = f"{effect.kind}: no move opens {procedure.id}, so there is nothing it came from"
        report.add(place, where, message)
    if isinstance(said, Award) and said.from_ == "old_end" and procedure.about == "batch":
        report.add(place, where, "award: a batch has no old term")
    if isinstance(said, MoveOthers):
        about = "line" if said.of == "lines" else "unit"
        moved = [each for each in measures.procedures if each.about == about]
        if said.of == "lines":
            moved = lines(measures, procedure)
        if not any(said.move == move.id for each in moved for _, move in each.moves()):
            report.add(place, where, f"move: no procedure about a {about} has a move {said.move}")


def _paths(measures: Measures, procedure: Procedure, place: Place, report: Report) -> None:
    """Every stage is reachable for some unit type; every unit type can always get to an end."""
    there = {stage.id for stage in procedure.stages}
    if any(move.to not in there for _, move in procedure.moves()):
        return  # said already, and the cause of all that would follow
    final = {stage.id for stage in procedure.stages if stage.final}
    kinds = [kind.id for kind in measures.unit_types] if procedure.about == "unit" else [""]
    reached: set[str] = set()
    for kind in kinds:
        ways = {
            stage.id: [m.to for m in stage.moves if not m.only or not kind or kind in m.only]
            for stage in procedure.stages
        }
        here = closure(procedure.stages[0].id, ways)
        reached |= here
        for s, stage in enumerate(procedure.stages):
            if stage.id in here and not closure(stage.id, ways) & final:
                who = f"a {kind}" if kind else f"a {procedure.about}"
                message = f"{who} that gets here can never reach an end"
                report.add((*place, "stages", s), f"stage {stage.id}", message)
    for s, stage in enumerate(procedure.stages):
        if stage.id not in reached:
            message = "cannot be reached from the first stage"
            report.add((*place, "stages", s), f"stage {stage.id}", message)


def closure(start: str, ways: dict[str, list[str]]) -> set[str]:
    """All that can be reached from ``start``, itself among it."""
    seen, todo = {start}, [start]
    while todo:
        for stage in ways.get(todo.pop(), []):
            if stage not in seen:
                seen.add(stage)
                todo.append(stage)
    return seen
