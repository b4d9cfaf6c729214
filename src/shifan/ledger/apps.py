"""Django's entry for the app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "shifan.ledger"
    label = "ledger"
