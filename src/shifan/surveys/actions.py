"""What an office does with a campaign, from planning it to stating its result."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.cycles.models import Cycle
from shifan.errors import BadInput, Conflict
from shifan.fairness.suppression import LEAST, in_tens
from shifan.ledger import actions as ledger
from shifan.proceedings.models import Proceeding
from shifan.rulebook.base import Text
from shifan.statements.actions import state_fact
from shifan.surveys import places, results
from shifan.surveys.instrument.fit import misfits
from shifan.surveys.instrument.model import Instrument
from shifan.surveys.intake.campaigns import team_digest, token_digest
from shifan.surveys.mixing import drop_lost, mix
from shifan.surveys.models import Assurance, Campaign, FieldKey, Stratum, Token, Weighting
from shifan.surveys.queries import received
from shifan.surveys.results import strata_of
from shifan.surveys.sealing import KeyLost
from shifan.surveys.weighing import tells_of_few
from shifan.units.models import Unit

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits that nobody takes for one another."""
MOST_TOKENS = 100_000
MOST_STRATA = 400
AT_ONCE = 20_000
"""Sealed answers that are opened while the officer waits."""


@transaction.atomic
def plan(
    *,
    unit: Unit,
    cycle: Cycle,
    survey: str,
    assurance: str,
    instrument: Instrument,
    opens_on: date,
    closes_on: date,
    actor: Actor,
    now: datetime,
    by_division: bool = False,
) -> Campaign:
    """A campaign that is not open yet; ``by_division`` makes strata of the divisions below too.

    Raises NotAllowed, and BadInput for a form that does not ask what the rule book's survey needs,
    for more strata than anybody fills, or days that cannot be.
    """
    campaign = Campaign(
        code=_code(), unit=unit, cycle=cycle, survey=survey, assurance=assurance,
        opens_on=opens_on, closes_on=closes_on, made_by_id=actor.user_id, made_at=now,
    )  # fmt: skip
    policy.require(actor, "surveys.run", campaign)
    campaign.strata = list(campaign.rule.strata)
    if by_division:
        instrument = places.asking(instrument, unit)
        campaign.strata.insert(0, places.NAME)
    campaign.instrument = instrument.model_dump(mode="json")
    wrong = misfits(campaign.rule, instrument)
    if wrong:
        raise BadInput(*wrong)
    if closes_on < opens_on or closes_on < campaign.day(now):
        raise BadInput(
            Text(
                zh="结束日期不能早于开始日期或今天。",
                en="It cannot end before it begins, or before today.",
            )
        )
    keys = strata_of(campaign)
    if len(keys) > MOST_STRATA:
        raise BadInput(
            Text(
                zh=f"共{len(keys)}个分组，超过{MOST_STRATA}个。",
                en=f"It would have {len(keys)} groups, more than {MOST_STRATA}.",
            )
        )
    campaign.save()
    Stratum.objects.bulk_create([Stratum(campaign=campaign, key=key) for key in keys])
    _record(campaign, "campaign.planned", actor, now, form=instrument.digest)
    return campaign


def _code() -> str:
    return "".join(secrets.choice("23456789abcdefghjkmnpqrstuvwxyz") for _ in range(6))


@transaction.atomic
def set_strata(
    *,
    campaign: Campaign,
    given: Mapping[str, tuple[int | None, int | None]],
    actor: Actor,
    now: datetime,
) -> None:
    """Set population and target of the strata given, until the campaign is closed: whoever knows
    the result cannot change what it is weighed by. Raises Conflict then."""
    campaign = _locked(campaign, actor)
    if campaign.closed_at is not None:
        raise Conflict(
            Text(zh="调查已结束，人口数不能再改。", en="The campaign has ended: populations stay.")
        )
    changed = []
    for stratum in campaign.populations.filter(key__in=given):
        if (stratum.population, stratum.target) != given[stratum.key]:
            stratum.population, stratum.target = given[stratum.key]
            changed.append(stratum)
    Stratum.objects.bulk_update(changed, ["population", "target"])
    strata = {each.key: [each.population, each.target] for each in changed}
    _record(campaign, "campaign.strata_set", actor, now, strata=strata)


@transaction.atomic
def open_(*, campaign: Campaign, actor: Actor, now: datetime) -> None:
    """From its first day on answers are taken; from now on the form stays as it is."""
    campaign = _locked(campaign, actor)
    if campaign.opened_at is not None:
        raise Conflict(Text(zh="调查已经开放。", en="The campaign is open already."))
    campaign.opened_at = now
    campaign.save(update_fields=["opened_at"])
    _record(campaign, "campaign.opened", actor, now, form=campaign.form.digest)


@transaction.atomic
def close(*, campaign: Campaign, actor: Actor, now: datetime) -> None:
    """Take no more answers and open all that is still sealed: at once where it is little, else
    the timed work does."""
    campaign = _locked(campaign, actor)
    if campaign.opened_at is None or campaign.closed_at is not None:
        raise Conflict(Text(zh="调查没有在进行。", en="The campaign is not running."))
    campaign.closed_at = now
    campaign.save(update_fields=["closed_at"])
    sealed = campaign.pouches.aggregate(sum=Sum("answers"))["sum"] or 0
    if sealed <= AT_ONCE:
        with suppress(KeyLost):  # the timed work says so, and tries again
            mix(campaign, now)
    _record(campaign, "campaign.closed", actor, now, answers=received(campaign))


@transaction.atomic
def give_up(*, campaign: Campaign, reason: str, actor: Actor, now: datetime) -> None:
    """Delete the answers of an ended campaign that nobody can read, as their key is lost.

    Raises BadInput without a reason, and Conflict where no key is lost.
    """
    campaign, reason = _locked(campaign, actor), reason.strip()[:500]
    if not reason:
        raise BadInput(Text(zh="请说明理由。", en="Please give the reason."))
    gone = drop_lost(campaign, now) if campaign.closed_at is not None else 0
    if not gone:
        raise Conflict(Text(zh="没有遗失的密钥。", en="No key is lost."))
    _record(campaign, "campaign.given_up", actor, now, answers=in_tens(gone), reason=reason)


@transaction.atomic
def make_tokens(*, campaign: Campaign, count: int, actor: Actor, now: datetime) -> list[str]:
    """New codes, each good for one answer. They are shown this once and nowhere kept."""
    campaign = _locked(campaign, actor)
    if campaign.assurance != Assurance.TOKEN or campaign.closed_at is not None:
        raise Conflict(
            Text(
                zh="本调查不使用调查码，或已结束。", en="This campaign uses no codes, or has ended."
            )
        )
    if not 1 <= count <= MOST_TOKENS:
        raise BadInput(
            Text(
                zh=f"数量应为1至{MOST_TOKENS}。",
                en=f"Between 1 and {MOST_TOKENS}.",
            )
        )
    made = sorted({_word(12) for _ in range(count)})
    digests = sorted(token_digest(campaign.code, word) for word in made)
    Token.objects.bulk_create(
        [Token(campaign=campaign, digest=digest) for digest in digests], batch_size=5000
    )
    _record(campaign, "campaign.tokens_made", actor, now, count=len(made))
    return made


def _word(length: int) -> str:
    letters = [secrets.choice(ALPHABET) for _ in range(length)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, length, 4))


@transaction.atomic
def add_team(*, campaign: Campaign, label: str, actor: Actor, now: datetime) -> str:
    """A new key for a team of enumerators. It is shown this once; only its digest is kept."""
    campaign = _locked(campaign, actor)
    label = label.strip()[:60]
    if campaign.assurance != Assurance.ENUMERATOR or not label:
        raise BadInput(Text(zh="请填写小组名称。", en="Please name the team."))
    key = _word(16)
    digest = team_digest(campaign.code, key)
    FieldKey.objects.create(campaign=campaign, label=label, digest=digest)
    _record(campaign, "campaign.team_added", actor, now, team=label)
    return key


@transaction.atomic
def end_team(*, campaign: Campaign, team: int, actor: Actor, now: datetime) -> None:
    """From now on that team's key hands in nothing."""
    campaign = _locked(campaign, actor)
    campaign.field_keys.filter(pk=team, ended_at=None).update(ended_at=now)
    _record(campaign, "campaign.team_ended", actor, now, team=team)


@transaction.atomic
def weigh(
    *, campaign: Campaign, rule: str, weight: int, reason: str, actor: Actor, now: datetime
) -> Weighting:
    """Let all answers that a quality rule flags count for ``weight`` thousandths.

    Raises BadInput without a reason, and Conflict while the campaign runs or where the change
    would set apart fewer than ten answers from anything shown before: the two figures would then
    tell what these said.
    """
    campaign = _locked(campaign, actor)
    reason = reason.strip()[:500]
    known = {each.id for each in campaign.rule.quality}
    if rule not in known or not reason or not 0 <= weight <= 1000:
        raise BadInput(
            Text(
                zh="请选择规则、填写0至100的比重并说明理由。",
                en="Choose a rule, a weight of 0 to 100 and give the reason.",
            )
        )
    if campaign.closed_at is None or campaign.pouches.exists():
        raise Conflict(
            Text(zh="调查结束后才能处理标记。", en="Flags are weighed once the campaign has ended.")
        )
    if tells_of_few(campaign, rule, weight):
        raise Conflict(
            Text(
                zh=f"此举只影响不足{LEAST}份答卷，两次结果相减会暴露其内容，不予办理。",
                en=f"It would set apart fewer than {LEAST} answers; the difference between the two "
                "results would tell what they say.",
            )
        )
    campaign.weightings.filter(rule=rule, superseded_at=None).update(superseded_at=now)
    made = Weighting.objects.create(
        campaign=campaign, rule=rule, weight=weight, reason=reason, by_id=actor.user_id, at=now
    )
    _record(campaign, "campaign.weighed", actor, now, rule=rule, weight=weight, reason=reason)
    return made


@transaction.atomic
def state(*, campaign: Campaign, proceeding: Proceeding, actor: Actor, now: datetime) -> list[str]:
    """State the result as facts of the unit's application; the clauses stated.

    Raises Conflict while the campaign runs, for another unit's application, or where no answer
    counts, and whatever stating a fact raises.
    """
    campaign = _locked(campaign, actor)
    if (
        campaign.closed_at is None
        or campaign.pouches.exists()
        or proceeding.unit_id != campaign.unit_id
    ):
        raise Conflict(
            Text(
                zh="调查尚未结束，或不属于该申报。",
                en="The campaign still runs, or is not of this application.",
            )
        )
    stated: list[str] = []
    for found in results.of(campaign):
        provision = results.provision(campaign, found.asked)
        if provision is None:
            continue
        fact = found.fact(provision)
        if fact is None:
            raise Conflict(
                Text(
                    zh="可计的答卷过少，不能录入。",
                    en="Too few answers count, so there is nothing to state.",
                )
            )
        state_fact(
            proceeding=proceeding, provision_id=provision.id, source=campaign.rule.source,
            raw=fact, actor=actor, now=now, provenance=found.provenance(campaign),
        )  # fmt: skip
        stated.append(provision.id)
    _record(campaign, "campaign.stated", actor, now, proceeding=str(proceeding.pk))
    return stated


def _locked(campaign: Campaign, actor: Actor) -> Campaign:
    rows = Campaign.objects.with_rules()
    found = rows.select_for_update(of=("self",)).get(pk=campaign.pk)
    policy.require(actor, "surveys.run", found)
    return found


def _record(campaign: Campaign, verb: str, actor: Actor, now: datetime, **details: Any) -> None:
    ledger.record(actor=actor.name, verb=verb, subject=campaign, at=now, code=campaign.code,
                  **details)  # fmt: skip
