"""Django's entry for the app."""

from django.apps import AppConfig


class TitlesConfig(AppConfig):
    name = "shifan.titles"
    label = "titles"
