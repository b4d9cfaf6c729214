"""Open what strangers sent in a process apart, with little time and memory.

A file made to crash, hang or swell a library then ends that process and nothing else.
``python -m shifan.vault.apart TASK ARGUMENTS…`` reads the file from standard input and writes what
it found to standard output; :func:`run` is how the rest of the vault calls it.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from typing import IO

SECONDS = 30
"""Time a file may take; of the processor, as much."""
MEMORY = 4_000_000_000
"""Address space, in bytes; what the libraries map but never touch counts as well."""


def run(task: str, file: IO[bytes], *arguments: str) -> bytes | None:
    """What the task says of the file; None when it failed, whatever the reason."""
    with tempfile.TemporaryFile() as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        try:
            ended = subprocess.run(  # noqa: S603 - our own interpreter and words
                [sys.executable, "-m", "shifan.vault.apart", task, *arguments],
                stdin=copy, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return None
    return ended.stdout if ended.returncode == 0 else None


def _pages(file: IO[bytes], media_type: str) -> bytes:
    from shifan.vault.pictures import pages

    return json.dumps(pages(file, media_type)).encode()


def _preview(file: IO[bytes], media_type: str, page: str, width: str) -> bytes:
    from shifan.vault.pictures import preview

    return preview(file, media_type, int(page), int(width))


def _shot(file: IO[bytes]) -> bytes:
    from shifan.vault.pictures import shot

    return json.dumps(asdict(shot(file))).encode()


def _fingerprint(file: IO[bytes], media_type: str) -> bytes:
    from shifan.vault import likeness

    found = likeness.fingerprint(file, media_type)
    return likeness.to_bytes(found) if found else b""


TASKS: dict[str, Callable[..., bytes]] = {
    "pages": _pages, "preview": _preview, "shot": _shot, "fingerprint": _fingerprint,
}  # fmt: skip
"""What can be found out about a file, by name."""


def main() -> None:
    """Do one task on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    task, *arguments = sys.argv[1:]
    sys.stdout.buffer.write(TASKS[task](sys.stdin.buffer, *arguments))


if __name__ == "__main__":
    main()
