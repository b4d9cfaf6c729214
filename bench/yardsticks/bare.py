"""The yardsticks of pages and submissions: bare Django on the same database, by the same server.

A page of 50 rows: one query, one template, no layout, no search, no session, no language. And a
POST that inserts and commits one row.
"""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from shifan.site import environment

settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="yardstick",
    DATABASES={"default": environment.database()},
    INSTALLED_APPS=[
        "django.contrib.contenttypes", "django.contrib.auth", "pgtrigger", "pghistory",
        "shifan.ledger", "shifan.accounts", "shifan.units",
    ],
    AUTH_USER_MODEL="accounts.User",
    USE_TZ=True,
)  # fmt: skip

TEMPLATE = Engine().from_string(
    "<table>{% for award in awards %}<tr><td>{{ award.title.unit.name }}</td>"
    "<td>{{ award.title.unit.division.name }}</td><td>{{ award.batch }}</td>"
    "<td>{{ award.holds_from }}</td></tr>{% endfor %}</table>"
)


def rows(request: HttpRequest) -> HttpResponse:
    """Fifty rows, as plainly as Django gives them."""
    from shifan.titles.models import Event

    awards: Any = Event.objects.select_related("title__unit__division").order_by("-holds_from")[:50]
    return HttpResponse(TEMPLATE.render(Context({"awards": awards})))


def insert(request: HttpRequest) -> HttpResponse:
    """One row into the table that the bench made, committed."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO yardstick (at) VALUES (now())")
    return HttpResponse("ok")


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("", rows), path("insert", insert), path("healthz", healthz)]
os.environ.pop("DJANGO_SETTINGS_MODULE", None)
proceeding = get_wsgi_application()
