"""Django's entry for the app."""

from django.apps import AppConfig


class ProceedingsConfig(AppConfig):
    name = "shifan.proceedings"
    label = "proceedings"
