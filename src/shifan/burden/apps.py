"""Django's entry for the app."""

from django.apps import AppConfig


class BurdenConfig(AppConfig):
    name = "shifan.burden"
    label = "burden"
