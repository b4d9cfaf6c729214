"""A visitor's new account, the particulars of a claim, conflicts of interest."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shifan.people.models import Sort


class AccountForm(forms.Form):
    """User name, the name colleagues see, password."""

    username = forms.CharField(
        label=_("User name"), max_length=60, widget=forms.TextInput({"autocomplete": "username"})
    )
    name = forms.CharField(
        label=_("Name colleagues see"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean_password(self) -> str:
        sent: str = self.cleaned_data["password"]
        try:
            validate_password(sent)
        except ValidationError as error:
            raise forms.ValidationError(error.messages) from error
        return sent


class ClaimForm(forms.Form):
    """Of what type the unit is, what it is called, and which document says who acts for it."""

    unit_type = forms.ChoiceField(label=_("Type of unit"))
    name = forms.CharField(
        label=_("Name of the organisation"),
        max_length=120,
        required=False,
        help_text=_("Leave it empty for an area: it is called what the registry calls it."),
    )
    grounds = forms.CharField(
        label=_("Document that names you to act for it"),
        max_length=500,
        help_text=_("Who issued it, its number and date. The office above checks it."),
    )

    def __init__(self, kinds: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_type"] = forms.ChoiceField(label=_("Type of unit"), choices=kinds)


class WorkplaceForm(forms.Form):
    """For whom somebody works, and where that is."""

    employer = forms.CharField(label=_("Employer"), max_length=120, required=False)
    place = forms.CharField(
        label=_("Code of the place"),
        max_length=20,
        required=False,
        help_text=_("As in the list of places, e.g. 530402."),
    )


class DeclarationForm(forms.Form):
    """With which unit there is a conflict, of which sort, and until when it lasted."""

    unit = forms.CharField(label=_("Unit"), max_length=120)
    sort = forms.ChoiceField(label=_("Of which sort"), choices=Sort.choices)
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("Empty while it lasts."),
    )
