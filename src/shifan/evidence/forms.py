"""The time for which a document holds."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PeriodForm(forms.Form):
    """First and last day, both included; either may be open."""

    effective_from = forms.DateField(
        label=_("Holds from"), required=False, widget=forms.DateInput({"type": "date"})
    )
    effective_until = forms.DateField(
        label=_("Holds until"), required=False, widget=forms.DateInput({"type": "date"})
    )
