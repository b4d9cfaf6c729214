"""What is sent is received before a thread is given to it: in time, and not from everybody."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from shifan.site import front
from shifan.site.front import Front, signed_in


class Answer(list[bytes]):
    closed = 0
    streaming = False

    def close(self) -> None:
        Answer.closed += 1


def echo(environ: dict[str, Any], start_response: Any) -> Answer:
    """A site that answers with what it was sent."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return Answer([environ["REMOTE_ADDR"].encode(), b" ", environ["wsgi.input"].read()])


def asked(
    site: Front,
    pieces: list[bytes],
    *,
    length: int | None = None,
    cookie: str = "",
    pause: float = 0,
    method: str = "POST",
    header: tuple[bytes, bytes] = (b"accept", b"*/*"),
) -> tuple[int, bytes]:
    """Send a body in pieces, with a pause before each; the status and what came back. Status 0 is
    no answer."""
    size = sum(map(len, pieces)) if length is None else length
    headers = [(b"content-length", str(size).encode()), (b"cookie", cookie.encode()), header]
    scope = {
        "type": "http", "method": method, "path": "/", "query_string": b"", "http_version": "1.1",
        "headers": headers, "client": ("192.0.2.7", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    left, said = list(pieces), []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause)
        if not left:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left) or size > sent}

    async def send(message: Any) -> None:
        said.append(message)

    sent = sum(map(len, pieces))
    asyncio.run(site(scope, receive, send))
    if not said:
        return 0, b""
    return said[0]["status"], b"".join(message.get("body", b"") for message in said[1:])


@pytest.fixture
def site() -> Front:
    return Front(echo, lambda cookies: cookies == "sessionid=mine")


def test_what_is_sent_in_pieces_comes_whole(site):
    assert asked(site, [b"one ", b"two ", b"x" * 100_000]) == (
        200, b"192.0.2.7 one two " + b"x" * 100_000,
    )  # fmt: skip


def test_sender_who_takes_too_long_is_told_and_no_thread_waits(site, monkeypatch):
    monkeypatch.setattr(front, "SECONDS", 0.05)

    status, said = asked(site, [b"one"] * 9, pause=0.02)

    assert (status, said) == (408, b"The request took too long.")
    assert site.receiving == 0


def test_sender_who_goes_away_is_forgotten(site):
    assert asked(site, [b"one"], length=9) == (0, b"")
    assert site.receiving == 0


def test_too_many_at_once_are_told_to_come_again(site, monkeypatch):
    monkeypatch.setattr(front, "AT_ONCE", 0)

    assert asked(site, [b"one"])[0] == 503
    assert asked(site, [])[0] == 200


def test_much_is_received_from_those_only_who_are_signed_in(site, monkeypatch):
    monkeypatch.setattr(front, "SMALL", 3)

    assert asked(site, [b"one"]) == (200, b"192.0.2.7 one")
    assert asked(site, [b"four"]) == (200, b"192.0.2.7 ")
    assert asked(site, [b"four"], cookie="sessionid=mine") == (200, b"192.0.2.7 four")


def test_more_than_the_site_takes_is_received_from_nobody(site, settings):
    settings.REQUEST_MAX_BYTES = 3

    assert asked(site, [b"four"], cookie="sessionid=mine") == (200, b"192.0.2.7 ")


def test_answer_is_closed_and_a_file_is_sent_in_pieces(monkeypatch):
    file = io.BytesIO(b"x" * 200_000)

    def gives_a_file(environ: dict[str, Any], start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return environ["wsgi.file_wrapper"](file, 4096)

    before = Answer.closed
    assert asked(Front(echo, bool), [])[0] == 200
    monkeypatch.setattr(Answer, "streaming", True)
    assert asked(Front(echo, bool), [b"x" * 200_000]) == (200, b"192.0.2.7 " + b"x" * 200_000)
    assert Answer.closed == before + 2
    assert asked(Front(gives_a_file, bool), [], method="HEAD") == (200, b"")
    assert file.closed
    file = io.BytesIO(b"x" * 200_000)
    assert asked(Front(gives_a_file, bool), []) == (200, b"x" * 200_000)
    assert file.closed


def test_header_that_would_pass_for_another_is_left_out():
    def tells(environ: dict[str, Any], start_response: Any) -> Answer:
        start_response("200 OK", [])
        return Answer([environ.get("HTTP_X_FORWARDED_PROTO", "none").encode()])

    site = Front(tells, bool)

    assert asked(site, [], header=(b"X_Forwarded_Proto", b"https")) == (200, b"none")
    assert asked(site, [], header=(b"X-Forwarded-Proto", b"https")) == (200, b"https")


@pytest.mark.django_db(transaction=True)
def test_cookies_tell_who_is_signed_in(world):
    client = Client()
    client.force_login(world.users["clerk"], backend=settings.AUTHENTICATION_BACKENDS[0])
    mine = client.cookies[settings.SESSION_COOKIE_NAME].value

    assert signed_in(f"other=1; {settings.SESSION_COOKIE_NAME}={mine}")
    for cookies in ("", "a", f"{settings.SESSION_COOKIE_NAME}=x", "\x00=;", "sessionid=", mine):
        assert not signed_in(cookies)
