"""The campaigns that answers come in for, kept in memory for a few seconds at a time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from shifan.surveys.instrument.answers import Checker, Values
from shifan.surveys.instrument.model import Instrument
from shifan.surveys.intake.quality import Judge
from shifan.surveys.models import Assurance, Campaign

State = Literal["waiting", "open", "over"]


@dataclass
class Taking:
    """A campaign as its page needs it: what it asks, whether it takes answers now."""

    campaign: Campaign
    form: Instrument
    checker: Checker
    judge: Judge
    state: State
    pages: dict[str, str] = field(default_factory=dict)
    """Language → the empty page."""

    @property
    def version(self) -> str:
        """What the page says of the form it was made from."""
        return self.form.digest[:16]

    @property
    def needs_token(self) -> bool:
        return self.campaign.assurance == Assurance.TOKEN

    def stratum(self, values: Values) -> str:
        return "|".join(values.get(name, "") for name in self.campaign.strata)


def find(code: str, now: datetime) -> Taking | None:
    """The campaign with that code, once it was opened; None if there is none."""
    rows = Campaign.objects.select_related("cycle__rulebook", "unit")
    campaign = rows.filter(code=code, opened_at__isnull=False).first()
    if campaign is None:
        return None
    form, judge = campaign.form, Judge(campaign.pk, campaign.rule)
    return Taking(campaign, form, Checker(form), judge, _state(campaign, now))


def renewed(taking: Taking, now: datetime) -> Taking:
    """The same campaign with its state as of now. All else was settled when it was opened."""
    campaign = taking.campaign
    campaign.refresh_from_db(fields=["closed_at", "opens_on", "closes_on"])
    return replace(taking, state=_state(campaign, now))


def _state(campaign: Campaign, now: datetime) -> State:
    if campaign.takes(now):
        return "open"
    before = campaign.closed_at is None and campaign.day(now) < campaign.opens_on
    return "waiting" if before else "over"


def team_digest(code: str, key: str) -> bytes:
    """What is kept of an enumerators' key."""
    return hashlib.sha256(f"{code}:{key}".encode()).digest()


def token_digest(code: str, token: str) -> bytes:
    """What is kept of a token: upper and lower case, and look-alikes, are the same."""
    plain = token.upper().replace("-", "").replace(" ", "").replace("O", "0").replace("I", "1")
    return hashlib.sha256(f"{code}:{plain}".encode()).digest()
