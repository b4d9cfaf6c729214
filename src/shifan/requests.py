"""The request as views see it, and finding one thing or answering 404."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from shifan.accounts.actor import Actor
from shifan.rulebook.model import Measures

M = TypeVar("M", bound=Model)
PAGE_ROWS = 50


class ActorRequest(HttpRequest):
    """A request with its actor and time, put there by the site's middleware."""

    actor: Actor
    now: datetime


def get_or_404(rows: QuerySet[M], **lookup: object) -> M:
    """The one row, or a page that does not tell whether it exists elsewhere."""
    found = rows.filter(**lookup).first()
    if found is None:
        raise Http404
    return found


def in_zone_of(measures: Measures) -> None:
    """From here on the page says its times in the programme's zone, and the footer says which; the
    site's own zone comes back with the next request."""
    timezone.activate(ZoneInfo(measures.time_zone))


def page_of(request: HttpRequest, rows: QuerySet[M], *, large: bool = False) -> Page[M]:
    """The page of rows that ``?page=`` asks for; a page that is not there gives the nearest.

    Of a ``large`` table only the keys are put in order, and what is joined to a row is read of the
    rows of the page alone.
    """
    number = request.GET.get("page")
    if not large:
        return Paginator(rows, PAGE_ROWS).get_page(number)
    page: Page[Any] = Paginator(rows.values_list("pk", flat=True), PAGE_ROWS).get_page(number)
    keys = list(page.object_list)
    found = rows.order_by().in_bulk(keys)
    page.object_list = [found[key] for key in keys if key in found]
    return page
