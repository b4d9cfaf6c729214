"""Django's entry for the app."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "shifan.decisions"
    label = "decisions"
