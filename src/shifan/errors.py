"""Errors of the domain: sentences for the person who can mend them."""

from __future__ import annotations

from shifan.rulebook.base import Text


class DomainError(Exception):
    """A request that cannot be met, and why; ``status`` is the HTTP status of its page."""

    status = 409

    def __init__(self, *texts: Text) -> None:
        super().__init__(" ".join(text.en or text.zh for text in texts))
        self.texts = texts

    def sentences(self) -> tuple[Text, ...]:
        """What to tell the person, one sentence each."""
        return self.texts


class NotAllowed(DomainError):
    """The actor may not do this."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            Text(
                zh="您没有办理此事项的权限。",
                en="Your account may not do this.",
            )
        )


class BadInput(DomainError):
    """What was sent cannot be used as it is."""

    status = 400


class Conflict(DomainError):
    """The state changed since the page was made."""

    status = 409
