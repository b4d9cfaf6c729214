"""Django's entry for the app."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "shifan.applications"
    label = "applications"
