"""What every request gets: its language, its actor and time, its policy; and error pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shifan.demo.clock import now
from shifan.errors import DomainError
from shifan.people.queries import actor_of
from shifan.site import carried

Next = Callable[[HttpRequest], HttpResponse]


def language(get_response: Next) -> Next:
    """Chinese unless the reader chose otherwise with the switch; the browser's wish is not asked,
    because officers share printed links and must see the same page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        wish = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        chosen = wish if wish in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response

    return middleware


def actor_and_time(get_response: Next) -> Next:
    """Put ``request.actor`` and ``request.now`` in place; views take both from there.

    What somebody signed in was shown is kept by no cache.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = actor_of(request.user)  # type: ignore[attr-defined]
        request.now = now()  # type: ignore[attr-defined]
        timezone.deactivate()  # a page may have spoken in a programme's zone before
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
            carried.remember(request, response)
        return response

    return middleware


def content_security_policy(get_response: Next) -> Next:
    """Only our own scripts, styles and pictures; no frames."""
    policy = "; ".join((
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
        "font-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'",
        "frame-ancestors 'none'",
    ))  # fmt: skip

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware


def sized(get_response: Next) -> Next:
    """Refuse a request that is too large before a byte of it is read.

    Larger files come piece by piece.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        sent = request.META.get("CONTENT_LENGTH") or "0"
        if sent.isdecimal() and int(sent) > settings.REQUEST_MAX_BYTES:
            context = {
                "title": _("Too large"), "status": 413,
                "sentence": _("More was sent at once than is taken. Send fewer files at a time."),
            }  # fmt: skip
            return HttpResponse(render_to_string("errors/error.html", context), status=413)
        return get_response(request)

    return middleware


def other_way(get_response: Next) -> Next:
    """A page for who comes to an address in a way that it is not made for: a form's, typed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.content:
            return response
        context = {
            "title": _("Not to be opened like this"), "status": 405,
            "sentence": _("This address only takes what a form sends. Go back to the form."),
        }  # fmt: skip
        page = render(request, "errors/error.html", context, status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return middleware


def readable(get_response: Next) -> Next:
    """Refuse what no field can hold: another charset than UTF-8, NUL, halves of a character."""

    def middleware(request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if charset not in ("utf-8", "utf8"):
            raise BadRequest("only UTF-8 is read")
        for text in (request.path, *_texts(request.GET), *_texts(request.POST)):
            if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
                raise BadRequest("a text holds what is not a character")
        return get_response(request)

    return middleware


def _texts(sent: QueryDict) -> Iterator[str]:
    for name, values in sent.lists():
        yield name
        yield from (value for value in values if isinstance(value, str))


MEMBERS_PAGES = {
    "batch", "batches", "begin", "board", "carried", "desk", "gather", "ledger", "take_out",
}  # fmt: skip
MEMBERS_ONLY = {
    "applications", "burden", "evidence", "mailbox", "offices", "people", "proceedings", "surveys",
    "titles", "workbook",
}  # fmt: skip
"""Parts of the site a visitor is asked to sign in for, instead of being refused."""


def sign_in_first(get_response: Next) -> Next:
    """Lead a visitor whom a members' page refuses to the sign-in page, and back afterwards.

    Whether the page exists is not told before. What was typed waits meanwhile; what a page sends
    by itself in the background is just told so.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        if (
            response.status_code in (403, 404)
            and match is not None
            and (match.app_name in MEMBERS_ONLY or match.url_name in MEMBERS_PAGES)
            and not request.user.is_authenticated
        ):
            if "X-Background" in request.headers:
                return HttpResponse(status=401)
            if request.method in ("GET", "HEAD"):
                return redirect_to_login(request.get_full_path())
            return redirect_to_login(reverse("carried") if carried.keep(request) else "/")
        return response

    return middleware


class DomainErrors:
    """Turn a domain error into a page that says what happened and what can be done."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        context = {"sentences": error.sentences(), "status": error.status}
        return render(request, "errors/refused.html", context, status=error.status)
