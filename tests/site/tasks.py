"""Functions that a process apart is told to run, for the tests of it."""

from __future__ import annotations

import sys
from typing import IO


def takes_it_all(file: IO[bytes]) -> bytes:
    return bytes(10**12)


def takes_for_ever(file: IO[bytes]) -> bytes:
    while True:
        pass


def dies(file: IO[bytes]) -> bytes:
    sys.exit(7)


def answers(file: IO[bytes], word: str) -> bytes:
    return word.encode() + file.read()
