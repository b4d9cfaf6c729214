"""What an office thinks of the file, clause by clause, and what the applicant replies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.ledger import actions as ledger
from shifan.proceedings.models import Proceeding
from shifan.proceedings.rooms import File
from shifan.process.moves import makes
from shifan.rulebook.base import Text
from shifan.rulebook.procedures import Stage
from shifan.statements.actions.facts import locked, refresh, write
from shifan.statements.assessment import Assessment, assess
from shifan.statements.models import Opinion, Reply, Verdict


@transaction.atomic
def give_opinion(
    *,
    proceeding: Proceeding,
    provision_id: str,
    verdict: str,
    basis: str,
    actor: Actor,
    now: datetime,
    over: int | None = None,
    reason: str = "",
    kind: str = "",
    raw: Mapping[str, object] | None = None,
) -> Opinion:
    """Agree with what the applicant put at a provision, adjust it, or mark it to go back.

    ``basis`` is the digest of what the reviewer read (``Assessment.bases``); Conflict if that is
    not what stands there any more. ``over`` is the id of the office's opinion that the page showed
    (0 for none, None where no page was shown); Conflict if a colleague gave another one since. An
    adjustment states ``raw`` in the office's name, beside the applicant's fact; any other opinion
    withdraws what the office stated there before. Raises NotAllowed, BadFact, and BadInput without
    a reason or kind where one is due.
    """
    proceeding = locked(proceeding)
    policy.require(actor, "applications.review", proceeding)
    assessment = assess(proceeding, now)
    if provision_id not in assessment.reviewable:
        raise BadInput(Text(zh="申报单位没有填报这一条。", en="The applicant stated nothing here."))
    _require_seen(assessment, provision_id, basis)
    _require_latest(assessment, provision_id, over, actor)
    reason = reason.strip()
    if verdict not in Verdict.values:
        raise BadInput(Text(zh="请选择审核意见。", en="Choose an opinion."))
    if verdict != Verdict.AGREE and not reason:
        raise BadInput(Text(zh="调整或退回须写明理由。", en="Give a reason for it."))
    kinds = {each.id for each in proceeding.measures.application.return_kinds}
    if verdict == Verdict.RETURN and kind not in kinds:
        raise BadInput(Text(zh="请选择退回类型。", en="Choose what kind of return it is."))
    if verdict == Verdict.ADJUST and not _own_sources(assessment, provision_id, actor):
        raise BadInput(
            Text(
                zh="规则不允许贵单位填报这一条，只能同意或退回。",
                en="The rule book lets your office state nothing here: agree or return it.",
            )
        )
    finding = raw if verdict == Verdict.ADJUST else {}
    _settle(assessment, provision_id, finding or {}, reason, actor, now)
    opinion = _enter(assessment, provision_id, verdict, actor, now, reason=reason[:1000],
                     kind=kind if verdict == Verdict.RETURN else "")  # fmt: skip
    refresh(proceeding, now)
    ledger.record(actor=actor.name, verb="opinion.given", subject=proceeding, at=now,
                  provision=provision_id, opinion=verdict, kind=kind)  # fmt: skip
    return opinion


@transaction.atomic
def agree_with_rest(
    *, proceeding: Proceeding, seen: Mapping[str, str], actor: Actor, now: datetime
) -> int:
    """Agree with every provision that has no opinion yet; how many.

    ``seen`` maps the provisions to the bases the reviewer was shown; Conflict, and nothing is
    entered, if one of them changed since.
    """
    proceeding = locked(proceeding)
    policy.require(actor, "applications.review", proceeding)
    assessment = assess(proceeding, now)
    left = [each for each in assessment.situation.unreviewed if each in seen]
    for provision_id in left:
        _require_seen(assessment, provision_id, seen[provision_id])
        _settle(assessment, provision_id, {}, "", actor, now)
        _enter(assessment, provision_id, Verdict.AGREE, actor, now)
    if left:
        refresh(proceeding, now)
        ledger.record(actor=actor.name, verb="opinion.agreed_with_rest", subject=proceeding,
                      at=now, provisions=left)  # fmt: skip
    return len(left)


@transaction.atomic
def reply(*, opinion: Opinion, text: str, actor: Actor, now: datetime) -> Reply:
    """Answer an office's adjustment before the file goes up. Raises BadInput for an empty text."""
    proceeding = locked(opinion.proceeding)
    policy.require(actor, "applications.reply", proceeding)
    if opinion.superseded_at is not None or opinion.verdict != Verdict.ADJUST:
        raise NotAllowed
    text = text.strip()[:1000]
    if not text:
        raise BadInput(Text(zh="请写明意见。", en="Write what you reply."))
    made, _ = Reply.objects.update_or_create(
        opinion=opinion, defaults={"text": text, "by_id": actor.user_id, "at": now}
    )
    ledger.record(actor=actor.name, verb="opinion.replied_to", subject=proceeding, at=now,
                  provision=opinion.provision)  # fmt: skip
    return made


def _require_seen(assessment: Assessment, provision_id: str, basis: str) -> None:
    if assessment.bases.get(provision_id) != basis:
        raise Conflict(
            Text(
                zh="您打开此页后，填报或佐证已有变动，请重新查看后再提意见。",
                en="The statement or its evidence changed after you opened the page; look again.",
            )
        )


SAID: dict[str, tuple[str, str]] = {
    Verdict.AGREE: ("同意", "agreed with this clause"),
    Verdict.ADJUST: ("调整", "adjusted this clause"),
    Verdict.RETURN: ("退回", "sent this clause back"),
}


def _require_latest(
    assessment: Assessment, provision_id: str, over: int | None, actor: Actor
) -> None:
    stands = assessment.opinions.get(provision_id)
    if over is None or stands is None or stands.pk == over or stands.by_id == actor.user_id:
        return
    zh, en = SAID[stands.verdict]
    reason_zh, reason = (
        (f"（{stands.reason}）", f" ({stands.reason})") if stands.reason else ("", "")
    )
    raise Conflict(
        Text(
            zh=f"您打开此页后，同事已提出意见：{zh}{reason_zh}。如仍按您的意见办理，请再次保存。",
            en=f"A colleague {en} after you opened the page{reason}. Save once more to put your "
            "opinion in place of theirs.",
        )
    )


def _own_sources(assessment: Assessment, provision_id: str, actor: Actor) -> list[str]:
    """The sources in whose name the reviewer may state the provision."""
    mine = policy.sources(actor, assessment.proceeding)
    provision = assessment.situation.indicators.by_id[provision_id]
    return [each for each in provision.input.from_ if each in mine]


def _settle(
    assessment: Assessment,
    provision_id: str,
    finding: Mapping[str, object],
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Make what the office itself states agree with its opinion: its finding, else nothing."""
    for number, source in enumerate(_own_sources(assessment, provision_id, actor)):
        raw = finding if number == 0 else {}
        write(assessment, provision_id, source, raw, actor=actor, now=now, note=reason[:500])


def _enter(
    assessment: Assessment,
    provision_id: str,
    verdict: str,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    kind: str = "",
) -> Opinion:
    proceeding, stage = assessment.proceeding, assessment.situation.stage
    held = policy.standing(actor, proceeding)
    office = next(move.office for move in stage.moves if makes(move, held))
    earlier = proceeding.opinions.filter(provision=provision_id, office=office, superseded_at=None)
    earlier.update(superseded_at=now)
    return Opinion.objects.create(
        proceeding=proceeding, provision=provision_id, office=office, verdict=verdict, kind=kind,
        reason=reason, basis=assessment.bases[provision_id], by_id=actor.user_id, at=now,
    )  # fmt: skip


def end_returns(file: File, stage: Stage, now: datetime) -> None:
    """Returns end when the file is back with the office that made them: it then looks anew."""
    if not (stage.reviews and file.proceeding.tiers):
        return
    offices = {move.office for move in stage.moves}
    returns = Opinion.objects.filter(
        proceeding=file.proceeding, superseded_at=None, verdict=Verdict.RETURN
    )
    returns.filter(office__in=offices).update(superseded_at=now)
