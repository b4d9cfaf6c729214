"""A sign-in that runs out while somebody types loses nothing of what was typed."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from tests.conftest import NOW

from shifan.statements.models import Fact


@pytest.fixture
def typed(world, monkeypatch):
    """The clerk's browser after its sign-in ran out and a fact was sent all the same."""
    monkeypatch.setattr("shifan.site.middleware.now", lambda: NOW)
    proceeding = world.proceeding()
    clause = next(
        c for c in proceeding.indicators.clauses
        if c.input.type == "count" and "self" in c.input.from_
    )  # fmt: skip
    browser = sign_in(Client(), world, "clerk")
    browser.get(reverse("applications:workspace", args=[proceeding.pk]))
    del browser.cookies["sessionid"]
    url = reverse("applications:state", args=[proceeding.pk, clause.id])
    form = {"source": "self", "seen": "0", clause.input.name: "7", "note": "见附件二"}
    answer = browser.post(url, form)
    return browser, answer, url, form


def sign_in(browser: Client, world, name: str) -> Client:
    from django.contrib.auth import login
    from django.http import HttpRequest

    request = HttpRequest()
    request.session = browser.session  # what the visitor's session holds goes on, as on the site
    login(request, world.users[name], settings.AUTHENTICATION_BACKENDS[0])
    request.session.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return browser


def test_expired_sign_in_leads_through_the_sign_in_to_what_was_typed(world, typed):
    browser, answer, url, form = typed

    assert answer.status_code == 302
    assert answer.url == "/accounts/login/?next=/carried/"
    assert Fact.objects.count() == 0

    page = sign_in(browser, world, "clerk").get("/carried/")
    assert "见附件二" in page.content.decode()

    on = browser.post("/carried/", form)
    assert (on.status_code, on["Location"]) == (307, url)
    browser.post(on["Location"], form)  # what a browser does on a 307
    fact = Fact.objects.get()
    assert (fact.note, list(fact.values.values())) == ("见附件二", ["7"])
    assert "见附件二" not in browser.get("/carried/").content.decode()


def test_somebody_else_at_the_same_desk_does_not_see_it(world, typed):
    browser, *_, form = typed

    page = sign_in(browser, world, "other_lead").get("/carried/")
    assert "见附件二" not in page.content.decode()
    assert browser.post("/carried/", form).status_code == 302


def test_what_was_typed_can_be_dropped(world, typed):
    browser, *_ = typed
    sign_in(browser, world, "clerk")

    assert browser.post("/carried/", {"carried-drop": "1"}).status_code == 302
    assert "见附件二" not in browser.get("/carried/").content.decode()


def test_nothing_is_kept_for_a_browser_nobody_signed_in_from(world):
    proceeding = world.proceeding()
    url = reverse("applications:state", args=[proceeding.pk, "1.1.1"])

    answer = Client().post(url, {"source": "self", "note": "x"})

    assert answer.url == "/accounts/login/?next=/"


def test_too_much_is_not_kept(typed):
    browser, _, url, form = typed
    browser.get("/accounts/logout/")

    answer = browser.post(url, {**form, "note": "长" * 200_001})

    assert answer.url == "/accounts/login/?next=/"


def test_what_a_page_sends_by_itself_is_told_and_not_kept(typed):
    browser, _, url, form = typed

    assert browser.post(url, form, headers={"X-Background": "1"}).status_code == 401
