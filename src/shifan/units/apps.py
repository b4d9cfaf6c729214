"""Django's entry for the app."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "shifan.units"
    label = "units"
