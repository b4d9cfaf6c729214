"""Django's entry for the app."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "shifan.surveys"
    label = "surveys"
