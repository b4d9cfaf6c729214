"""Django's entry for the app."""

from django.apps import AppConfig


class WorkbookConfig(AppConfig):
    name = "shifan.workbook"
    label = "workbook"
