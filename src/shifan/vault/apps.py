"""Django's entry for the app."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "shifan.vault"
    label = "vault"
