"""Every page, in both languages and at both widths: a title, no sideways scroll; axe silent."""

from __future__ import annotations

import io
import re
from zlib import crc32

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import Page, Response, expect

from shifan.evidence.models import Attachment
from shifan.proceedings.models import Proceeding
from shifan.titles.models import Title
from tests.e2e.conftest import NARROW, WIDE, become, speak

AXE = settings.PROJECT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def look(page: Page, address: str) -> list[str]:
    """What is wrong with a page at either width, in English, whose words are the longer ones, or,
    half of the pages, in Chinese; axe looks at each page once, in Chinese wide, in English narrow.
    """
    wrong: list[str] = []
    chinese = _speaks_chinese(page)
    looks = crc32(re.sub(r"[0-9a-f-]{36}", "", address).encode()) % 2 == chinese
    if chinese and not looks:
        return wrong
    page.set_viewport_size(WIDE)
    response = page.goto(address)
    assert response is not None
    if response.status >= 500:
        wrong.append(f"{address} answers {response.status}")
    if not page.title().removesuffix(" – 示范 Shifan").strip():
        wrong.append(f"{address} has no title")
    if page.locator("h1").count() != 1:
        wrong.append(f"{address} has {page.locator('h1').count()} h1")
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            wrong.append(f"{address} is {wide} px too wide at {size['width']}")
        if not looks or (size is WIDE) != chinese:
            continue
        page.evaluate(AXE.read_text())
        found = page.evaluate(
            "tags => axe.run(document, {runOnly: tags}).then(r => r.violations.map("
            "v => v.id + ': ' + v.nodes.map(n => n.html).slice(0, 2).join(' | ')))",
            TAGS,
        )
        wrong += [f"{address} at {size['width']}: {each}" for each in found]
    return wrong


def _speaks_chinese(page: Page) -> bool:
    return str(page.evaluate("document.documentElement.lang")).startswith("zh")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_public_pages(page: Page, language):
    page.goto("/")
    speak(page, language)
    title = Title.objects.filter(level="national").first()
    addresses = (
        "/", "/register/", "/register/?q=没有这样的单位", f"/register/{title.pk}/", "/rulebooks/",
        "/rulebooks/neac/2020/", "/rulebooks/neac/2020/prefecture/", "/accounts/login/",
        "/nowhere/",
    )  # fmt: skip

    assert [line for address in addresses for line in look(page, address)] == []


@pytest.mark.parametrize(
    ("language", "username", "stage", "source"),
    [
        ("zh-hans", "lead", "draft", "self"),
        ("en", "lead", "draft", "self"),
        ("en", "province-reviewer", "provincial_inspection", "provincial_check"),
        ("zh-hans", "national-officer", "proposed", None),
    ],
)
def test_pages_of_an_application(page: Page, language, username, stage, source):
    page.goto("/")
    speak(page, language)
    become(page, username)
    proceeding = Proceeding.objects.get(stage=stage)
    clauses = proceeding.indicators.clauses
    kinds = {clause.rule.kind: clause.id for clause in clauses}
    step = proceeding.steps.last()
    base = f"/applications/{proceeding.pk}"
    addresses = ["/applications/", "/applications/?q=没有", f"{base}/", f"{base}/?show=lost",
                 f"{base}/steps/", f"{base}/receipts/{step.pk}/", f"{base}/clauses/B1/",
                 f"{base}/clauses/V1/"]  # fmt: skip
    every = list(kinds.values())
    seen = every if stage == "draft" else every[:2]
    addresses += [f"{base}/clauses/{clause}/" for clause in seen]
    if stage == "draft":
        addresses += [f"{base}/tasks/", f"/workbook/{proceeding.pk}/self/"]
    else:
        addresses += ["/board/", f"{base}/review/", f"{base}/review/?show=changed"]
    if stage == "provincial_inspection":
        addresses += [f"{base}/review/{clause}/" for clause in every[:3]]
    if source:
        addresses += [f"{base}/sheet/{source}/", f"{base}/sheet/{source}/?all=1"]

    assert [line for address in addresses for line in look(page, address)] == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_of_files_and_people(page: Page, language):
    page.goto("/")
    speak(page, language)
    become(page, "lead")
    draft = Proceeding.objects.get(stage="draft")
    base = f"/applications/{draft.pk}"
    drawn = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(drawn, "PNG")
    page.goto(f"{base}/clauses/1.1.1/")
    picture = {"name": "现场.png", "mimeType": "image/png", "buffer": drawn.getvalue()}
    page.set_input_files("input[name=files]", [picture])
    page.locator("form[action$='/attach/'] button[type=submit]").click()
    page.wait_for_load_state("networkidle")
    file = Attachment.objects.get(proceeding=draft)
    page.goto(f"/people/units/{draft.unit_id}/")
    page.locator("form:has(#role) .btn-primary").click()
    expect(page.locator("input[readonly]")).to_have_count(1)
    link = page.locator("input[readonly]").input_value()
    addresses = (
        f"{base}/clauses/1.1.1/", f"/evidence/{file.pk}/file/",
        f"/evidence/{draft.pk}/1.1.2/vault/", f"/evidence/{draft.pk}/1.1.2/vault/?q=没有",
        f"{base}/eligibility/", f"{base}/partners/?q=州", "/people/",
        f"/people/units/{draft.unit_id}/", "/people/claim/?q=红塔&place=530402",
        link.removeprefix(page.url.split("/people")[0]), "/people/account/",
    )  # fmt: skip

    assert [line for address in addresses for line in look(page, address)] == []


def test_pages_of_the_auditor(page: Page):
    become(page, "auditor")

    addresses = ("/ledger/", "/ledger/?verify=1", "/burden/")
    assert [line for address in addresses for line in look(page, address)] == []


def test_public_pages_work_without_javascript(browser, address, demo):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.locator("input[name=q]").first.fill("芒市")
    page.locator("input[name=q]").first.press("Enter")

    assert "德宏傣族景颇族自治州芒市" in page.locator("main").inner_text()
    context.close()


def test_first_visit_is_light(page: Page):
    """All that a browser fetches, assets as the server sends them: compressed."""
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        name = response.url.rpartition("/static/")[2]
        packed = settings.STATIC_ROOT / f"{name}.gz"
        sizes[response.url] = packed.stat().st_size if packed.is_file() else len(response.body())

    page.on("response", weigh)
    page.goto("/", wait_until="networkidle")

    assert len(sizes) >= 4
    assert sum(sizes.values()) < 150_000
