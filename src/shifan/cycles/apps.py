"""Django's entry for the app."""

from django.apps import AppConfig


class CyclesConfig(AppConfig):
    name = "shifan.cycles"
    label = "cycles"
