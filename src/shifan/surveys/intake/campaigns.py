"""The campaigns that answers come in for, kept in memory for a few seconds at a time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from shifan.surveys.instrument.answers import Checker
from shifan.surveys.instrument.model import Instrument
from shifan.surveys.intake.quality import Judge
from shifan.surveys.models import Assurance, Campaign, State


@dataclass
class Taking:
    """A campaign as its page needs it: what it asks, and its state a few seconds ago."""

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


def find(code: str, now: datetime) -> Taking | None:
    """The campaign with that code, once it was opened; None if there is none."""
    rows = Campaign.objects.with_rules()
    campaign = rows.filter(code=code, opened_at__isnull=False).first()
    if campaign is None:
        return None
    form = campaign.form
    return Taking(campaign, form, Checker(form), Judge(campaign), campaign.state(now))


def renewed(taking: Taking, now: datetime) -> Taking:
    """The same campaign with its state as of now. All else was settled when it was opened."""
    campaign = taking.campaign
    campaign.refresh_from_db(fields=["closed_at", "opens_on", "closes_on"])
    return replace(taking, state=campaign.state(now))


def team_digest(code: str, key: str) -> bytes:
    """What is kept of an enumerators' key."""
    return hashlib.sha256(f"{code}:{key}".encode()).digest()


def token_digest(code: str, token: str) -> bytes:
    """What is kept of a token: upper and lower case are the same."""
    plain = token.upper().replace("-", "").replace(" ", "")
    return hashlib.sha256(f"{code}:{plain}".encode()).digest()
