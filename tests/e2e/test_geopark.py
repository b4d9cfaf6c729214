"""The geopark book in the browser: two evaluators, cards, an appeal, a lapse by the clock."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from shifan.accounts.actor import SYSTEM
from shifan.accounts.models import User
from shifan.cycles.actions import open_cycle, publish
from shifan.demo import actions as demo_actions
from shifan.demo.clock import now
from shifan.people.models import Membership
from shifan.proceedings.models import Proceeding
from shifan.rulebook.loader import load
from shifan.titles.models import Title
from shifan.titles.queries import standing
from shifan.units.actions import register_unit
from shifan.units.models import Division
from tests.e2e.conftest import speak

PEOPLE = {
    "lead": "公园负责人", "clerk": "公园办事员", "officer": "秘书处经办",
    "reviewer": "秘书处核对", "council": "理事会", "eva": "评估人甲", "adam": "评估人乙",
}  # fmt: skip


@pytest.fixture
def demo(transactional_db) -> None:
    """The network's world, in the place of the demo's."""
    moment = now()
    demo_actions.mark(now=moment)
    country = Division.objects.create(code="0", name="全国", level="country", path="/")
    province = Division.objects.create(
        code="53", name="云南省", level="province", parent=country, path="/53/"
    )
    book = load("geoparks/2")
    published = publish(book=book, actor=SYSTEM, now=moment)
    open_cycle(rulebook=published, year=moment.year, batch=1, actor=SYSTEM, now=moment)
    units = [
        register_unit(name=name, kind=book.measures.unit_type("geopark"), division=province,
                      actor=SYSTEM, now=moment)
        for name in ("抚仙湖", "石林")
    ]  # fmt: skip
    users = {
        name: User.objects.create(username=name, name=shown, is_demo=True)
        for name, shown in PEOPLE.items()
    }
    for unit in units:
        for name in ("lead", "clerk"):
            Membership.objects.create(user=users[name], role=name, unit=unit)
    for name, role in (("officer", "officer"), ("reviewer", "reviewer"), ("council", "approver")):
        Membership.objects.create(
            user=users[name], role=role, programme="geoparks", tier="network", area=country
        )


def become(page: Page, name: str, address: str = "/") -> None:
    page.goto("/")
    page.locator(f"form[action$='/demo/sign-in/{name}/'] button").first.dispatch_event("click")
    page.wait_for_url(re.compile(r"/(applications|board|proceedings)/$"))
    page.goto(address)


def make(page: Page, move: str, reason: str = "") -> None:
    """Make a move on the page of a proceeding, or of an application."""
    form = page.locator(f"form[action$='/move/{move}/']").first
    ending = form.locator("xpath=ancestor::details").first
    if ending.count():
        ending.evaluate("box => box.open = true")
    if reason:
        form.locator("[name=reason]").fill(reason)
    for box in form.locator("input[type=checkbox]").all():
        box.check()
    with page.expect_navigation():
        form.locator("button").last.click()


def name_evaluators(page: Page) -> None:
    for name in ("eva", "adam"):
        form = page.locator("form[action$='/parties/evaluator/']")
        form.locator("[name=who]").fill(name)
        with page.expect_navigation():
            form.locator("button").click()


def apply(page: Page, unit: str) -> Proceeding:
    become(page, "clerk", "/applications/")
    with page.expect_navigation():
        page.get_by_role("button", name=f"启动{unit}").or_(
            page.locator(".start-card", has_text=unit).locator("button")
        ).first.click()
    file = Proceeding.objects.get(unit__name=unit, cycle__isnull=False)
    fill_in(page, file, "self", "100")
    return file


def fill_in(page: Page, file: Proceeding, source: str, most: str) -> None:
    """All that the source may state, in full."""
    page.goto(f"/applications/{file.pk}/sheet/{source}/")
    page.evaluate(
        """most => {
            for (const each of document.querySelectorAll("main form input")) {
                if (each.inputMode) each.value = most;
                if (each.type == "radio" && each.value == "true") each.checked = true;
                if (each.type == "checkbox") each.checked = !each.name.endsWith("_not_applicable");
            }
        }""",
        most,
    )
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


def evaluate(page: Page, address: str, card: str, reason: str = "") -> None:
    """Both evaluators say the same, each on the page that its list leads to."""
    for name in ("eva", "adam"):
        become(page, name, "/proceedings/")
        expect(
            page.locator("tr", has_text="轮到您").or_(page.locator(".turn")).first
        ).to_be_visible()
        page.goto(address)
        if card == "red":
            picture(page, "proceeding")
        make(page, card, reason)


def let_pass(page: Page, days: int) -> None:
    while days > 0:
        step = min(days, 300)
        page.goto("/")
        page.evaluate(
            """async step => {
                const form = document.querySelector("form[action*='/demo/advance/']");
                const body = new URLSearchParams(new FormData(form));
                await fetch(`/demo/advance/${step}/`, {method: 'POST', body});
            }""",
            step,
        )
        days -= step


def member(page: Page, unit: str) -> Title:
    """An area becomes a member with a green card."""
    file = apply(page, unit)
    steps = f"/applications/{file.pk}/steps/"
    become(page, "lead", steps)
    make(page, "submit")
    become(page, "officer", steps)
    name_evaluators(page)
    make(page, "send")
    become(page, "reviewer")
    fill_in(page, file, "mission", "10")
    evaluate(page, steps, "recommend")
    become(page, "council", steps)
    make(page, "award")
    page.wait_for_url("**/register/**")
    expect(page.locator(".standing-valid")).to_be_visible()
    return Title.objects.get(unit__name=unit)


def running(procedure: str) -> str:
    found = Proceeding.objects.get(procedure_id=procedure, closed_at=None)
    return f"/proceedings/{found.pk}/"


def check_again(page: Page, title: Title, card: str, reason: str) -> None:
    """Time passes until the revalidation opens; it ends with the card."""
    until = standing(title, now().date()).term.until
    let_pass(page, (until - now().date()).days - 150)
    become(page, "officer", running("revalidation"))
    name_evaluators(page)
    make(page, "send")
    evaluate(page, running("revalidation"), card, reason)


def picture(page: Page, name: str) -> None:
    """A picture for the docs in both languages, where `make screenshots` asks for it."""
    folder = os.environ.get("SHIFAN_PICTURES")
    for short, language in (("en", "en"), ("zh", "zh-hans")) if folder else ():
        speak(page, language)
        page.reload(wait_until="networkidle")
        page.screenshot(path=f"{folder}/{name}-{short}.png")


def test_whole_life_of_a_geopark(page: Page):
    title = member(page, "抚仙湖")
    check_again(page, title, "yellow", "道路失修")
    let_pass(page, 160)
    page.goto(f"/register/{title.pk}/")
    expect(page.locator("main")).to_contain_text("yellow")

    check_again(page, title, "red", "未整改")
    page.goto(f"/register/{title.pk}/")
    expect(page.locator(".standing-revoked")).to_be_visible()
    become(page, "lead", running("appeal"))
    make(page, "lodge", "已整改到位")
    page.goto(f"/register/{title.pk}/")
    expect(page.locator(".standing-valid")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("暂缓执行")
    picture(page, "title")
    become(page, "council", running("appeal"))
    make(page, "uphold", "证据充分")
    page.goto(f"/register/{title.pk}/")
    expect(page.locator(".standing-revoked")).to_be_visible()


def test_title_that_nobody_looks_at_lapses_by_the_clock(page: Page):
    title = member(page, "石林")

    let_pass(page, 4 * 366)

    page.goto(f"/register/{title.pk}/")
    expect(page.locator(".standing-expired")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("称号失效")
    become(page, "lead", "/proceedings/")
    page.get_by_role("link", name="石林").first.click()
    expect(page.locator("main")).to_contain_text("到期自动办理")
    speak(page, "en")
    page.reload()
    expect(page.locator("main")).to_contain_text("By the clock")
    assert timedelta(0) <= now() - Proceeding.objects.get(procedure_id="revalidation").closed_at
