"""What states and verdicts are called, with the colour of the site beside each state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Tag:
    """A state in a word, and which of the site's state colours stands beside it."""

    state: Literal["ok", "warn", "bad", "open", "neutral"]
    label: str | Promise


VERDICTS = {
    "reached": Tag("ok", _("Threshold reached")),
    "incomplete": Tag("open", _("Not settled yet")),
    "not_reached": Tag("bad", _("Threshold out of reach")),
    "below_minimum": Tag("bad", _("A category below its minimum")),
    "vetoed": Tag("bad", _("Ruled out by a veto")),
}
"""What each verdict of the score is called."""

STANDINGS = {
    "open": Tag("open", _("Open")),
    "full": Tag("ok", _("Full points")),
    "part": Tag("warn", _("Some points")),
    "none": Tag("bad", _("No points")),
    "excluded": Tag("neutral", _("Not counted")),
    "unclaimed": Tag("neutral", _("Not claimed")),
    "clear": Tag("ok", _("Clear")),
    "deducted": Tag("bad", _("Points off")),
    "barred": Tag("bad", _("Rules out")),
}
"""What each standing of a row is called."""
