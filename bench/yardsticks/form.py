"""The yardstick of survey answers: a plain Django form view on the same database.

The eight questions of the shipped form as a Django form, checked; one row inserted and committed;
a page back. No session, no CSRF, no sealing, no receipts.
"""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path
from tools.instruments import SATISFACTION

from shifan.site import environment

settings.configure(
    ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="yardstick", USE_TZ=True,
    DATABASES={"default": environment.database()},
)  # fmt: skip

THANKS = Engine().from_string("<h1>Thank you</h1><p>{{ number }}</p>")
FIELDS: dict[str, Any] = {
    question.name: (
        forms.MultipleChoiceField if question.type == "select_multiple" else forms.ChoiceField
    )(choices=[(name, name) for name in question.choice_names], required=question.required)
    for question in SATISFACTION.asked
}
Answer = type("Answer", (forms.Form,), {"number": forms.UUIDField(), **FIELDS})


def take(request: HttpRequest) -> HttpResponse:
    """Check the form, insert the row, say thank you."""
    form = Answer(request.POST)
    if not form.is_valid():
        raise ValueError(form.errors)
    number = form.cleaned_data.pop("number")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO yardstick_answer (number, said) VALUES (%s, %s)",
            [number, json.dumps(form.cleaned_data)],
        )
    response = HttpResponse(THANKS.render(Context({"number": number})))
    response["Content-Length"] = str(len(response.content))
    return response


def well(request: HttpRequest) -> HttpResponse:
    """That the server is there."""
    return HttpResponse("ok")


urlpatterns = [path("answer/", take), path("", well), path("healthz", well)]
proceeding = get_wsgi_application()
