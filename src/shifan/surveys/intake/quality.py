"""What the rule book's quality rules flag, judged at the door and never afterwards.

Networks are known only by a hash under a random salt that lives in this process and is replaced
every day; neither hash nor salt is ever written anywhere. A flag removes nothing.
"""

from __future__ import annotations

import secrets
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from ipaddress import ip_address
from uuid import UUID

from shifan.rulebook.surveys import Burst, Duplicate, Impossible, StraightLine, Survey, TooFast
from shifan.surveys.instrument import expressions
from shifan.surveys.instrument.answers import Values
from shifan.surveys.models import Campaign
from shifan.surveys.sealing import Content

Network = bytes
"""A network's hash of one day."""
MOST_NETWORKS, MOST_ANSWERS = 200_000, 1_000_000
"""What one process remembers at most."""


class Doorkeeper:
    """What one process remembers of the networks of today: how often, how fast, what before."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._begin(date.min)

    def _begin(self, day: date) -> None:
        self._day, self._salt = day, secrets.token_bytes(32)
        self._knocks: dict[Network, deque[float]] = defaultdict(deque)
        self._arrivals: dict[bytes, deque[tuple[float, UUID]]] = defaultdict(deque)
        self._met: dict[bytes, UUID] = {}

    def network(self, address: str, day: date) -> Network:
        """The network an address lies in (/24 or /48), hashed; what is no address, by itself.

        A new day forgets the last; so does a memory that is full.
        """
        networks = len(self._knocks) + len(self._arrivals)
        if day != self._day or networks > MOST_NETWORKS or len(self._met) > MOST_ANSWERS:
            self._begin(day)
        try:
            parsed = ip_address(address)
        except ValueError:
            return blake2b(address.encode(), key=self._salt, digest_size=16).digest()
        mapped = getattr(parsed, "ipv4_mapped", None)
        parsed = mapped or parsed
        prefix = parsed.packed[: 3 if parsed.version == 4 else 6]
        return blake2b(prefix, key=self._salt, digest_size=16).digest()

    def wait(self, network: Network, now: float) -> int:
        """Seconds the network has to wait before it may hand in again; 0 to come in now."""
        if not self._per_minute:
            return 0
        knocks = self._knocks[network]
        while knocks and knocks[0] <= now - 60:
            knocks.popleft()
        if len(knocks) >= self._per_minute:
            return max(1, int(knocks[0] + 60 - now))
        knocks.append(now)
        return 0

    def bursts(self, campaign: UUID, visit: Visit, rule: Burst) -> bool:
        """Whether this one is more than the rule allows from the network of late."""
        since = visit.now - rule.minutes * 60
        seen = self._arrivals.get(campaign.bytes + visit.network, ())
        others = sum(at > since and known != visit.submission for at, known in seen)
        return others >= rule.answers

    def met_before(self, campaign: UUID, visit: Visit, values: Values) -> bool:
        """Whether the network handed in the very same answers today, as another submission."""
        first = self._met.get(self._mark(campaign, visit, values))
        return first is not None and first != visit.submission

    def enter(self, campaign: UUID, visit: Visit, values: Values, most: int) -> None:
        """Remember the visit, and of its network the last ``most``."""
        seen = self._arrivals[campaign.bytes + visit.network]
        if all(known != visit.submission for _, known in seen):
            seen.append((visit.now, visit.submission))
        while len(seen) > most:
            seen.popleft()
        self._met.setdefault(self._mark(campaign, visit, values), visit.submission)

    def withdraw(self, campaign: UUID, visit: Visit, values: Values) -> None:
        """Forget a visit that came to nothing, so that nobody else is flagged by it."""
        key, mark = campaign.bytes + visit.network, self._mark(campaign, visit, values)
        kept = (each for each in self._arrivals.get(key, ()) if each[1] != visit.submission)
        self._arrivals[key] = deque(kept)
        if self._met.get(mark) == visit.submission:
            del self._met[mark]

    def _mark(self, campaign: UUID, visit: Visit, values: Values) -> bytes:
        words = "\x1f".join(f"{name}={values[name]}" for name in sorted(values))
        key = campaign.bytes + visit.network + words.encode()
        return blake2b(key, key=self._salt, digest_size=16).digest()


@dataclass(frozen=True)
class Visit:
    """Somebody at the door: from where, with which submission, when (seconds since 1970)."""

    doorkeeper: Doorkeeper
    network: Network
    submission: UUID
    now: float


@dataclass(frozen=True)
class Judge:
    """What is kept of an answer to one campaign: its stratum, and which quality rules flag it."""

    campaign: Campaign
    _survey: Survey = field(init=False)
    _found: Mapping[str, expressions.Expression] = field(init=False)

    def __post_init__(self) -> None:
        survey = self.campaign.rule
        found = {
            rule.id: expressions.compile(rule.when)
            for rule in survey.quality
            if isinstance(rule, Impossible)
        }
        object.__setattr__(self, "_survey", survey)
        object.__setattr__(self, "_found", found)

    def content(
        self,
        values: Values,
        *,
        seconds: float | None = None,
        visit: Visit | None = None,
    ) -> Content:
        """The answer as it is sealed: what was said, the rules that flag it, its stratum. The door
        remembers the visit from now on.

        ``seconds`` since the page was fetched, where that is known; without a visit from a known
        network the rules that look at it flag nothing.
        """
        flagged = []
        for rule in self._survey.quality:
            if isinstance(rule, TooFast):
                hit = seconds is not None and seconds < rule.seconds
            elif isinstance(rule, StraightLine):
                hit = self._straight(values)
            elif isinstance(rule, Impossible):
                hit = self._found[rule.id].holds(values)
            elif visit is None or not visit.network:
                hit = False
            elif isinstance(rule, Burst):
                hit = visit.doorkeeper.bursts(self.campaign.pk, visit, rule)
            else:
                assert isinstance(rule, Duplicate)
                hit = visit.doorkeeper.met_before(self.campaign.pk, visit, values)
            if hit:
                flagged.append(rule.id)
        if visit is not None and visit.network:
            most = max((r.answers for r in self._survey.quality if isinstance(r, Burst)), default=0)
            visit.doorkeeper.enter(self.campaign.pk, visit, values, most + 1)
        return {"values": values, "flags": flagged, "stratum": self.campaign.stratum(values)}

    def withdraw(self, values: Values, visit: Visit) -> None:
        """Let the door forget a visit whose answers were not stored."""
        visit.doorkeeper.withdraw(self.campaign.pk, visit, values)

    def _straight(self, values: Values) -> bool:
        given = [values.get(asked.question) for asked in self._survey.questions]
        return len(given) > 1 and given[0] is not None and len(set(given)) == 1
