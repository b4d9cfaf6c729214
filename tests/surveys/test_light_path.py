"""The public page: light, without script, honest when it cannot take an answer."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.db import DatabaseError
from tests.conftest import NOW
from tests.surveys.conftest import DAY, WHOLE

from shifan.surveys import sealing
from shifan.surveys.intake import app as light
from shifan.surveys.intake import counter, http
from shifan.surveys.intake.campaigns import token_digest
from shifan.surveys.models import Campaign, Pouch, Receipt, Token

SEEN = "area age_band environment livelihood effect heard improve"


@dataclass
class Got:
    status: int
    headers: dict[str, str]
    page: str


class Visitor:
    """Speaks ASGI to the application, as a server would."""

    def __init__(self, clock=lambda: NOW, address: str = "203.0.113.7") -> None:
        self.app, self.address = light.Intake(clock), address

    def get(self, path: str, method: str = "GET", **headers: str) -> Got:
        return self.ask(path, method, b"", headers)

    def post(self, path: str, fields, kind: str = "application/x-www-form-urlencoded") -> Got:
        body = fields if isinstance(fields, bytes) else urlencode(fields, doseq=True).encode()
        return self.ask(path, "POST", body, {"content-type": kind})

    def ask(self, path, method, body, headers) -> Got:
        """On a thread of its own: a browser test may have left this one a running event loop."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._ask(path, method, body, headers)).result()

    async def _ask(self, path, method, body, headers) -> Got:
        path, _, query = path.partition("?")
        scope = {
            "type": "http", "method": method, "path": path, "query_string": query.encode(),
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
            "client": (self.address, 50000),
        }  # fmt: skip
        parts = [body[at : at + 10_000] for at in range(0, len(body), 10_000)] or [b""]
        sent: list[dict] = []

        async def receive():
            return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        await self.app.rest()
        head = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
        return Got(sent[0]["status"], head, sent[1]["body"].decode())


@pytest.fixture
def visitor(campaign, transactional_db) -> Visitor:
    return Visitor()


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def filled(page: str, answers=WHOLE, **more) -> dict:
    own = {name: hidden(page, name) for name in ("id", "started", "form")}
    return own | {"seen": SEEN} | {f"q.{name}": value for name, value in answers.items()} | more


def test_page_is_light_needs_no_script_and_may_fetch_nothing(visitor):
    got = visitor.get("/s/abcd/")

    assert (got.status, len(got.page.encode()) < 60_000) == (200, True)
    assert "src=" not in got.page
    assert "default-src 'none'" in got.headers["content-security-policy"]
    assert "unsafe" not in got.headers["content-security-policy"]
    assert (got.headers["cache-control"], "set-cookie" in got.headers) == ("no-store", False)
    assert got.page.count('type="radio"') == 2 + 4 + 3 * 6 + 2
    assert "heard_from" not in got.page


def test_page_speaks_the_language_asked_for_then_the_reader_s_then_the_form_s_first(visitor):
    for path, header, lang in (
        ("/s/abcd/", "", "zh"), ("/s/abcd/", "en-GB,en;q=0.9", "en"), ("/s/abcd/", "fr", "zh"),
        ("/s/abcd/?lang=en", "zh-CN", "en"), ("/s/abcd/?lang=xx", "", "zh"),
    ):  # fmt: skip
        got = visitor.get(path, **{"accept-language": header})
        assert f'<html lang="{lang}">' in got.page


def test_every_visitor_gets_a_number_of_its_own(visitor):
    numbers = {hidden(visitor.get("/s/abcd/").page, "id") for _ in range(5)}

    assert len(numbers) == 5


def test_answer_is_stored_sealed_and_acknowledged(visitor):
    got = visitor.post("/s/abcd/?lang=en", filled(visitor.get("/s/abcd/").page))

    assert (got.status, "Your answers are kept" in got.page) == (200, True)
    assert 'data-done="abcd"' in got.page
    held = sealing.open_(Pouch.objects.get())
    assert held == [{"values": WHOLE, "flags": ["too_fast"], "stratum": "urban|30_44"}]


def test_reply_that_was_lost_may_be_asked_for_again(visitor):
    fields = filled(visitor.get("/s/abcd/").page)

    assert [visitor.post("/s/abcd/", fields).status for _ in range(3)] == [200, 200, 200]
    assert (Receipt.objects.count(), Pouch.objects.count()) == (1, 1)


def test_what_is_missing_is_named_and_what_was_chosen_stays(visitor):
    page = visitor.get("/s/abcd/").page
    answers = {name: value for name, value in WHOLE.items() if name != "effect"}

    got = visitor.post("/s/abcd/?lang=en", filled(page, answers))

    assert got.status == 422
    assert '<a href="#q-effect">' in got.page
    assert 'name="q.heard" value="no" checked' in got.page
    assert hidden(got.page, "id") == hidden(page, "id")
    assert Pouch.objects.count() == 0


def test_questions_that_follow_from_answers_are_shown_before_anything_is_stored(visitor):
    fields = filled(visitor.get("/s/abcd/").page, WHOLE | {"heard": "yes"})

    got = visitor.post("/s/abcd/?lang=en", fields)

    assert (got.status, Pouch.objects.count()) == (200, 0)
    assert '<a href="#q-heard_from">' in got.page
    again = fields | {"seen": hidden(got.page, "seen"), "q.heard_from": ["work", "media"]}
    assert "Your answers are kept" in visitor.post("/s/abcd/?lang=en", again).page
    assert sealing.open_(Pouch.objects.get())[0]["values"]["heard_from"] == "work media"


@pytest.mark.parametrize(
    ("fields", "kind", "status"),
    [
        ({"q.surname": "x"}, "application/x-www-form-urlencoded", 422),
        (b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"x" * 10_000_000, "application/x-www-form-urlencoded", 413),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"q.area=%ff", "application/x-www-form-urlencoded", 400),
        (b"&a=1" * 501, "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
        (b"--x", "multipart/form-data; boundary=x", 415),
    ],
)
def test_what_is_no_answer_gets_a_clear_refusal(visitor, fields, kind, status):
    if isinstance(fields, dict):
        fields = filled(visitor.get("/s/abcd/").page, **fields)

    assert visitor.post("/s/abcd/", fields, kind).status == status
    assert (Receipt.objects.count(), Pouch.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "path",
    ["/s/nope/", "/s/", "/", "/s/abcd/more/", "/s/../abcd/", f"/s/{'a' * 99}/", "/s/%00/"],
)  # fmt: skip
def test_address_of_no_campaign_is_not_found(visitor, path):
    assert visitor.get(path).status == 404


def test_out_of_range_choice_is_refused_and_other_methods_too(visitor):
    page = visitor.get("/s/abcd/").page

    assert visitor.post("/s/abcd/", filled(page, WHOLE | {"area": "moon"})).status == 422
    assert [visitor.get("/s/abcd/", m).status for m in ("HEAD", "PUT", "DELETE")] == [200, 405, 405]


@pytest.mark.parametrize(
    ("given", "clock", "status"),
    [
        ({"opened_at": None}, NOW, 404),
        ({"opens_on": (NOW + DAY).date()}, NOW, 403),
        ({"closed_at": NOW}, NOW, 410),
        ({}, NOW + 31 * DAY, 410),
    ],
)
def test_campaign_that_takes_no_answers_says_why(make, transactional_db, given, clock, status):
    make(**given)

    got = Visitor(lambda: clock).get("/s/abcd/")

    assert (got.status, "<form" in got.page) == (status, False)


def test_form_of_another_version_is_shown_anew_with_the_answers_that_still_fit(visitor):
    page = visitor.get("/s/abcd/").page

    got = visitor.post("/s/abcd/?lang=en", filled(page, form="0" * 16, **{"q.gone": "x"}))

    assert (got.status, "The form has changed" in got.page) == (409, True)
    assert 'name="q.heard" value="no" checked' in got.page
    assert "q.gone" not in got.page


def test_code_is_asked_for_taken_once_and_refused_when_replayed(make, transactional_db):
    Token.objects.create(campaign=make("token"), digest=token_digest("abcd", "KQ7M2XW9"))
    visitor = Visitor()
    page = visitor.get("/s/abcd/?t=kq7m-2xw9").page
    assert 'value="kq7m-2xw9"' in page

    assert visitor.post("/s/abcd/", filled(page)).status == 422
    assert visitor.post("/s/abcd/", filled(page, t="KQ7M-2XW9")).status == 200
    fresh = visitor.get("/s/abcd/").page
    got = visitor.post("/s/abcd/?lang=en", filled(fresh, t="KQ7M2XW9"))
    assert (got.status, "has been used already" in got.page) == (409, True)
    assert Receipt.objects.count() == 1


def test_script_in_a_code_or_a_text_is_shown_as_text(make, transactional_db):
    make("token")
    visitor = Visitor()
    evil = '"><script>alert(1)</script>'

    page = visitor.get(f"/s/abcd/?t={evil}").page
    got = visitor.post("/s/abcd/", filled(page, t=evil, **{"q.area": evil}))

    for text in (page, got.page):
        assert "<script>alert" not in text


def test_database_that_fails_is_an_honest_503_with_the_answers_still_on_the_page(
    visitor, monkeypatch
):
    page = visitor.get("/s/abcd/").page

    def fails(*_):
        raise DatabaseError("the database is gone")

    monkeypatch.setattr(counter, "store", fails)
    got = visitor.post("/s/abcd/?lang=en", filled(page))
    monkeypatch.undo()

    assert (got.status, got.headers["retry-after"]) == (503, "5")
    assert 'name="q.heard" value="no" checked' in got.page
    assert visitor.post("/s/abcd/", filled(page)).status == 200


def test_page_itself_is_an_honest_503_while_the_database_is_away(visitor, monkeypatch):
    def fails(*_):
        raise DatabaseError("the database is gone")

    monkeypatch.setattr(light, "find", fails)
    got = visitor.get("/s/abcd/")
    monkeypatch.undo()

    assert (got.status, got.headers["retry-after"]) == (503, "5")
    assert visitor.get("/s/abcd/").status == 200
    monkeypatch.setattr(light, "renewed", fails)
    monkeypatch.setattr(light, "LOOK_AGAIN", -1.0)
    assert [visitor.get("/s/abcd/").status for _ in range(3)] == [200, 200, 200]


def test_full_counter_turns_away_at_once(visitor, monkeypatch):
    page = visitor.get("/s/abcd/").page
    monkeypatch.setattr(counter, "MOST_WAITING", 0)

    assert visitor.post("/s/abcd/", filled(page)).status == 503


def test_crowd_from_one_network_waits_and_another_does_not(campaign, settings, transactional_db):
    settings.SURVEY_PER_MINUTE = 3
    visitor = Visitor()
    pages = [visitor.get("/s/abcd/").page for _ in range(5)]

    got = [visitor.post("/s/abcd/", filled(page)) for page in pages[:4]]
    assert [each.status for each in got] == [200, 200, 200, 429]
    assert 0 < int(got[3].headers["retry-after"]) <= 60
    visitor.address = "198.51.100.9"
    assert visitor.post("/s/abcd/", filled(pages[4])).status == 200


def test_flags_are_given_at_the_door(visitor, monkeypatch):
    pages = [visitor.get("/s/abcd/").page for _ in range(4)]
    later = light.time.time() + 100
    monkeypatch.setattr(light.time, "time", lambda: later)
    same = WHOLE | dict.fromkeys(("environment", "livelihood", "effect"), "very_satisfied")

    for page, answers in zip(pages, (WHOLE, WHOLE, same, same), strict=True):
        assert visitor.post("/s/abcd/", filled(page, answers)).status == 200

    found = [sealing.open_(pouch)[0]["flags"] for pouch in Pouch.objects.all()]
    assert sorted(found) == [
        [], ["duplicate"], ["straight_line", "contradiction"],
        ["straight_line", "duplicate", "contradiction"],
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["forged", "of another page", "left out"])
def test_mark_of_when_the_page_was_fetched_is_good_for_that_page_only(visitor, monkeypatch, how):
    page = visitor.get("/s/abcd/").page
    mark = {"forged": "1.forged", "of another page": hidden(page, "started"), "left out": ""}[how]
    other = visitor.get("/s/abcd/").page
    later = light.time.time() + 100
    monkeypatch.setattr(light.time, "time", lambda: later)

    visitor.post("/s/abcd/", filled(other, started=mark))

    assert sealing.open_(Pouch.objects.get())[0]["flags"] == ["too_fast"]


def test_try_that_was_not_stored_flags_nobody(make, transactional_db, monkeypatch):
    """Else who fails with made-up codes could have the answers of others flagged."""
    campaign = make("token")
    Token.objects.create(campaign=campaign, digest=token_digest("abcd", "REAL"))
    visitor = Visitor()
    pages = [visitor.get("/s/abcd/").page for _ in range(30)]
    later = light.time.time() + 100
    monkeypatch.setattr(light.time, "time", lambda: later)

    tries = [visitor.post("/s/abcd/", filled(page, t="WRONG")).status for page in pages]
    again = visitor.post("/s/abcd/", filled(pages[0], t="REAL"))

    assert (set(tries), again.status) == ({409}, 200)
    assert sealing.open_(Pouch.objects.get())[0]["flags"] == []


@pytest.mark.parametrize(
    ("lines", "seen"),
    [(["198.51.100.9"], "198.51.100.9"), (["1.1.1.1, 198.51.100.9"], "198.51.100.9"),
     (["1.1.1.1", "198.51.100.9"], "198.51.100.9"), ([], "")],
)  # fmt: skip
def test_address_is_what_the_trusted_proxy_added_last(settings, lines, seen):
    settings.SURVEY_BEHIND_PROXY = True
    headers = [(b"x-forwarded-for", line.encode()) for line in lines]

    assert http.address({"headers": headers, "client": ("10.0.0.1", 1)}) == seen


def test_campaign_looked_up_long_ago_is_looked_up_before_anybody_is_told(visitor, monkeypatch):
    assert visitor.get("/s/abcd/").status == 200
    Campaign.objects.update(closed_at=NOW)
    assert visitor.get("/s/abcd/").status == 200  # a moment ago it was open
    later = light.time.monotonic() + 60
    monkeypatch.setattr(light.time, "monotonic", lambda: later)

    assert visitor.get("/s/abcd/").status == 410
