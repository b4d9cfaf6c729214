"""What the public page says when it does not show the form."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Saying:
    """A page that only says something: its HTTP status, title and text (to be translated)."""

    status: int
    title: str
    text: str


NOT_FOUND = Saying(
    404, _("No such survey"),
    _("The address may be mistyped. Please scan the code or type the address again."),
)  # fmt: skip
WAITING = Saying(403, _("The survey has not begun"), _("Please come back on its first day."))
OVER = Saying(
    410, _("The survey has ended"),
    _("Answers are no longer taken. Thank you for your interest."),
)  # fmt: skip
METHOD = Saying(405, _("Not possible"), _("Open the page of the survey to answer it."))
KIND = Saying(415, _("Not possible"), _("Open the page of the survey to answer it."))
UNREADABLE = Saying(
    400, _("Not possible"), _("What was sent cannot be read. Please open the page again.")
)
LOST = Saying(400, _("Not possible"), _("The connection was lost."))
TOO_LONG = Saying(413, _("Too much"), _("What was sent is longer than any answer to this form."))
UNAVAILABLE = Saying(
    503, _("One moment please"), _("The survey cannot be reached just now. Please try again soon.")
)
BY_ENUMERATORS = Saying(
    403, _("Asked on the spot"), _("Enumerators ask in person; this survey has no open page."),
)  # fmt: skip
KEY = Saying(401, _("No such key"), _("The key is not known or has been ended. Ask your office."))
BATCH = Saying(422, _("Not possible"), _("What the device sent cannot be read. It keeps it."))
STORM = Saying(503, _("One moment please"), _("Very busy just now. The device tries again."))
CROWD = Saying(
    429, _("Too many at once"),
    _("Many answers come from your network just now. Please wait a minute and hand in again."),
)  # fmt: skip
NOT_ASKED = Saying(
    422, _("Not the answers to this form"),
    _("Something was handed in that the form does not ask. Please open its page and answer there."),
)  # fmt: skip
THANKS = Saying(200, _("Thank you"), _("Your answers are kept. You can close this page."))

CHANGED = _(
    "The form has changed since you opened it. Please look through your answers and hand in again."
)
FOLLOWING = _("A few questions follow from your answers. Please look at them and hand in again.")
CODE_MISSING = _("Please type the code from your slip.")
CODE_SPENT = _("This code does not exist or has been used already. Please check it.")
WRONG = _("Please look again at these questions:")
BUSY = _(
    "Very many are answering just now, and your answers are not kept yet. They are still on this "
    "page: please hand in again in a few seconds."
)
