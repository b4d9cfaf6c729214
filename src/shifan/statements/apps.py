"""Django's entry for the app."""

from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "shifan.statements"
    label = "statements"
