"""The way into the site: a thread is given to a request only while the site works on it.

What a request brings is received before, and what the site answers is sent afterwards, so slow
senders and slow readers hold up nobody. Senders have a time that the size allows, and much is
received from those only who are signed in.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

THREADS = 8
AT_ONCE = 200
"""How many bodies are received at once."""
SECONDS = 30
BYTES_A_SECOND = 8_000
"""A body may take so many seconds, and a second more for so many bytes."""
SMALL = 2_500_000
"""Bytes that anybody may send; more, only who is signed in."""
PIECE = 65_536
"""Bytes of a body, or of an answer, that are held in memory."""


class Gone(Exception):
    """Who asked is not there any more."""


class Front:
    """An ASGI application that has Django's WSGI one answer.

    ``signed_in`` tells of a Cookie header whether it belongs to somebody who signed in.
    """

    def __init__(self, site: Callable[..., Any], signed_in: Callable[[str], bool]) -> None:
        self.site, self.signed_in = site, signed_in
        self.threads = ThreadPoolExecutor(THREADS)
        self.receiving = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        headers = _headers(scope)
        with SpooledTemporaryFile(max_size=PIECE) as body:
            try:
                refused = await self._receive(headers, receive, body)
            except Gone:
                return
            if refused:
                await _refuse(send, refused)
                return
            environ = _environ(scope, headers, body)
            status, said, content = await self._in_thread(self._answer, environ)
        try:
            await send({"type": "http.response.start", "status": status, "headers": said})
            if isinstance(content, bytes):
                await send({"type": "http.response.body", "body": content})
                return
            while piece := await self._in_thread(content.read, PIECE):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            if not isinstance(content, bytes):
                await self._in_thread(content.close)

    async def _in_thread(self, work: Callable[..., Any], *given: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, work, *given)

    async def _receive(
        self, headers: Mapping[str, str], receive: Any, body: IO[bytes]
    ) -> int | None:
        """Receive what is sent; the status where that is refused. What is not received although it
        was announced is left to the site to refuse. Raises Gone."""
        length = int(headers.get("content-length", "0"))
        if not length or length > settings.REQUEST_MAX_BYTES:
            return None
        if length > SMALL and not await self._in_thread(self.signed_in, headers.get("cookie", "")):
            return None
        if self.receiving >= AT_ONCE:
            return 503
        self.receiving += 1
        try:
            async with asyncio.timeout(SECONDS + length / BYTES_A_SECOND):
                await _received(receive, body)
        except TimeoutError:
            return 408
        finally:
            self.receiving -= 1
        body.seek(0)
        return None

    def _answer(
        self, environ: dict[str, Any]
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes | IO[bytes]]:
        """The status, headers and content; a file that the site sends is not read here."""
        status, said = 500, list[tuple[bytes, bytes]]()

        def start(line: str, headers: list[tuple[str, str]], *_: object) -> None:
            nonlocal status
            status = int(line.split(" ", 1)[0])
            said.extend(
                (name.lower().encode(), text.strip().encode("latin1")) for name, text in headers
            )

        answer = self.site(environ, start)
        if isinstance(answer, _File):
            if environ["REQUEST_METHOD"] != "HEAD":
                return status, said, answer.file
            answer.file.close()
            return status, said, b""
        content: bytes | IO[bytes]
        try:
            if answer.streaming:
                content = SpooledTemporaryFile(max_size=PIECE)  # noqa: SIM115 (closed when sent)
                content.writelines(answer)
                content.seek(0)
            else:
                content = b"".join(answer)
        finally:
            answer.close()
        return status, said, b"" if environ["REQUEST_METHOD"] == "HEAD" else content


class _File:
    """What the site hands over where it answers with a file (``wsgi.file_wrapper``)."""

    def __init__(self, file: IO[bytes], _size: int) -> None:
        self.file = file


def _headers(scope: Any) -> dict[str, str]:
    """The headers by name, those sent several times in one; names with an underscore, which would
    pass for others, are left out."""
    found: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name, text = raw.decode("latin1").lower(), value.decode("latin1")
        if "_" not in name:
            joint = "; " if name == "cookie" else ","
            found[name] = f"{found[name]}{joint}{text}" if name in found else text
    return found


def _environ(scope: Any, headers: Mapping[str, str], body: IO[bytes]) -> dict[str, Any]:
    """The request as WSGI (PEP 3333) has it."""
    path = unquote_to_bytes(scope["raw_path"]) if scope.get("raw_path") else scope["path"].encode()
    host, port = scope.get("server") or ("localhost", 80)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or [""])[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.file_wrapper": _File,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, text in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{key}"] = text
    return environ


async def _received(receive: Any, body: IO[bytes]) -> None:
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        body.write(message.get("body", b""))
        if not message.get("more_body"):
            return


async def _refuse(send: Any, status: int) -> None:
    said = {408: b"The request took too long.", 503: b"Please try again in a minute."}[status]
    headers = [
        (b"content-type", b"text/plain"), (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"), (b"retry-after", b"60"),
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": said})


def signed_in(cookies: str) -> bool:
    """Whether the session that a Cookie header names is somebody's who signed in."""
    try:
        sent: Any = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return False
    try:
        return sent is not None and SESSION_KEY in SessionStore(sent.value)
    finally:
        connections.close_all()
