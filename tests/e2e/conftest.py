"""A real browser on a running site with the demo's world."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, sync_playwright

from shifan.accounts.actor import SYSTEM
from shifan.cycles.actions import open_cycle, publish
from shifan.demo import seed
from shifan.demo.clock import now
from shifan.register import recorded
from shifan.units import divisions
from tests.e2e.kept import Kept, keep, lay

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert chromium, "Debian's chromium is not installed; `make test` installs it"
    flags = ["--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield running
        running.close()


@pytest.fixture(scope="session")
def address(django_db_setup) -> Iterator[str]:
    """Where the site answers, with the hashed assets as production serves them: kept for good."""
    thread = LiveServerThread("localhost", lambda _: WSGIHandler())
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None, thread.error
    yield f"http://localhost:{thread.port}"
    thread.terminate()
    thread.join()


_made: list[Kept] = []


@pytest.fixture
def demo(transactional_db, book) -> None:
    """The demo's world, loaded as `make run` loads it; a test run makes it once."""
    if _made:
        return lay(_made[0])
    moment = now()
    divisions.load()
    published = publish(book=book, actor=SYSTEM, now=moment)
    recorded.load(book=book, actor=SYSTEM, now=moment)
    cycle = open_cycle(
        rulebook=published, year=seed.year_of(moment.date()), batch=1, actor=SYSTEM, now=moment,
        exercise=True,
    )  # fmt: skip
    seed.seed(cycle=cycle, now=moment)
    _made.append(keep())
    return None


@pytest.fixture
def page(browser: Browser, address: str, demo) -> Iterator[Page]:
    context = browser.new_context(base_url=address, viewport=WIDE, locale="zh-CN")
    opened = context.new_page()
    trouble: list[str] = []
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.on(
        "console",
        lambda message: trouble.append(message.text) if message.type == "error" else None,
    )
    yield opened
    opened.wait_for_load_state("networkidle")  # a request in flight would lock tables being emptied
    context.close()
    assert [
        line
        for line in trouble
        if not any(
            wanted in line for wanted in ("status of 4", "status of 502", "CONNECTION_RESET")
        )
    ] == []


def become(page: Page, username: str) -> None:
    """Sign in as the demo's banner does, and open the page that leads to."""
    start = page.context.request.get("/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', start.text())
    assert token is not None
    signed_in = page.context.request.post(
        f"/demo/sign-in/{username}/", form={"csrfmiddlewaretoken": token[1]},
        headers={"Referer": start.url},
    )  # fmt: skip
    assert re.search(r"/(applications|board|proceedings)/$", signed_in.url), signed_in.url
    page.goto(signed_in.url)


def speak(page: Page, language: str) -> None:
    """Choose the language as the switch does."""
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": urljoin(page.url, "/")}]
    )
