"""Django's entry for the app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "shifan.demo"
    label = "demo"
