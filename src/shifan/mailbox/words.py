"""Messages in words, in the language in force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shifan.mailbox.models import Letter, Message
from shifan.rulebook.base import Text

Params = dict[str, Any]


def _waits(p: Params) -> str:
    return _("The application of %(unit)s waits for you: %(stage)s.") % p


def _moved(p: Params) -> str:
    return _("The application of %(unit)s is now at: %(stage)s.") % p


def _returned(p: Params) -> str:
    return _("The application of %(unit)s came back to you from: %(office)s.") % p


def _task_given(p: Params) -> str:
    said = ngettext(
        "%(n)s clause of the application of %(unit)s was given to %(department)s: %(clauses)s.",
        "%(n)s clauses of the application of %(unit)s were given to %(department)s: %(clauses)s.",
        p["n"],
    )
    due = _("Due on %(due)s.") % p if p["due"] else ""
    return " ".join(filter(None, (said % p, due)))


def _task_due(p: Params) -> str:
    return _("Due on %(due)s and not stated yet, %(department)s: %(clauses)s (%(unit)s).") % p


def _file_refused(p: Params) -> str:
    return _("The virus scanner refused “%(file)s” at %(clause)s (%(unit)s).") % p


def _joined(p: Params) -> str:
    return _("%(who)s now works for %(where)s.") % p


def _handed_over(p: Params) -> str:
    return _("%(who)s handed the lead of %(where)s over to you.") % p


def _claim_waits(p: Params) -> str:
    return _("Somebody says to act for %(where)s; please verify it.") % p


def _claim_granted(p: Params) -> str:
    return _("Your claim of %(where)s is verified; you lead it now.") % p


def _claim_refused(p: Params) -> str:
    return _("Your claim of %(where)s was not verified.") % p


def _asked_to_join(p: Params) -> str:
    return _("%(unit)s asks %(partner)s to apply jointly.") % p


def _agreed_to_join(p: Params) -> str:
    return _("%(partner)s agreed to apply jointly with %(unit)s.") % p


def _refused_to_join(p: Params) -> str:
    return _("%(partner)s does not apply jointly with %(unit)s.") % p


KINDS: dict[str, Callable[[Params], str]] = {
    "waits": _waits,
    "moved": _moved,
    "returned": _returned,
    "task_given": _task_given,
    "task_due": _task_due,
    "asked_to_join": _asked_to_join,
    "agreed_to_join": _agreed_to_join,
    "refused_to_join": _refused_to_join,
    "file_refused": _file_refused,
    "joined": _joined,
    "handed_over": _handed_over,
    "claim_waits": _claim_waits,
    "claim_granted": _claim_granted,
    "claim_refused": _claim_refused,
}
"""Every kind of message, and how it is said. Figures, findings and reasons are not in it: they are
on the page it leads to, for those who may read them."""


@dataclass(frozen=True)
class Said:
    """A message with its sentence."""

    message: Message
    sentence: str


def said(message: Message) -> Said:
    """The message in the language in force."""
    language = translation.get_language() or "zh-hans"
    params = {
        key: Text(**value).in_(language) if isinstance(value, dict) else value
        for key, value in message.params.items()
    }
    return Said(message, KINDS[message.kind](params))


def letter_text(letter: Letter) -> tuple[str, str]:
    """Subject and text of a letter, in its receiver's language."""
    with translation.override(letter.language):
        found = [said(each) for each in letter.messages.order_by("made_at", "id")]
        subject = found[0].sentence
        if len(found) > 1:
            subject = ngettext("%(n)s message", "%(n)s messages", len(found)) % {"n": len(found)}
        lines = [
            f"{each.sentence}\n{settings.SITE_ADDRESS}{each.message.address}" for each in found
        ]
        closing = _("How you get messages: %(address)s") % {
            "address": f"{settings.SITE_ADDRESS}/messages/wishes/"
        }
        return f"[示范 Shifan] {subject}", "\n\n".join([*lines, "--\n" + closing]) + "\n"
