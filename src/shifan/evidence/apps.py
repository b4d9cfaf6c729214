"""Django's entry for the app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "shifan.evidence"
    label = "evidence"
