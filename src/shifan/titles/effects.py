"""What moves bring about on titles: each effect of the rule book, for many moves at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from shifan.errors import Conflict
from shifan.ledger.actions import Record
from shifan.proceedings.actions.carrying import Intent, carry_out
from shifan.proceedings.actions.moves import Refused, locked
from shifan.proceedings.actions.opening import open_proceedings
from shifan.proceedings.models import PARTNER, Proceeding
from shifan.proceedings.rooms import Brought, Deed, read
from shifan.process.moves import CLOSED, MoveRefused, refusals
from shifan.process.terms import term_end, term_start
from shifan.rulebook.base import Text
from shifan.rulebook.effects import (
    Annul,
    Award,
    Bar,
    Decline,
    Lapse,
    MoveOthers,
    Open,
    Reinstate,
    Revoke,
    Stay,
    Suspend,
)
from shifan.titles import actions as titles
from shifan.titles.actions import Cause, Happening, Term, state_of
from shifan.titles.looks import ABOUT_TITLES
from shifan.titles.models import UNDOES, Event, Finding, Title, What
from shifan.titles.models import Bar as BarRow
from shifan.titles.queries import standing
from shifan.units.models import Division


def award(found: Sequence[tuple[Deed, Award]]) -> None:
    """Append a term to the title of the unit; of each that applied jointly with it, or of all
    together.

    It carries the batch, its term as the rule book gives it, and the version it was judged under.
    """
    wanted = [
        (deed, made) for deed, awarded in found for made in _awards(deed, awarded)
    ]  # fmt: skip
    by_key = titles.titles_for([made for _, made in wanted])
    _record(
        [
            (deed, (by_key[titles.key_of(made)], What.AWARDED, None, made.cause, made.term))
            for deed, made in wanted
        ]
    )


def _awards(deed: Deed, awarded: Award) -> list[titles.Award]:
    proceeding, measures = deed.file.proceeding, deed.file.situation.measures
    if proceeding.procedure.about in ABOUT_TITLES:
        title = Title.objects.select_related("unit").get(pk=proceeding.matter)
        known = standing(title, day_of(deed)).term
        term = _term(deed, awarded, known.until if known else None)
        return [titles.Award(title.unit, title.programme, title.level, term,
                             _cause(deed, awarded.article), title.exercise)]  # fmt: skip
    partners = [p.unit for p in proceeding.present if p.capacity == PARTNER and p.agreed and p.unit]
    together = awarded.holders == "together"
    lead = proceeding.concerned
    units = [lead] if together else [lead, *partners]
    return [
        titles.Award(
            unit, measures.programme, measures.tiers[0].id, _term(deed, awarded, None),
            _cause(deed, awarded.article), proceeding.exercise,
            tuple(partners) if together else (),
        )
        for unit in units
    ]  # fmt: skip


def _term(deed: Deed, awarded: Award, old_end: date | None) -> Term:
    proceeding, day = deed.file.proceeding, day_of(deed)
    return Term(
        term_start(awarded, day, old_end),
        term_end(awarded, day, old_end),
        grade=awarded.grade,
        batch=proceeding.cycle.batch if proceeding.cycle is not None else None,
        conditions=tuple({"zh": each.zh, "en": each.en or ""} for each in awarded.conditions),
        rulebook=str(proceeding.rulebook),
        rulebook_digest=proceeding.rulebook.digest,
        total=deed.step.total if proceeding.cycle is not None else None,
    )


def decline(found: Sequence[tuple[Deed, Decline]]) -> None:
    """Nothing beside the stage: the step says it, its conditions stand in the rule book."""


def suspend(found: Sequence[tuple[Deed, Suspend]]) -> None:
    """The title rests."""
    _happen(found, What.SUSPENDED)


def revoke(found: Sequence[tuple[Deed, Revoke]]) -> None:
    """The title is lost."""
    _happen(found, What.REVOKED)


def lapse(found: Sequence[tuple[Deed, Lapse]]) -> None:
    """The title ends."""
    _happen(found, What.LAPSED)


def reinstate(found: Sequence[tuple[Deed, Reinstate]]) -> None:
    """The suspensions that this proceeding, or the one it came from, brought about are lifted."""
    happenings = []
    for deed, said in found:
        proceeding = deed.file.proceeding
        steps = proceeding.steps.values("pk")
        came_from = proceeding.origin.proceeding.steps.values("pk") if proceeding.origin else steps
        open_ones = (
            Event.objects.select_related("title__unit")
            .filter(what=What.SUSPENDED, title=proceeding.matter)
            .exclude(undone_by__what__in=(What.REINSTATED, What.ANNULLED))
        )
        mine = [*open_ones.filter(step__in=steps)] or [*open_ones.filter(step__in=came_from)]
        if not mine:
            raise Conflict(
                Text(
                    zh="没有可以解除的暂停。",
                    en="There is no suspension that this could lift.",
                )
            )
        happenings += [_undoes(deed, What.REINSTATED, said.article, each) for each in mine]
    _record(happenings)


def stay(found: Sequence[tuple[Deed, Stay]]) -> None:
    """What the step it came from brought about rests while this proceeding runs."""
    _record(
        [
            _undoes(deed, What.STAYED, said.article, event)
            for deed, said in found
            for event in _brought_about(deed, What.STAYED)
        ]
    )


def annul(found: Sequence[tuple[Deed, Annul]]) -> None:
    """What the step it came from brought about is void, its bars too."""
    _record(
        [
            _undoes(deed, What.ANNULLED, said.article, event)
            for deed, said in found
            for event in _brought_about(deed, What.ANNULLED)
        ]
    )
    for deed, _ in found:
        bars = BarRow.objects.filter(step=deed.file.proceeding.origin_id, lifted_at=None)
        bars.update(lifted_at=deed.now)


def _brought_about(deed: Deed, by: What) -> list[Event]:
    """The events of the step this proceeding came from that ``by`` can undo, and does not yet."""
    events = Event.objects.filter(step=deed.file.proceeding.origin_id, what__in=UNDOES[by])
    left = events.exclude(undone_by__what=What.ANNULLED).exclude(undone_by__what=by)
    return list(left.select_related("title__unit"))


def resume(deeds: Sequence[Deed]) -> None:
    """A stay ends with the proceeding that brought it about."""
    ended = {deed.file.proceeding.pk: deed for deed in deeds}
    stays = Event.objects.filter(what=What.STAYED, step__proceeding__in=ended)
    stays = stays.exclude(undone_by__what=What.RESUMED).select_related("step", "title__unit")
    _record(
        [
            (deed, (each.title, What.RESUMED, each, _cause(deed), Term(day_of(deed))))
            for each in stays
            for deed in [ended[each.step.proceeding_id]]  # type: ignore[union-attr]
        ]
    )


def bar(found: Sequence[tuple[Deed, Bar]]) -> None:
    """The unit, or the office that put it forward, may not apply for so many months."""
    rows = []
    for deed, said in found:
        proceeding, day = deed.file.proceeding, day_of(deed)
        on_unit = said.on == "unit"
        office, place = ("", "") if on_unit else _nominating(proceeding)
        rows.append(
            BarRow(
                programme=proceeding.measures.programme, exercise=proceeding.exercise,
                unit=proceeding.unit if on_unit else None, office=office, place=place, since=day,
                until=day + relativedelta(months=said.months, days=-1), article=said.article,
                step=deed.step,
            )
        )  # fmt: skip
    BarRow.objects.bulk_create(rows)
    for (deed, _), row in zip(found, rows, strict=True):
        deed.journal.append(
            Record(deed.actor.name, "bar.laid", deed.file.proceeding, deed.now,
                   details={"on": row.office or deed.file.proceeding.called,
                            "until": row.until.isoformat()})
        )  # fmt: skip


def _nominating(proceeding: Proceeding) -> tuple[str, str]:
    """The office that put the unit forward, and the area it answers for: the highest beneath the
    one that decides."""
    tiers = proceeding.measures.tiers
    tier = tiers[1] if len(tiers) > 1 else tiers[0]
    codes = proceeding.place.strip("/").split("/")
    area = Division.objects.filter(code__in=codes, level=tier.covers).first()
    return proceeding.measures.office_of(tier.id, proceeding.channel), area.path if area else "/"


def open_(found: Sequence[tuple[Deed, Open]]) -> None:
    """Another proceeding begins, of the same book, from this step."""
    new = []
    for deed, said in found:
        own = deed.file.proceeding
        about, matter = _subject(deed, said)
        new.append(
            Proceeding(
                id=uuid4(), rulebook=own.rulebook, procedure_id=said.procedure, unit=own.unit,
                about=about, matter=matter, origin=deed.step, exercise=own.exercise,
                channel=own.channel, stage_since=deed.step.at, created_at=deed.step.at,
            )
        )  # fmt: skip
    deed = found[0][0]
    open_proceedings(new, deed.actor, deed.now, deed.journal)


def _subject(deed: Deed, said: Open) -> tuple[UUID, UUID]:
    """The id of what the proceeding is about, and of the matter it belongs to."""
    own = deed.file.proceeding
    if said.about == "finding":
        if own.procedure.about == "finding":
            return own.about, own.matter
        known = Finding.objects.filter(
            title=own.matter, pk__in=[deed.finding] if deed.finding else []
        ).first()
        finding = known or Finding.objects.create(
            title_id=own.matter, text=deed.step.reason, found_at=deed.step.at, step=deed.step
        )
        return finding.pk, own.matter
    if said.about == "title" and own.procedure.about not in ABOUT_TITLES:
        awarded = Event.objects.filter(step=deed.step, what=What.AWARDED, title__unit=own.unit_id)
        title = awarded.values_list("title_id", flat=True).first()
        if title is None:
            raise Conflict(
                Text(zh="没有可以据以启动程序的称号。", en="There is no title this could be about.")
            )
        return title, title
    return own.matter, own.matter


def move_others(found: Sequence[tuple[Deed, MoveOthers]]) -> None:
    """The lines of the batch, or the proceedings still open about the holder's other titles, make
    the move too by the same reason and document, all or none. Raises Conflict with what stands
    against each that cannot."""
    for deed, said in found:
        own, step = deed.file.proceeding, deed.step
        document = {"document": step.document, "document_file": step.document_file,
                    "document_name": step.document_name}  # fmt: skip
        rows = Proceeding.objects.filter(closed_at=None).exclude(pk=own.pk)
        if said.of == "lines":
            rows = rows.filter(part_of=own)
        else:
            held = Title.objects.filter(unit=own.unit, exercise=own.exercise).exclude(pk=own.matter)
            rows = rows.filter(matter__in=held)
        intents: list[Intent] = []
        against: list[Text] = []
        for file in read(locked(list(rows.order_by("pk"))), deed.now):
            unit = file.proceeding.called
            move = next((m for m in file.situation.stage.moves if m.id == said.move), None)
            refused = refusals(file.situation, move, step.at) if move else (CLOSED,)
            if refused:
                against += Refused(MoveRefused(said.move, refused), unit).texts
            elif move:
                intents.append(Intent(file, move, step.at, step.reason, document))
        if against:
            raise Conflict(*against)
        if intents:
            carry_out(intents, deed.actor, deed.now, deed.journal)


HANDLERS: dict[str, Brought] = {
    "award": award, "decline": decline, "open": open_, "suspend": suspend, "reinstate": reinstate,
    "stay": stay, "annul": annul, "revoke": revoke, "lapse": lapse, "bar": bar,
    "move": move_others,
}  # fmt: skip
"""The effects by the key under which the rule book writes them."""


def day_of(deed: Deed) -> date:
    """The day from which the step holds, in the programme's time zone."""
    return local(deed.step.at, deed.file.situation.measures.time_zone)


def local(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def _cause(deed: Deed, article: int | None = None) -> Cause:
    stage = deed.file.situation.procedure.stage(deed.step.to_stage)
    return Cause(deed.step, deed.step.reason, article if article is not None else stage.article)


def _happen(found: Sequence[tuple[Deed, Suspend | Revoke | Lapse]], what: What) -> None:
    """The same happens to the title of each."""
    titles_of = Title.objects.select_related("unit").in_bulk(
        {deed.file.proceeding.matter for deed, _ in found}
    )
    _record(
        [
            (deed, (titles_of[deed.file.proceeding.matter], what, None,
                    _cause(deed, said.article), Term(day_of(deed))))
            for deed, said in found
        ]
    )  # fmt: skip


def _undoes(deed: Deed, what: What, article: int | None, undoes: Event) -> tuple[Deed, Happening]:
    return deed, (undoes.title, what, undoes, _cause(deed, article), Term(day_of(deed)))


def _record(found: Sequence[tuple[Deed, Happening]]) -> None:
    if not found:
        return
    events = titles.record([happening for _, happening in found], found[0][0].now)
    for (deed, (title, what, *_)), event in zip(found, events, strict=True):
        deed.journal.append(
            Record(deed.actor.name, f"title.{what}", title, deed.now, None, state_of(event), {
                "event": event.pk, "unit": title.unit.name, "level": title.level,
                "batch": event.batch,
            })
        )  # fmt: skip
