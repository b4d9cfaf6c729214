"""Django's entry for the app."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "shifan.register"
    label = "register"
