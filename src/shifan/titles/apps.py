"""Django's entry for the app."""

from django.apps import AppConfig


class TitlesConfig(AppConfig):
    name = "shifan.titles"
    label = "titles"

    def ready(self) -> None:
        """Effects on titles are carried out here; a stay ends with its proceeding."""
        from shifan.proceedings.rooms import EFFECTS, ENDINGS
        from shifan.titles.effects import HANDLERS, resume

        EFFECTS.update(HANDLERS)
        ENDINGS.append(resume)
