"""The line in the browser: from a draft to the public register, by everyone in turn."""

from __future__ import annotations

from random import Random

from playwright.sync_api import Page, expect

from shifan.demo.facts import plausible
from shifan.ledger.queries import verify
from shifan.proceedings.models import Proceeding
from shifan.titles.models import Title
from tests.e2e.conftest import become

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def fill_sheet(page: Page, proceeding: Proceeding, source: str) -> None:
    """Fill every line that is on the sheet with a fact that earns full marks."""
    page.goto(f"/applications/{proceeding.pk}/sheet/{source}/")
    asked = page.locator("input[name^='seen:']").evaluate_all("all => all.map(e => e.name)")
    facts = plausible(proceeding.indicators, 1.0, Random(1))
    for name in asked:
        for column, value in facts.get(name.removeprefix("seen:"), {}).items():
            field = page.locator(f"[name='{column}']")
            kind = field.first.get_attribute("type")
            if kind == "radio":
                page.locator(f"[name='{column}'][value='{value}']").check()
            elif kind == "checkbox":
                field.set_checked(value == "true")
            elif field.first.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
    page.locator(f"form[action*='/sheet/{source}/'], main form").last.locator(
        "button[type=submit], button:not([type])"
    ).first.click()
    page.wait_for_url(f"**/applications/{proceeding.pk}/")


def move(page: Page, proceeding: Proceeding, name: str) -> None:
    application = proceeding.procedure_id == "application"
    page.goto(f"/applications/{proceeding.pk}/steps/" if application
              else f"/proceedings/{proceeding.pk}/")  # fmt: skip
    form = page.locator(f"form[action$='/{name}/']")
    for box in form.locator("input[type=checkbox]").all():
        box.check()
    for text in form.locator("input[type=text]").all():
        text.fill("云民委发〔2026〕1号")
    form.locator("button").click()


def test_unit_goes_from_draft_to_register(page: Page):
    become(page, "clerk")
    draft = Proceeding.objects.get(stage="draft")
    page.locator(f"a[href='/applications/{draft.pk}/']").first.click()
    expect(page.locator("h1")).to_contain_text(draft.unit.name)

    fill_sheet(page, draft, "self")
    page.goto(f"/applications/{draft.pk}/clauses/1.1.1/")
    page.set_input_files("input[type=file]", {
        "name": "方案.pdf", "mimeType": "application/pdf", "buffer": PDF,
    })  # fmt: skip
    page.locator("form[action$='/attach/'] button").click()
    expect(page.locator("main")).to_contain_text("方案.pdf")

    become(page, "lead")
    move(page, draft, "submit")
    expect(page.locator("main")).to_contain_text(draft.unit.name)
    page.wait_for_url("**/receipts/**")
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1, "a receipt is one sheet of paper"

    become(page, "province-reviewer")
    for source in ("provincial_check", "survey"):
        fill_sheet(page, draft, source)
    page.goto(f"/applications/{draft.pk}/review/")
    page.locator("form[action$='/review/rest/'] button").click()
    page.wait_for_url("**/review/")
    move(page, draft, "pass")
    page.wait_for_url("**/receipts/**")
    for username, name in (
        ("province-approver", "approve_area"), ("national-reviewer", "pass"),
        ("national-officer", "recommend"),
    ):  # fmt: skip
        become(page, username)
        move(page, draft, name)
        page.wait_for_url("**/receipts/**")
    become(page, "national-officer")
    batch = Proceeding.objects.get(procedure_id="batch")
    page.goto("/batches/")
    page.locator(f"a[href='/batches/{batch.pk}/']").first.click()
    page.locator("form[action$='/gather/'] button").click()
    page.wait_for_url(f"**/batches/{batch.pk}/")
    move(page, batch, "publish")
    page.goto("/")
    page.locator(f"a[href='/notices/{batch.pk}/']").first.click()
    expect(page.locator("main")).to_contain_text(draft.unit.name)
    with page.expect_navigation():
        page.locator("form[action$='/demo/advance/14/'] button").first.dispatch_event("click")
    become(page, "national-approver")
    move(page, batch, "release")
    expect(page.locator("main")).to_contain_text("已公布")

    title = Title.objects.get(level="national", unit=draft.unit)
    page.goto(f"/register/{title.pk}/")
    expect(page.locator("h1")).to_contain_text(draft.unit.name)
    expect(page.locator("main")).to_contain_text("neac/2020")
    page.goto("/register/?q=" + draft.unit.name)
    expect(page.locator(f"a[href^='/register/{title.pk}/']").first).to_be_visible()
    assert verify()["ok"] is True


def test_fact_shows_at_once_what_it_earns(page: Page):
    become(page, "clerk")
    draft = Proceeding.objects.get(stage="draft")
    clause = next(
        c for c in draft.indicators.clauses
        if c.rule.kind == "linear" and "self" in c.input.from_ and not c.not_applicable
    )  # fmt: skip
    page.goto(f"/applications/{draft.pk}/clauses/{clause.id}/")

    page.locator(f"[name='{clause.input.name}']").fill(str(clause.rule.full))
    page.locator("form[action$='/state/'] button").first.click()

    expect(page.locator(".saved").first).to_be_visible()
    expect(page.locator(".reason").first).to_contain_text("满分")


def test_bad_value_stays_in_the_form_with_a_sentence(page: Page):
    become(page, "clerk")
    draft = Proceeding.objects.get(stage="draft")
    clause = next(
        c for c in draft.indicators.clauses
        if c.input.type == "percent" and "self" in c.input.from_
    )  # fmt: skip
    page.goto(f"/applications/{draft.pk}/clauses/{clause.id}/")

    page.locator(f"[name='{clause.input.name}']").fill("一百五")
    page.locator("form[action$='/state/'] button").first.click()

    expect(page.locator("main")).to_contain_text("不是数字")
    expect(page.locator(f"[name='{clause.input.name}']")).to_have_value("一百五")
