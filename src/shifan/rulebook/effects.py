"""What a move brings about beside the new stage, each effect with parameters of its own.

An effect is written as one key, ``{award: {grade: green, years: 4}}``; ``article`` is that of the
stage where none is given. What it does stands in the room of its subject (titles, decisions), never
here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from shifan.rulebook.base import Name, Part, Text
from shifan.rulebook.deadlines import MonthDay


class Award(Part):
    """A term of the title: ``grade``, and its end by ``years``, ``months`` or ``until`` (the next
    such day of the year); without any of these it has no end.

    It holds from the decision; with ``from: old_end`` the old rhythm goes on: it is counted from
    the old term's end, and holds from the day after that or from the decision, whichever is later;
    with ``from: MM-DD`` it holds from the next such day. ``holders`` says whether units that apply
    jointly get a title ``each`` or one ``together``.
    """

    article: int | None = None
    grade: Name | Literal[""] = ""
    years: int | None = Field(default=None, ge=1, le=50)
    months: int | None = Field(default=None, ge=1, le=600)
    until: MonthDay | None = None
    from_: Literal["decision", "old_end"] | MonthDay = Field(default="decision", alias="from")
    holders: Literal["each", "together"] = "each"
    conditions: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if sum(each is not None for each in (self.years, self.months, self.until)) > 1:
            raise ValueError("the term ends by years, by months or until a day: give one of them")
        if self.from_ == "old_end" and self.years is None and self.months is None:
            raise ValueError("the old rhythm (from: old_end) needs a term in years or months")
        return self


class Decline(Part):
    """Nothing is awarded; under ``conditions`` that would change it, or put off for so many
    ``deferred_months``, within which the file may come back."""

    article: int | None = None
    conditions: tuple[Text, ...] = ()
    deferred_months: int | None = Field(default=None, ge=1, le=600)


class Open(Part):
    """A proceeding of another ``procedure`` begins, about the same subject or one of it."""

    procedure: Name
    about: Literal["unit", "batch", "line", "title", "finding"]


class Suspend(Part):
    """The title rests until it is reinstated; a suspension is one, two are two."""

    article: int | None = None


class Reinstate(Part):
    """The suspension that the same proceeding, or the one it came from, brought about ends."""

    article: int | None = None


class Stay(Part):
    """What the proceeding this one came from brought about rests while this one runs."""

    article: int | None = None


class Annul(Part):
    """What the proceeding this one came from brought about is void."""

    article: int | None = None


class Revoke(Part):
    """The title is lost on the day of the decision."""

    article: int | None = None


class Lapse(Part):
    """The title ends without a decision against its holder."""

    article: int | None = None


class Bar(Part):
    """The unit, or the office that put it forward, may not apply for so many months."""

    article: int | None = None
    months: int = Field(ge=1, le=600)
    on: Literal["unit", "nominating_office"] = "unit"


class MoveOthers(Part):
    """The proceedings ``of`` the subject make the ``move`` too, all or none."""

    of: Literal["lines", "holders"]
    move: Name


class Keyed(Part):
    """An effect as it is written: one key, with its parameters."""

    @property
    def kind(self) -> str:
        return next(iter(type(self).model_fields))

    @property
    def said(self) -> Part:
        """The parameters."""
        found: Part = getattr(self, self.kind)
        return found


class ToAward(Keyed):
    """Appends a term to a title."""

    award: Award


class ToDecline(Keyed):
    """Awards nothing."""

    decline: Decline


class ToOpen(Keyed):
    """Opens a proceeding."""

    open: Open


class ToSuspend(Keyed):
    """Suspends the title."""

    suspend: Suspend


class ToReinstate(Keyed):
    """Ends a suspension."""

    reinstate: Reinstate


class ToStay(Keyed):
    """Stays what an earlier proceeding brought about."""

    stay: Stay


class ToAnnul(Keyed):
    """Annuls what an earlier proceeding brought about."""

    annul: Annul


class ToRevoke(Keyed):
    """Revokes the title."""

    revoke: Revoke


class ToLapse(Keyed):
    """Lets the title lapse."""

    lapse: Lapse


class ToBar(Keyed):
    """Bars from applying."""

    bar: Bar


class ToMove(Keyed):
    """Moves others."""

    move: MoveOthers


def _key(value: Any) -> str | None:
    if isinstance(value, Keyed):
        return value.kind
    return next(iter(value)) if isinstance(value, dict) and len(value) == 1 else None


EFFECTS = (
    "award", "decline", "open", "suspend", "reinstate", "stay", "annul", "revoke", "lapse", "bar",
    "move",
)  # fmt: skip

Effect = Annotated[
    Annotated[ToAward, Tag("award")]
    | Annotated[ToDecline, Tag("decline")]
    | Annotated[ToOpen, Tag("open")]
    | Annotated[ToSuspend, Tag("suspend")]
    | Annotated[ToReinstate, Tag("reinstate")]
    | Annotated[ToStay, Tag("stay")]
    | Annotated[ToAnnul, Tag("annul")]
    | Annotated[ToRevoke, Tag("revoke")]
    | Annotated[ToLapse, Tag("lapse")]
    | Annotated[ToBar, Tag("bar")]
    | Annotated[ToMove, Tag("move")],
    Discriminator(
        _key,
        custom_error_type="effect",
        custom_error_message=f"an effect is one key with its parameters: {', '.join(EFFECTS)}",
    ),
]
"""What a move brings about."""

BEARS: dict[str, frozenset[str]] = {
    "award": frozenset({"unit", "line", "title"}),
    "decline": frozenset({"unit", "line", "title"}),
    "open": frozenset({"unit", "batch", "line", "title", "finding"}),
    "suspend": frozenset({"title", "finding"}),
    "reinstate": frozenset({"title", "finding"}),
    "stay": frozenset({"title", "line", "unit", "finding"}),
    "annul": frozenset({"title", "line", "unit", "finding"}),
    "revoke": frozenset({"title", "finding"}),
    "lapse": frozenset({"title", "finding"}),
    "bar": frozenset({"unit", "line", "title", "finding"}),
    "move": frozenset({"batch", "title"}),
}
"""Which kinds of subject bear which effect."""
