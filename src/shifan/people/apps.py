"""Django's entry for the app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "shifan.people"
    label = "people"
