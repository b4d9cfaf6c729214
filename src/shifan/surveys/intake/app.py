"""The light path: an ASGI application that serves ``/s/<code>/…`` and nothing else.

It keeps no log of requests and sets no cookie. The reply to an answer comes after the commit that
holds it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs

from django.conf import settings

from shifan.surveys.intake import field, page, words
from shifan.surveys.intake.campaigns import Taking, find, renewed, token_digest
from shifan.surveys.intake.counter import Busy, Counter
from shifan.surveys.intake.http import (
    Receive,
    Refused,
    Reply,
    Scope,
    Send,
    address,
    body_of,
    fields_of,
    header,
    respond,
)
from shifan.surveys.intake.quality import Doorkeeper, Visit
from shifan.surveys.intake.reading import handed_in, look_again
from shifan.surveys.intake.store import Handed, Outcome
from shifan.surveys.models import Assurance

LOOK_AGAIN = 3.0
"""Seconds for which a campaign is taken as it was, or as not there."""
STALE = 30.0
"""Seconds more for which visitors need not wait while it is looked up. Storing looks for itself."""
MOST_KNOWN = 1000
"""Codes remembered, those of no campaign among them."""
COME_BACK = 5
"""Seconds after which somebody who was turned away may try again."""
CLOSED = {"waiting": words.WAITING, "over": words.OVER, "closed": words.OVER}
"""State → why nobody can answer."""


class Intake:
    """The application. ``clock`` says what time it is, in UTC."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._counter = Counter(clock)
        self._known: dict[str, tuple[Taking | None, float]] = {}
        self._looking: dict[str, asyncio.Task[Taking | None]] = {}
        self._doorkeeper = Doorkeeper(settings.SURVEY_PER_MINUTE)
        self._serving: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            if self._serving is None:
                self._serving = asyncio.create_task(self._counter.serve())
            await respond(send, scope, await self._reply(scope, receive), page.policy())

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self.rest()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def rest(self) -> None:
        """Take no more answers for now, and let go of the database."""
        if self._serving is not None:
            self._serving.cancel()
            self._serving = None
        await self._counter.rest()

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        query = parse_qs(scope.get("query_string", b"").decode("ascii", "replace"))
        language = query.get("lang", [""])[0][:20] or header(scope, b"accept-language")[:20]
        code, part = _place(scope["path"])
        try:
            taking = await self._taking(code)
            language = taking.form.language(language or "zh")
            if part.startswith("field/"):
                return await self._in_the_field(taking, language, part, scope, receive)
            if taking.state in CLOSED:
                raise Refused(CLOSED[taking.state])
            if taking.campaign.assurance == Assurance.ENUMERATOR:
                raise Refused(words.BY_ENUMERATORS)
            if scope["method"] in ("GET", "HEAD"):
                token = "".join(c for c in query.get("t", [""])[0][:40] if c.isalnum() or c == "-")
                return Reply(200, page.empty(taking, language, token))
            if scope["method"] != "POST":
                raise Refused(words.METHOD)
            return await self._take(taking, language, scope, receive)
        except Refused as refused:
            body = page.notice(language or "zh", refused.saying)
            return Reply(refused.saying.status, body, refused.retry_after)

    async def _in_the_field(
        self, taking: Taking, language: str, part: str, scope: Scope, receive: Receive
    ) -> Reply:
        """The enumerators' page, its worker, and the interviews it sends."""
        if taking.campaign.assurance != Assurance.ENUMERATOR:
            raise Refused(words.NOT_FOUND)
        if scope["method"] in ("GET", "HEAD"):
            return field.worker() if part == "field/sw.js" else field.shown(taking, language)
        if scope["method"] != "POST":
            raise Refused(words.METHOD)
        try:
            body = await body_of(receive, field.MOST_BYTES)
            key = field.key_of(scope)
            if not await self._counter.look(lambda: field.is_open(taking, key)):
                return field.said(words.KEY, language)
            return await field.take(taking, language, field.read(body), self._counter.hand_in)
        except (Refused, field.BadBatch) as refused:
            return field.said(refused.saying, language)
        except Busy:
            return field.said(words.STORM, language, COME_BACK)

    async def _taking(self, code: str) -> Taking:
        if not (code.isascii() and code.isalnum() and len(code) <= 12):
            raise Refused(words.NOT_FOUND)
        known, until = self._known.get(code, (None, 0.0))
        if until < time.monotonic():
            looking = self._looking.get(code)
            if looking is None:
                looking = asyncio.create_task(self._look_up(code, known))
                self._looking[code] = looking
            if known is None or until < time.monotonic() - STALE:
                known = await looking
        if known is None:
            raise Refused(words.NOT_FOUND)
        return known

    async def _look_up(self, code: str, known: Taking | None) -> Taking | None:
        """Look once for all who ask meanwhile."""
        try:
            found = await self._counter.look(lambda: self._look(code, known))
        except Busy as busy:
            if known is None:
                raise Refused(words.UNAVAILABLE, COME_BACK) from busy
            found = known  # as it was; storing an answer looks for itself
        finally:
            del self._looking[code]
        if len(self._known) >= MOST_KNOWN:
            self._known = {code: each for code, each in self._known.items() if each[0] is not None}
        self._known[code] = (found, time.monotonic() + LOOK_AGAIN)
        return found

    def _look(self, code: str, known: Taking | None) -> Taking | None:
        now = self._clock()
        return renewed(known, now) if known is not None else find(code, now)

    async def _take(self, taking: Taking, language: str, scope: Scope, receive: Receive) -> Reply:
        fields = fields_of(scope, await body_of(receive))
        moment = time.time()
        network = self._doorkeeper.network(
            address(scope), datetime.fromtimestamp(moment, UTC).date()
        )
        wait = self._doorkeeper.wait(network, moment)
        if wait:
            raise Refused(words.CROWD, wait)
        form = handed_in(taking, fields)
        wrong = look_again(taking, language, form)
        if wrong is not None:
            return wrong
        values = form.checked.values
        visit = Visit(self._doorkeeper, network, form.filled.submission, moment)
        content = taking.judge.content(
            values, seconds=page.seconds_since(form.filled, moment), visit=visit
        )
        token = (
            token_digest(taking.campaign.code, form.filled.token) if taking.needs_token else None
        )
        try:
            outcome = await self._counter.hand_in(
                Handed(taking.campaign.pk, form.filled.submission, content, token)
            )
        except Busy:
            taking.judge.withdraw(values, visit)
            return Reply(503, page.again(taking, language, form.filled, words.BUSY), COME_BACK)
        if outcome in (Outcome.SPENT, Outcome.CLOSED):
            taking.judge.withdraw(values, visit)
        if outcome is Outcome.SPENT:
            return Reply(409, page.again(taking, language, form.filled, words.CODE_SPENT))
        if outcome is Outcome.CLOSED:
            raise Refused(words.OVER)
        return Reply(200, page.notice(language, words.THANKS, done=taking.campaign.code))


def _place(path: str) -> tuple[str, str]:
    """The campaign's code and what of it is asked for: "", "field/" or "field/sw.js".

    >>> _place("/s/abcd/"), _place("/s/abcd/field/sw.js"), _place("/s/abcd/more/")
    (('abcd', ''), ('abcd', 'field/sw.js'), ('', ''))
    """
    found = re.fullmatch(r"/s/([^/]*)/(field/(?:sw\.js)?)?", path)
    return (found[1], found[2] or "") if found else ("", "")
