"""A survey on a telephone: without script, by keyboard, over a bad line; and in the office."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, expect

from shifan.surveys.intake.campaigns import team_digest
from shifan.surveys.models import Campaign, FieldKey, Receipt
from tests.e2e.conftest import NARROW, become, speak
from tests.e2e.test_pages import look

WHOLE = {
    "area": "rural", "age_band": "60_up", "environment": "satisfied", "livelihood": "neutral",
    "effect": "very_satisfied", "heard": "no",
}  # fmt: skip


@pytest.fixture(scope="module")
def served(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """The light path as `shifan serve` starts it, on the tests' database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with django_db_blocker.unblock():
        made = connection.settings_dict
    url = f"postgresql://{made['USER']}@/{made['NAME']}?host={made['HOST']}"
    env = os.environ | {"DATABASE_URL": url, "SHIFAN_EMBEDDED": "1"}
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port",
         str(port), "--workers", "1", "--workers-kill-timeout", "5", "--log-level", "error",
         "shifan.site.light:application"],
        env=env, start_new_session=True,
    )  # fmt: skip
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture
def light(served: str, demo, settings) -> str:
    """The light path's address, as the site knows it too."""
    settings.SURVEY_ADDRESS = served
    return served


@pytest.fixture
def phone(browser: Browser, light: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=light, viewport=NARROW, locale="zh-CN", has_touch=True, bypass_csp=True
    )
    yield context.new_page()
    context.close()


def code() -> str:
    return Campaign.objects.values_list("code", flat=True).get()


def choose(page: Page, answers: dict[str, str]) -> None:
    for name, value in answers.items():
        page.locator(f"input[name='q.{name}'][value='{value}']").check()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_survey_is_answered_on_a_telephone_without_script(browser, address, light, language):
    before = Receipt.objects.count()
    context = browser.new_context(
        base_url=address, viewport=NARROW, java_script_enabled=False, locale=language
    )
    page = context.new_page()
    page.goto(f"/s/{code()}/")
    assert page.url.startswith(light)
    said = {"zh": "感谢您的参与", "en": "Thank you"}[language]

    choose(page, {**WHOLE, "heard": "yes"})
    page.locator("input[name='q.effect']").first.focus()
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    choose(page, {"heard_from": "online"})
    page.get_by_role("button").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(said)
    assert Receipt.objects.count() == before + 1
    context.close()


def test_survey_is_answered_by_keyboard_alone(phone):
    before = Receipt.objects.count()
    phone.goto(f"/s/{code()}/?lang=en")
    press = phone.keyboard.press
    for _ in range(60):
        press("Tab")
        here = phone.evaluate("document.activeElement.name || document.activeElement.type || ''")
        if here.startswith("q.") and here not in ("q.improve",):
            press("Space")
        if here == "submit":
            break
    press("Enter")
    # "have you heard of it" was answered yes, so one question follows
    expect(phone.get_by_role("alert")).to_contain_text("A few questions follow")
    phone.get_by_role("button").focus()
    press("Enter")

    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert Receipt.objects.count() == before + 1


def test_page_of_the_survey_is_accessible_in_both_languages_and_when_something_is_wrong(phone):
    wrong = [each for lang in ("zh", "en") for each in look(phone, f"/s/{code()}/?lang={lang}")]
    phone.set_viewport_size(NARROW)
    phone.goto(f"/s/{code()}/?lang=en")
    phone.get_by_role("button").click()
    expect(phone.get_by_role("alert")).to_be_visible()

    assert wrong == []
    assert phone.locator("[aria-describedby]").count() >= 6
    assert look(phone, "/s/nowhere/") == []


def test_what_was_filled_in_outlives_a_lost_line_and_counts_once(phone):
    before = Receipt.objects.count()
    phone.goto(f"/s/{code()}/?lang=en")
    choose(phone, WHOLE)
    number = phone.locator("[name=id]").input_value()
    phone.context.set_offline(True)
    phone.get_by_role("button").click(no_wait_after=True)
    phone.wait_for_timeout(300)
    phone.context.set_offline(False)

    phone.goto(f"/s/{code()}/?lang=en")
    assert phone.locator("[name=id]").input_value() == number
    expect(phone.locator("input[name='q.age_band'][value='60_up']")).to_be_checked()
    phone.get_by_role("button").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")

    assert Receipt.objects.count() == before + 1
    phone.goto(f"/s/{code()}/?lang=en")
    assert phone.locator("input:checked").count() == 0


def test_office_ends_weighs_and_states(page: Page, light):
    become(page, "province-reviewer")
    here = f"/surveys/{code()}/"
    for language in ("zh-hans", "en"):
        speak(page, language)
        assert [line for a in ("/surveys/", "/surveys/new/", here) for line in look(page, a)] == []
    page.goto(here)
    page.get_by_role("button", name="End the survey now").click()
    expect(page.get_by_role("heading", name="Results")).to_be_visible()

    flagged = page.locator("form:has(#weight-straight_line)")
    flagged.locator("[name=reason]").fill("One tap down the page")
    flagged.get_by_role("button").click()
    expect(page.get_by_text("One tap down the page")).to_be_visible()
    expect(page.get_by_text("without them").first).to_be_visible()
    page.get_by_role("button", name="State the results in the file").click()
    expect(page.get_by_text("Stated for 7.1.1, 7.1.2, 7.1.3.")).to_be_visible()
    for language in ("zh-hans", "en"):
        speak(page, language)
        assert look(page, here) == []
    assert not Campaign.objects.get().pouches.exists()


def test_interviews_wait_on_the_device_and_come_in_once(browser, light):
    campaign = Campaign.objects.get()
    campaign.code = "FELD2"  # the light path knows the other code's campaign by heart
    Campaign.objects.filter(pk=campaign.pk).update(code=campaign.code, assurance="enumerator")
    key = "K7M2-XW9Q-R4TB-C6DZ"
    FieldKey.objects.create(campaign=campaign, label="一组", digest=team_digest(campaign.code, key))
    before = Receipt.objects.count()
    context = browser.new_context(base_url=light, viewport=NARROW, locale="en")
    device = context.new_page()
    here = f"/s/{campaign.code}/field/"
    device.goto(f"{here}#k={key}")
    assert "#" not in device.url
    device.evaluate("navigator.serviceWorker.ready.then(() => true)")
    device.reload()

    context.set_offline(True)
    device.reload()
    for _ in range(3):
        choose(device, WHOLE)
        device.get_by_role("button", name="Finish this interview").click()
        expect(device.locator("input:checked")).to_have_count(0)
    expect(device.get_by_role("status")).to_contain_text("Waiting on this device: 3.")
    assert Receipt.objects.count() == before
    assert device.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

    lost = []

    def lose_the_reply(route):
        if not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    context.route(f"**{here}", lose_the_reply)
    context.set_offline(False)  # it sends at once, and the reply is lost
    expect(device.get_by_role("status")).to_contain_text("No network")
    expect(device.get_by_role("status")).to_contain_text("Waiting on this device: 3.")
    assert Receipt.objects.count() == before + 3
    device.get_by_role("button", name="Send now").click()
    expect(device.get_by_role("status")).to_contain_text("Waiting on this device: 0.")
    assert lost == [200]
    assert Receipt.objects.count() == before + 3
    context.close()
