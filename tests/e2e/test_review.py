"""Unit → department → provincial return → resubmission → approval → national list.

On a desktop and a telephone, in both languages, by keyboard alone and by touch.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

from playwright.sync_api import Page, expect

from shifan.demo.facts import plausible
from shifan.evidence.models import Attachment
from shifan.ledger.queries import verify
from shifan.proceedings.models import Proceeding
from tests.e2e.conftest import NARROW, become, speak
from tests.e2e.hands import Keyboard, Mouse

GIVEN = "1.3.2"
"""A clause that is still open in the demo's draft."""
BY_HAND = 6
"""Lines of a sheet that are filled in as the test does all else."""


def test_file_goes_back_and_comes_again(page: Page, tmp_path):
    """The way there at a desk, in Chinese, by keyboard alone; back and forth on a telephone, in
    English."""
    page.goto("/")
    speak(page, "zh-hans")
    hand: Mouse = Keyboard(page)
    draft = Proceeding.objects.get(stage="draft")
    base = f"/applications/{draft.pk}"

    # A clause goes to a department, which states it; the clerk states the rest, with a document.
    become(page, "clerk")
    page.goto(f"{base}/tasks/")
    hand.tick(page.locator(f"#t-{GIVEN.replace('.', chr(92) + '.')}"))
    department = draft.unit.departments.get(name="生态环境局")
    hand.select(page.locator("#department"), str(department.pk))
    with page.expect_navigation():  # unlike a click, a key press does not wait for the next page
        hand.press(page.locator("form:has(#department) .btn-primary"))
    become(page, "contributor")
    fill(page, hand, draft, "self")
    assert draft.facts.get(provision=GIVEN).stated_by.username == "contributor"
    become(page, "clerk")
    fill(page, hand, draft, "self")
    page.goto(f"{base}/clauses/1.1.1/")
    hand.bring(page.locator("input[name=files]"), document(tmp_path, "方案.pdf", b"1"))
    hand.press(page.locator("form[action$='/attach/'] button[type=submit]"))
    expect(page.locator(".evidence-item")).to_contain_text("方案.pdf")
    become(page, "lead")
    move(page, hand, draft, "submit")

    # The province sends one clause back, with its kind and a reason.
    become(page, "province-reviewer")
    for source in ("provincial_check", "survey"):
        fill(page, hand, draft, source)
    page.goto(f"{base}/review/1.1.1/")
    hand.choose(page.locator("input[name=verdict][value=return]"))
    hand.choose(page.locator("input[name=kind][value=incomplete]"))
    hand.write(page.locator("[name=reason]"), "文件缺少附件")
    hand.press(page.locator("form:has([name=verdict]) button[type=submit]").first)
    page.wait_for_url("**/review/**")
    page.goto(f"{base}/review/")
    hand.press(page.locator("form[action$='/review/rest/'] button"))
    page.wait_for_url("**/review/")
    move(page, hand, draft, "return")

    # The clerk, on a telephone, is shown what to mend, and puts a new version in its place.
    page.set_viewport_size(NARROW)
    speak(page, "en")
    hand = Mouse(page)
    become(page, "clerk")
    page.goto(f"{base}/")
    expect(page.locator("section.next")).to_contain_text("文件缺少附件")
    old = Attachment.objects.get(proceeding=draft)
    page.goto(f"/evidence/{old.pk}/file/")
    hand.press(page.locator("summary").last)
    hand.bring(page.locator("#new-version"), document(tmp_path, "方案（含附件）.pdf", b"2"))
    hand.press(page.locator("form[action$='/revise/'] button"))
    expect(page.locator("h1")).to_contain_text("方案（含附件）.pdf")
    become(page, "lead")
    move(page, hand, draft, "submit")

    # The province looks again at what changed, and at nothing else.
    become(page, "province-reviewer")
    page.goto(f"{base}/review/?show=left")
    assert page.locator("[id^=line-]").evaluate_all("all => all.map(e => e.id)") == ["line-1.1.1"]
    page.goto(f"{base}/review/1.1.1/")
    hand.choose(page.locator("input[name=verdict][value=agree]"))
    hand.press(page.locator("form:has([name=verdict]) button[type=submit]").first)
    page.wait_for_url("**/review/")
    move(page, hand, draft, "pass")
    become(page, "province-approver")
    move(page, hand, draft, "approve_area", document(tmp_path, "批复.pdf", b"3"))
    expect(page.locator("main")).to_contain_text("批复.pdf")

    # It stands in the national list, as one that waits.
    become(page, "national-reviewer")
    row = page.locator("tr", has=page.locator(f"a[href='{base}/']"))
    expect(row.locator(".turn")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    assert verify()["ok"] is True


def test_claim_is_verified_and_two_units_apply_jointly(page: Page):
    """A visitor claims a prefecture, the province verifies it, and it joins a neighbour's file."""
    draft = Proceeding.objects.get(stage="draft")
    page.goto("/people/account/")
    page.locator("[name=username]").fill("zhaotong")
    page.locator("[name=name]").fill("昭通市 负责人")
    page.locator("[name=password]").fill("a-long-password-7312")
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/people/")
    page.goto("/people/claim/?q=昭通")
    page.locator("a[href='?place=5306']").click()
    page.locator("[name=grounds]").fill("昭通市人民政府办公室〔2026〕5号")
    page.locator("form:has([name=grounds]) button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("昭通市")

    become(page, "province-approver")
    page.goto("/people/")
    page.locator("a[href^='/people/claims/']").click()
    page.locator("button[name=grant]").click()
    become(page, "lead")
    page.goto(f"/applications/{draft.pk}/partners/?q=昭通市")
    page.locator("form:has([name=unit]) button").first.click()
    expect(page.locator("main")).to_contain_text("未答复")

    page.locator("form[action$='/logout/'] button, a[href$='/logout/']").first.click()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("zhaotong")
    page.locator("[name=password]").fill("a-long-password-7312")
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/applications/")
    page.locator("button[name=agree]").click()
    page.wait_for_url(f"**/applications/{draft.pk}/")
    expect(page.locator("h1")).to_contain_text(draft.unit.name)
    page.goto(f"/applications/{draft.pk}/eligibility/")
    expect(page.locator("main")).to_contain_text("昭通市")


def test_film_over_a_line_that_breaks_goes_on_where_it_stopped(page: Page, tmp_path):
    become(page, "clerk")
    draft = Proceeding.objects.get(stage="draft")
    film = tmp_path / "巡查.mp4"
    film.write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + Random(1).randbytes(20_000_000))
    pieces: list[str] = []

    def line(route):
        pieces.append(route.request.headers["upload-offset"])
        if len(pieces) == 2:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/evidence/uploads/**", lambda r: line(r)
               if r.request.method == "PATCH" else r.continue_())  # fmt: skip
    page.goto(f"/applications/{draft.pk}/clauses/1.1.1/")
    page.locator("input[name=files]").set_input_files(str(film))
    page.locator("form[action$='/attach/'] button[type=submit]").click()

    expect(page.locator(".evidence-item")).to_contain_text("巡查.mp4", timeout=30_000)
    assert pieces[:3] == ["0", "8000000", "8000000"]
    assert Attachment.objects.get(proceeding=draft).file.size == film.stat().st_size


def document(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\n%" + content + b"\ntrailer<<>>\n%%EOF")
    return path


def fill(page: Page, hand: Mouse, proceeding: Proceeding, source: str) -> None:
    """Fill every line that is on the sheet with a fact that earns full marks; after the first few
    lines, which have a field of each kind, with the mouse."""
    page.goto(f"/applications/{proceeding.pk}/sheet/{source}/")
    asked = page.locator("input[name^='seen:']").evaluate_all("all => all.map(e => e.name)")
    facts, given = plausible(proceeding.indicators, 1.0, Random(1)), hand
    for number, name in enumerate(asked):
        hand = hand if number < BY_HAND else Mouse(page)
        for column, value in facts.get(name.removeprefix("seen:"), {}).items():
            field = page.locator(f"[name='{column}']")
            kind = field.first.get_attribute("type")
            if kind == "radio":
                hand.choose(page.locator(f"[name='{column}'][value='{value}']"))
            elif kind == "checkbox":
                hand.tick(field, value == "true")
            elif field.first.evaluate("e => e.tagName") == "SELECT":
                hand.select(field, value)
            else:
                hand.write(field, value)
    given.press(page.locator("form:has(input[name^='seen:']) button[type=submit]").last)
    page.wait_for_url(f"**/applications/{proceeding.pk}/")


def move(
    page: Page, hand: Mouse, proceeding: Proceeding, name: str, file: Path | None = None
) -> None:
    page.goto(f"/applications/{proceeding.pk}/steps/")
    form = page.locator(f"form[action$='/{name}/']")
    for text in form.locator("textarea").all():
        hand.write(text, "请补充附件")
    for text in form.locator("input[type=text]").all():
        hand.write(text, "云民委发〔2026〕1号")
    if file is not None:
        hand.bring(form.locator("input[type=file]"), file)
    hand.press(form.locator("button"))
    page.wait_for_url("**/receipts/**")
