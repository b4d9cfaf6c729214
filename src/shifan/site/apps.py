"""Django's entry for the app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "shifan.site"
    label = "site"
