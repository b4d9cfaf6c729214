"""What a browser never sends: answered with a 4xx and a page, never a fault, never a change."""

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from tests.conftest import NOW

from shifan.statements.models import Fact


@pytest.fixture
def clerk(world, settings, monkeypatch) -> Client:
    monkeypatch.setattr("shifan.site.middleware.now", lambda: NOW)
    client = Client(raise_request_exception=False)
    client.force_login(world.users["clerk"], backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def clause(world):
    proceeding = world.proceeding()
    found = next(
        c for c in proceeding.indicators.clauses
        if c.input.type == "boolean" and "self" in c.input.from_
    )  # fmt: skip
    return proceeding, found


@pytest.mark.parametrize(
    "address",
    ["/rulebooks/neac/a%00b/", "/register/?q=%00", "/applications/?q=%00", "/?%00=1"],
)
def test_nul_in_an_address_is_a_bad_request(clerk, address):
    assert clerk.get(address).status_code == 400


@pytest.mark.parametrize("charset", ["utf-7", "zlib", "rot13"])
def test_other_charset_is_a_bad_request(clerk, clause, charset):
    proceeding, found = clause
    url = reverse("applications:state", args=[proceeding.pk, found.id])

    answer = clerk.generic(
        "POST", url, b"source=self&seen=0",
        content_type=f"application/x-www-form-urlencoded; charset={charset}",
    )  # fmt: skip

    assert answer.status_code == 400
    assert Fact.objects.count() == 0


def test_nul_in_a_remark_is_a_bad_request(clerk, clause):
    proceeding, found = clause
    url = reverse("applications:state", args=[proceeding.pk, found.id])
    sent = {"source": "self", "seen": "0", found.input.name: "true", "note": "a\0b"}

    assert clerk.post(url, sent).status_code == 400
    assert Fact.objects.count() == 0


@pytest.mark.parametrize("seen", ["", "abc", "1.5", "-1", "9" * 5000, "１", None])
def test_form_that_does_not_say_what_it_was_made_from_is_not_taken(clerk, clause, seen):
    proceeding, found = clause
    sent = {"source": "self", found.input.name: "true"}
    url = reverse("applications:state", args=[proceeding.pk, found.id])
    sheet = reverse("applications:sheet", args=[proceeding.pk, "self"])

    one = clerk.post(url, sent if seen is None else {**sent, "seen": seen})
    many = clerk.post(sheet, {found.input.name: "true", f"seen:{found.id}": seen or "x"})

    assert (one.status_code, many.status_code) == (400, 400)
    assert Fact.objects.count() == 0


def test_too_many_fields_are_a_bad_request(clerk, clause):
    proceeding, _found = clause
    sheet = reverse("applications:sheet", args=[proceeding.pk, "self"])

    assert clerk.post(sheet, {f"f{n}": "1" for n in range(1500)}).status_code == 400


def test_account_without_a_password_has_none_to_change(clerk, world):
    world.users["clerk"].set_unusable_password()
    world.users["clerk"].save()
    clerk.force_login(world.users["clerk"])

    assert clerk.get("/accounts/password/").status_code == 403


@pytest.mark.parametrize("back", ["https://evil.example/", "javascript:alert(1)", "//evil"])
def test_demo_clock_leads_nowhere_outside(db, back):
    from shifan.demo.actions import mark

    mark(now=NOW)

    answer = Client().post("/demo/advance/1/", headers={"Referer": back})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_demo_clock_has_an_end(db):
    from shifan.demo.actions import FURTHEST, advance, mark
    from shifan.demo.seed import SYSTEM

    mark(now=NOW)
    for _ in range(30):
        clock = advance(days=366, actor=SYSTEM, now=NOW)

    assert clock.ahead == FURTHEST


def test_members_pages_are_not_kept_by_caches(clerk):
    assert clerk.get("/applications/").headers["Cache-Control"] == "private, no-store"
    assert "no-store" not in Client().get("/register/").headers.get("Cache-Control", "")


def test_every_page_carries_the_policy_and_no_frame(db):
    headers = Client().get("/register/").headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


def test_missing_page_and_refused_form_are_pages_of_ours(db):
    strict = Client(enforce_csrf_checks=True)

    missing, refused = strict.get("/nowhere/"), strict.post("/demo/advance/1/")

    assert (missing.status_code, refused.status_code) == (404, 403)
    assert "示范" in missing.content.decode()
    assert "示范" in refused.content.decode()


@pytest.mark.parametrize(
    ("fault", "status", "says"),
    [(OperationalError, 503, "数据库暂无响应"), (RuntimeError, 500, "故障")],
)
def test_database_that_does_not_answer_is_told_from_a_fault(
    clerk, monkeypatch, fault, status, says
):
    def fails(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("shifan.register.queries.programmes", fails)
    answer = clerk.get("/")

    assert answer.status_code == status
    assert says in answer.content.decode()
    assert ("Retry-After" in answer.headers) is (status == 503)


def test_address_of_a_form_is_a_page_for_who_opens_it(clerk, clause):
    proceeding, found = clause
    answer = clerk.get(reverse("applications:state", args=[proceeding.pk, found.id]))

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "返回" in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("get", "/", 200), ("get", "/?q=%00", 400), ("post", "/language/", 302), ("get", "/none", 404),
     ("put", "/", 405), ("get", "/static/none.css", 404), ("get", "/board/", 403),
     ("get", "/register", 301)],
)  # fmt: skip
def test_every_answer_has_the_headers_that_protect_it(clerk, method, address, status):
    answer = getattr(clerk, method)(address)

    assert answer.status_code == status
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_unknown_host_is_refused_with_the_same_headers(clerk):
    answer = clerk.get("/", headers={"host": "elsewhere.example"})

    assert answer.status_code == 400
    assert "Content-Security-Policy" in answer.headers
