"""How somebody wants messages."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shifan.mailbox.models import Mail


class WishesForm(forms.Form):
    """Address, language, way and quiet hours."""

    email = forms.EmailField(
        label=_("E-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)
    mail = forms.ChoiceField(label=_("By e-mail"), choices=Mail.choices)
    quiet_from = forms.TimeField(
        label=_("No e-mail from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
