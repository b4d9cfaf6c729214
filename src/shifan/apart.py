"""Open what strangers sent in a process apart, with little time and memory, few at once.

A file made to crash, hang or swell a library then ends that process and nothing else.
``python -m shifan.apart MODULE:FUNCTION ARGUMENTS…`` gives the function the file on standard input
and writes what it returns to standard output; :func:`run` is how the rooms call it.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from threading import BoundedSemaphore
from typing import IO

from shifan.errors import BadInput, DomainError
from shifan.rulebook.base import Text

SECONDS = 30
"""Time a file may take; of the processor, as much."""
MEMORY = 4_000_000_000
"""Address space, in bytes; what the libraries map but never touch counts as well."""
UPLOAD = 1_000_000_000
"""The same for what the site reads itself afterwards: three times what 100,000 rows take."""
TABLE = "shifan.scoring.table.trial:read_through"
FORM = "shifan.surveys.instrument.trial:read_form"
SUBMISSION = "shifan.surveys.instrument.trial:read_submission"
ARCHIVE = "shifan.rulebook.trial:read_archive"
"""Functions that read an upload as the site will."""
AT_ONCE = BoundedSemaphore(2)
"""How many files are open at once in each process of the site."""
WAIT = 10
"""Seconds after which somebody who waits for one of them is told to come again."""


class Busy(DomainError):
    """Too many files are being opened just now."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            Text(
                zh="正在读取的文件过多，请一分钟后再试。",
                en="Too many files are being read just now: please try again in a minute.",
            )
        )


def run(task: str, file: IO[bytes], *arguments: str, memory: int = MEMORY) -> bytes | None:
    """What the function (``module:function``) says of the file; None when it failed, whatever the
    reason. Raises Busy."""
    if not AT_ONCE.acquire(timeout=WAIT):
        raise Busy
    try:
        return _run(task, file, arguments, memory)
    finally:
        AT_ONCE.release()


def _run(task: str, file: IO[bytes], arguments: Sequence[str], memory: int) -> bytes | None:
    with tempfile.TemporaryFile() as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        file.seek(0)
        copy.seek(0)
        limits = (str(memory), str(SECONDS))
        try:
            ended = subprocess.run(  # noqa: S603 - our own interpreter and words
                [sys.executable, "-m", "shifan.apart", *limits, task, *arguments],
                stdin=copy, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return None
    return ended.stdout if ended.returncode == 0 else None


def require(task: str, file: IO[bytes]) -> None:
    """Have an upload read apart before the site reads it itself.

    The function reads it as the site will, and leaves it to the site to say what is wrong with it.
    Raises BadInput where it ends that process, and Busy.
    """
    if run(task, file, memory=UPLOAD) is None:
        raise BadInput(
            Text(
                zh="文件无法在限定的时间和内存内读取。",
                en="The file cannot be read within the time and memory that a file may take.",
            )
        )


def main() -> None:
    """Do one task on standard input."""
    memory, seconds, task, *arguments = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    module, _, function = task.partition(":")
    sys.stdout.buffer.write(getattr(import_module(module), function)(sys.stdin.buffer, *arguments))


if __name__ == "__main__":
    main()
