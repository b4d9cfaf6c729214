"""Loaded before everything (``-p tests.plugin``): a database of its own for the test run.

The first process starts it; the workers that pytest-xdist spawns inherit its address and make a
test database each. Without DATABASE_URL, a fresh embedded PostgreSQL is started in a temporary
folder and removed at the end. The tests run in demo mode, so that the demo's routes exist and are
walked too.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from pathlib import Path

import hypothesis

SOAK = os.environ.get("SHIFAN_SOAK") == "1"
hypothesis.settings.register_profile("short", max_examples=50)
if not SOAK:  # what says how many examples it needs keeps them
    hypothesis.settings.load_profile("short")

_folder = Path(tempfile.mkdtemp(prefix="shifan-test-"))
os.environ["SHIFAN_STATE"] = str(_folder)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
_server = None
if "DATABASE_URL" not in os.environ:
    os.environ["SHIFAN_DEMO"] = "1"
    from shifan.site import embedded

    _server = embedded.start()
    for setting in ("fsync", "full_page_writes"):  # no test cuts the power
        _server.psql(f"ALTER SYSTEM SET {setting} = off;")
    _server.psql("SELECT pg_reload_conf();")


def pytest_collection_finish() -> None:
    """What is imported by now stays: the collector of garbage need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_unconfigure() -> None:
    if _server is not None:
        _server.cleanup()
    shutil.rmtree(_folder, ignore_errors=True)
