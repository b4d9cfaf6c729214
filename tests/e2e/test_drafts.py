"""Typing in the browser: kept by itself, shown at once, safe from an expired sign-in."""

from playwright.sync_api import Page, expect

from shifan.proceedings.models import Proceeding
from shifan.statements.models import Draft, Fact
from tests.e2e.conftest import become, speak


def opened(page: Page):
    page.goto("/")
    speak(page, "zh-hans")
    become(page, "clerk")
    proceeding = Proceeding.objects.get(stage="draft")
    stated = set(proceeding.facts.filter(superseded_at=None).values_list("provision", flat=True))
    clause = next(
        c for c in proceeding.indicators.clauses
        if c.input.type == "count" and "self" in c.input.from_ and c.id not in stated
    )  # fmt: skip
    page.goto(f"/applications/{proceeding.pk}/clauses/{clause.id}/")
    return proceeding, clause


def test_typing_is_kept_and_previewed_without_pressing_anything(page: Page):
    proceeding, clause = opened(page)
    facts = Fact.objects.count()

    page.locator(f"[name='{clause.input.name}']").press_sequentially("17")

    expect(page.locator("[data-draft-says]")).to_contain_text("若按此填报")
    assert Draft.objects.get().values == {clause.input.name: "17"}
    assert Fact.objects.count() == facts
    page.goto(f"/applications/{proceeding.pk}/sheet/self/")
    expect(page.locator(f"[name='{clause.input.name}']")).to_have_value("17")


def test_lost_line_is_told_and_the_typing_kept_when_it_is_back(page: Page):
    _, clause = opened(page)
    page.route("**/draft/**", lambda route: route.fulfill(status=502))
    page.locator(f"[name='{clause.input.name}']").press_sequentially("5")
    expect(page.locator("[data-draft-says]")).to_contain_text("未能保存草稿")

    page.unroute("**/draft/**")

    expect(page.locator("[data-draft-says]")).to_contain_text("若按此填报", timeout=10_000)
    assert Draft.objects.get().values == {clause.input.name: "5"}


def test_expired_sign_in_costs_one_click_and_no_typing(page: Page):
    proceeding, clause = opened(page)
    page.locator(f"[name='{clause.input.name}']").press_sequentially("6")
    page.locator("[name=note]").press_sequentially("见附件二")
    expect(page.locator("[data-draft-says]")).to_contain_text("若按此填报")
    page.context.clear_cookies(name="sessionid")
    page.locator("[name=note]").press_sequentially("第三页")
    expect(page.locator("[data-draft-says]")).to_contain_text("登录已过期")

    page.locator("#save-self").click()
    page.wait_for_url("**/accounts/login/**")
    page.locator("main form[action$='/clerk/'] button").click()
    page.wait_for_url("**/carried/")
    expect(page.locator("main")).to_contain_text("见附件二第三页")
    page.locator("main form button").first.click()

    page.wait_for_url(f"**/clauses/{clause.id}/")
    fact = proceeding.facts.get(provision=clause.id, superseded_at=None)
    assert (fact.values, fact.note) == ({clause.input.name: "6"}, "见附件二第三页")
