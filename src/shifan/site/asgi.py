"""The ASGI application: the light path by which survey answers come in."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shifan.site.settings")
django.setup()

from shifan.demo.clock import now  # noqa: E402 - the settings have to be there first
from shifan.surveys.intake.app import Intake  # noqa: E402

application = Intake(now)
