"""Django's entry for the app."""

from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "shifan.offices"
    label = "offices"
