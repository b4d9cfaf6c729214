"""What an office enters about its programme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

DAY = {"type": "date"}


class CycleForm(forms.Form):
    """Which round is opened."""

    year = forms.IntegerField(label=_("Year"), min_value=1900, max_value=2200)
    batch = forms.IntegerField(label=_("Number of the batch"), min_value=1, max_value=10_000)
    practice = forms.BooleanField(
        label=_("A practice round"),
        required=False,
        help_text=_("What it grants is marked as practice and counts for nothing."),
    )


class ExtensionForm(forms.Form):
    """Which deadline of a round is extended, until when, and by what."""

    deadline = forms.ChoiceField(label=_("Deadline"))
    until = forms.DateField(label=_("New last day"), widget=forms.DateInput(DAY))
    document = forms.CharField(
        label=_("Document"), max_length=120, help_text=_("Its number, as everybody will read it.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea({"rows": 2}))

    def __init__(self, deadlines: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deadline"] = forms.ChoiceField(label=_("Deadline"), choices=deadlines)


class _UnitForm(forms.Form):
    """Which unit is meant."""

    name = forms.CharField(label=_("Name of the unit"), max_length=120)
    unit_type = forms.ChoiceField(label=_("Type"))
    place = forms.CharField(
        label=_("Code of the place"),
        max_length=40,
        required=False,
        help_text=_("Of the area itself, or of the place it lies in; empty for what lies nowhere."),
    )

    def __init__(self, kinds: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_type"] = forms.ChoiceField(label=_("Type"), choices=kinds)

    def as_row(self, columns: Sequence[str]) -> list[str]:
        """What was sent, as the row of a table with these columns; days as 2024-05-01."""
        sent = {"from": self.cleaned_data.get("since"), **self.cleaned_data}
        return [str(sent.get(name) or "") for name in columns]


class UnitForm(_UnitForm):
    """A unit of the programme."""

    also = forms.CharField(
        label=_("Codes of further places"),
        max_length=1000,
        required=False,
        help_text=_("It reaches into; parted by semicolons."),
    )
    sites = forms.CharField(
        label=_("Sites"),
        max_length=4000,
        required=False,
        help_text=_("Names of its parts, parted by semicolons."),
    )


class TitleForm(_UnitForm):
    """A title from before the system, or of another tier."""

    tier = forms.ChoiceField(label=_("Awarded by"))
    since = forms.DateField(label=_("Awarded on"), widget=forms.DateInput(DAY))
    until = forms.DateField(label=_("Last day"), widget=forms.DateInput(DAY), required=False)
    source = forms.CharField(
        label=_("Document"), max_length=300, help_text=_("Who issued it, its number and date.")
    )

    def __init__(
        self,
        kinds: list[tuple[str, str]],
        tiers: list[tuple[str, str]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(kinds, *args, **kwargs)
        self.fields["tier"] = forms.ChoiceField(label=_("Awarded by"), choices=tiers)
