"""The counter where answers are handed in: it stores all that wait in one commit, then the next.

While one transaction is being written the next answers gather, so a busy hour makes larger commits
and not longer waits. Whoever finds the counter full is told at once when to come back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import connection

from shifan.surveys.intake.store import Handed, Outcome, store

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

MOST_WAITING = 2000
MOST_TOGETHER = 400


class Busy(Exception):
    """The answer was not stored: too many wait, or the database does not answer. Try again."""


class Counter:
    """One writer for all answers of this process, and one reader beside it, so that nobody who only
    asks keeps an answer waiting."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._waiting: list[tuple[Handed, asyncio.Future[Outcome]]] = []
        self._arrived = asyncio.Event()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="survey-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="survey-reader")

    async def look(self, work: Callable[[], Result]) -> Result:
        """Do ``work`` on the reader's thread, with its connection to the database. Raises Busy."""
        return await _on(self._reader, work)

    async def rest(self) -> None:
        """Let go of the database."""
        for thread in (self._reader, self._writer):
            await _on(thread, lambda: connection.close())

    async def hand_in(self, handed: Handed) -> Outcome:
        """What became of the answer, once it is on disk. Raises Busy."""
        if len(self._waiting) >= MOST_WAITING:
            raise Busy
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((handed, future))
        self._arrived.set()
        return await future

    async def serve(self) -> None:
        """Store what waits, for ever."""
        self._arrived = asyncio.Event()
        if self._waiting:
            self._arrived.set()
        while True:
            await self._arrived.wait()
            together, self._waiting = (
                self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:],
            )  # fmt: skip
            if not self._waiting:
                self._arrived.clear()
            handed = [each for each, _ in together]
            try:
                outcomes = await _on(self._writer, partial(self._store, handed))
            except Busy as busy:
                for _, future in together:
                    if not future.done():
                        future.set_exception(busy)
                continue
            for (_, future), outcome in zip(together, outcomes, strict=True):
                if not future.done():
                    future.set_result(outcome)

    def _store(self, handed: list[Handed]) -> list[Outcome]:
        return store(handed, self._clock())


async def _on(thread: ThreadPoolExecutor, work: Callable[[], Result]) -> Result:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(thread, partial(_safely, work))


def _safely(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except Exception as error:  # whatever it is, those who wait are told, and the next served
        logger.error("the light path could not reach its database: %s", type(error).__name__)
        connection.close()
        raise Busy from error
