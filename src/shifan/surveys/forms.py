"""What offices fill in for a campaign."""

from __future__ import annotations

import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.base import File
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shifan import apart
from shifan.cycles.models import Cycle, SurveyForm
from shifan.errors import BadInput
from shifan.rulebook.base import Text
from shifan.rulebook.loader import locate
from shifan.rulebook.surveys import Survey
from shifan.surveys.instrument.model import Instrument
from shifan.surveys.instrument.read import Form, form
from shifan.surveys.instrument.sheets import MAX_BYTES, Refused
from shifan.surveys.models import Assurance


class PlanForm(forms.Form):
    """A new campaign. ``form`` is an XLSForm of one's own; without one the rule book's is asked."""

    unit = forms.CharField(label=_("Unit"), max_length=120)
    survey = forms.ChoiceField(label=_("Survey"))
    assurance = forms.ChoiceField(label=_("Who can answer"), choices=Assurance.choices)
    opens_on = forms.DateField(label=_("First day"), widget=forms.DateInput({"type": "date"}))
    closes_on = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}))
    by_division = forms.BooleanField(label=_("Ask in which division people live"), required=False)
    form = forms.FileField(label=_("Form of one's own (XLSForm, .xlsx)"), required=False)

    def __init__(self, *args: Any, cycles: list[Cycle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycles = {str(cycle.pk): cycle for cycle in cycles}
        field = self.fields["survey"]
        assert isinstance(field, forms.ChoiceField)
        language = get_language() or "zh"
        field.choices = [
            (f"{key}:{survey.id}", f"{survey.name.in_(language)} · {cycle.year}")
            for key, cycle in self.cycles.items()
            for survey in cycle.measures.surveys
        ]

    def chosen(self) -> tuple[Cycle, str]:
        """The cycle and the survey's id."""
        key, _colon, survey = self.cleaned_data["survey"].partition(":")
        return self.cycles[key], survey


def shipped(cycle: Cycle, survey: Survey) -> Instrument:
    """The form that belongs to the rule book's version: the one it was published with, or the one
    of the shipped book. Raises BadInput where it is not here."""
    kept = SurveyForm.objects.filter(digest=survey.sha256).first()
    if kept is not None:
        return _read(bytes(kept.content)).instrument
    try:
        content = (locate(cycle.rulebook.book.name) / survey.instrument).read_bytes()
    except FileNotFoundError:
        content = b""
    if sha256(content).hexdigest() != survey.sha256:
        raise BadInput(
            Text(
                zh="此处没有该规则书的调查表，请上传。",
                en="The rule book's own form is not here: please upload it.",
            )
        )
    return _read(content).instrument


def uploaded(file: File[bytes]) -> Form:
    """The form in an uploaded file, and what was left out of it. Raises BadInput with every reason,
    row by row."""
    if (file.size or 0) > MAX_BYTES:
        raise BadInput(Text(zh="文件超过 2 MB。", en="The file is larger than 2 MB."))
    apart.require(apart.FORM, file)
    return _read(file.read())


def _read(content: bytes) -> Form:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        path.write_bytes(content)
        try:
            return form(path)
        except Refused as refused:
            raise BadInput(*(each.placed() for each in refused.findings[:20])) from refused


def whole(text: str, place: Text | None = None) -> int | None:
    """A whole number as typed, or None; raises BadInput for anything else, naming the place."""
    plain = text.replace(",", "").replace("，", "").strip()
    if not plain:
        return None
    if not plain.isdecimal() or len(plain) > 10 or int(plain) > 2_000_000_000:
        where = (f"{place.zh}：", f"{place.en}: ") if place else ("", "")
        raise BadInput(
            Text(
                zh=f"{where[0]}“{text[:20]}”不是可用的数字。",
                en=f"{where[1]}{text[:20]!r} is no usable number.",
            )
        )
    return int(plain)
