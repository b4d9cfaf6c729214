"""The processes a running site consists of. What ends is started anew, until told to stop."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time


class Part:
    """A process of our own interpreter, in a session of its own: a Ctrl-C does not reach it."""

    PAUSE = 1.0
    """Seconds at least between two starts, as what cannot run must not keep the machine busy."""

    def __init__(self, *words: str, quiet: bool = False) -> None:
        self.words = words
        self.quiet = quiet
        self._start()

    def _start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and words
            [sys.executable, "-m", *self.words],
            start_new_session=True, preexec_fn=end_with_parent,
            stdout=subprocess.DEVNULL if self.quiet else None,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "shifan.site.settings"},
        )  # fmt: skip

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def keep(self) -> None:
        """Start it anew if it ended."""
        if self.ended and time.monotonic() - self.started > self.PAUSE:
            self._start()

    def end(self) -> None:
        """Tell it to stop, and wait until it did."""
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def end_with_parent() -> None:
    """Have the kernel end this process when the one that started it is gone, however it went."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
