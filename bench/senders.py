"""Many people answering at once: open connections that each hand in one answer after another.

One process, plain sockets, no HTTP library: what the load costs counts against what is measured, as
both run on the same machine.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

Make = Callable[[], tuple[str, bytes]]
"""Makes the next answer: its id, and the request as it goes over the line."""


@dataclass
class Sent:
    """What came of it. ``seconds`` are the waits of successes, ``done`` the ids acknowledged."""

    took: float = 0.0
    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    done: list[str] = field(default_factory=list)
    lost: int = 0
    """Connections that broke before the reply was there."""

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.took

    def wait(self, share: float) -> float:
        """The wait that ``share`` of the successes did not exceed, in seconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


@dataclass
class _Person:
    """One connection: what it waits for, since when, and what of the reply is there."""

    line: socket.socket | None = None
    name: str = ""
    since: float = 0.0
    got: bytes = b""
    due: float = 0.0


def send(port: int, make: Make, connections: int, seconds: float, pace: float = 0) -> Sent:
    """Send for so many seconds; with a ``pace``, so many a second and not more.

    A connection that breaks is counted, and opened anew as soon as the server is there again.
    """
    sent, selector = Sent(), selectors.DefaultSelector()
    begun = time.perf_counter()
    end, gap = begun + seconds, connections / pace if pace else 0.0
    idle = [_Person(due=begun + gap * place / connections) for place in range(connections)]
    waiting = 0
    while (now := time.perf_counter()) < end or waiting:
        if now < end:
            early = [person for person in idle if person.due > now]
            for person in [person for person in idle if person.due <= now]:
                if _begin(person, make, port, selector):
                    waiting += 1
                else:
                    person.due = now + 0.05
                    early.append(person)
            idle = early
        for key, _events in selector.select(0.002 if idle else 0.5):
            person = key.data
            if not _arrived(person, sent, selector):
                continue
            waiting -= 1
            person.due = max(person.due + gap, now) if gap else 0.0
            idle.append(person)
    sent.took = time.perf_counter() - begun
    for key in list(selector.get_map().values()):
        key.data.line.close()
    return sent


def _begin(person: _Person, make: Make, port: int, selector: selectors.BaseSelector) -> bool:
    """Send the person's next answer; whether it went out."""
    try:
        if person.line is None:
            person.line = socket.create_connection(("127.0.0.1", port))
            selector.register(person.line, selectors.EVENT_READ, person)
        person.name, request = make()
        person.since, person.got = time.perf_counter(), b""
        person.line.sendall(request)
    except OSError:
        _hang_up(person, selector)
        return False
    return True


def _hang_up(person: _Person, selector: selectors.BaseSelector) -> None:
    if person.line is not None:
        selector.unregister(person.line)
        person.line.close()
        person.line = None


def _arrived(person: _Person, sent: Sent, selector: selectors.BaseSelector) -> bool:
    """Whether the reply is there now, or will never be."""
    assert person.line is not None
    try:
        part = person.line.recv(65536)
    except OSError:
        part = b""
    if not part:
        sent.lost += 1
        _hang_up(person, selector)
        return True
    person.got += part
    head, blank, body = person.got.partition(b"\r\n\r\n")
    if not blank or len(body) < _length(head):
        return False
    _note(person, sent)
    return True


def _note(person: _Person, sent: Sent) -> None:
    status = int(person.got[9:12])
    sent.statuses[status] += 1
    if status == 200:
        sent.seconds.append(time.perf_counter() - person.since)
        sent.done.append(person.name)


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.index(b"content-length:") + 15
    end = lower.find(b"\r\n", at)
    return int(lower[at : end if end > 0 else None])


def post(path: str, body: bytes) -> bytes:
    """A form handed in, as it goes over the line."""
    return (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(body)}\r\n"
        "content-type: application/x-www-form-urlencoded\r\n\r\n"
    ).encode() + body
