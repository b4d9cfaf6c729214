"""Django's entry for the app."""

from django.apps import AppConfig


class MailboxConfig(AppConfig):
    name = "shifan.mailbox"
    label = "mailbox"
