"""Django's entry for the app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ProceedingsConfig(AppConfig):
    name = "shifan.proceedings"
    label = "proceedings"

    def ready(self) -> None:
        """After a migration, proceedings of before get their turns."""
        post_migrate.connect(_take_turns, sender=self)


def _take_turns(**_: Any) -> None:
    from shifan.proceedings.turns import take_up

    take_up()
