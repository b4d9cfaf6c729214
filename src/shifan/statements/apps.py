"""Django's entry for the app."""

from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "shifan.statements"
    label = "statements"

    def ready(self) -> None:
        """Proceedings are read here, and returned clauses looked at anew when a file is back."""
        from shifan.proceedings.rooms import ARRIVALS, READERS
        from shifan.statements.actions.reviews import end_returns
        from shifan.statements.assessment import assess_all

        READERS[:] = [assess_all]
        ARRIVALS.append(end_returns)
