"""Requests and replies of the light path, as far as ASGI leaves them to an application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings

from shifan.surveys.intake import words
from shifan.surveys.intake.words import Saying

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Fields = list[tuple[str, str]]

MOST_BYTES = 64_000


@dataclass(frozen=True)
class Reply:
    """An answer to a request; ``retry_after`` in seconds."""

    status: int
    body: str
    retry_after: int = 0
    kind: str = "text/html"
    policy: str = ""
    """Its content security policy, where that is not the public page's."""


class Refused(Exception):
    """A request that is answered with a page which only says something."""

    def __init__(self, saying: Saying, retry_after: int = 0) -> None:
        super().__init__(saying.title)
        self.saying, self.retry_after = saying, retry_after


async def body_of(receive: Receive, most: int = MOST_BYTES) -> bytes:
    """The request's body. Raises Refused as soon as it is too long."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(words.LOST)
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise Refused(words.TOO_LONG)
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def fields_of(scope: Scope, body: bytes) -> Fields:
    """What a form's page handed in, in order. Raises Refused."""
    kind = header(scope, b"content-type").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Refused(words.KIND)
    try:
        text = body.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, max_num_fields=500, errors="strict")
    except ValueError as error:
        raise Refused(words.UNREADABLE) from error


def header(scope: Scope, name: bytes) -> str:
    found = next((value for key, value in scope["headers"] if key == name), b"")
    return str(found.decode("latin-1"))


def address(scope: Scope) -> str:
    """Where a request comes from, as far as the trusted proxy says."""
    if settings.SURVEY_BEHIND_PROXY:
        lines = [value for key, value in scope["headers"] if key == b"x-forwarded-for"]
        return b",".join(lines).rpartition(b",")[2].strip().decode("latin-1")
    client = scope.get("client")
    return str(client[0]) if client else ""


async def respond(send: Send, scope: Scope, reply: Reply, policy: str) -> None:
    """Send the reply; nothing of it may be kept by anybody on the way."""
    body = reply.body.encode()
    headers = [
        (b"content-type", f"{reply.kind}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", (reply.policy or policy).encode()),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if reply.retry_after:
        headers.append((b"retry-after", str(reply.retry_after).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
