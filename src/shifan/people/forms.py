"""A visitor's new account, and the particulars of a claim."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


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
