"""The ASGI application: the light path by which survey answers come in."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shifan.site.settings")
django.setup()

from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402

from shifan.demo.clock import now  # noqa: E402 - the settings have to be there first
from shifan.site.processes import end_with_parent  # noqa: E402
from shifan.surveys.intake.app import Intake  # noqa: E402


def _wait_not_for_ever(connection: BaseDatabaseWrapper, **_: object) -> None:
    """An answer that waits for a lock is better told to come again."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '10s'")


connection_created.connect(_wait_not_for_ever)
end_with_parent()
application = Intake(now)
