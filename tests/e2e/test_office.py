"""A foreign programme, from a folder of one's own to a title that lapses, run by its office."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from typer.testing import CliRunner

from shifan.accounts.models import User
from shifan.cli import app
from shifan.cycles.models import Proposal
from shifan.demo import actions as demo_actions
from shifan.demo.clock import now
from shifan.people.models import Membership
from shifan.proceedings.models import Proceeding
from shifan.titles.models import Title
from shifan.units.models import Unit
from tests.e2e.conftest import speak
from tests.e2e.test_geopark import become, let_pass, make, picture
from tests.e2e.test_pages import look

PLACES = """code,name,level,parent,name_en
GB,United Kingdom,country,,
GB-SCT,Scotland,province,GB,
GB-HLD,Highland,prefecture,GB-SCT,
"""


def run(*words: str) -> None:
    made = CliRunner().invoke(app, [*words])
    assert made.exit_code == 0, made.output


@pytest.fixture
def book(tmp_path) -> Path:
    folder = tmp_path / "parks"
    run("rulebook", "new", str(folder), "--time-zone", "Europe/London")
    return folder


@pytest.fixture
def demo(transactional_db, book, tmp_path) -> None:
    """An empty database, filled by the commands of the guide; a clock that can be moved."""
    demo_actions.mark(now=now())
    (tmp_path / "places.csv").write_text(PLACES)
    run("places", "load", str(tmp_path / "places.csv"))
    run("rulebook", "publish", str(book))
    for name in ("ann", "ben", "cat"):
        User.objects.create(username=name, name=name, is_demo=True)
    for name in ("ann", "ben"):
        run("accounts", "grant", name, "--role", "officer", "--tier", "office", "--area", "GB")


def archive(book: Path) -> Path:
    path = book.parent / "parks.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for each in book.rglob("*.yaml"):
            packed.write(each, f"parks/{each.relative_to(book)}")
    return path


def test_office_runs_its_programme_to_a_title_that_lapses(page: Page, book):
    office = "/programmes/parks/office/"

    # A second version: checked, compared, published.
    measures = book / "measures.yaml"
    text = measures.read_text().replace('version: "1"', 'version: "2"')
    measures.write_text(text.replace("to: review", "to: nowhere"))
    become(page, "ann", office)
    page.set_input_files("input[name=file]", archive(book))
    with page.expect_navigation():
        page.locator("form[action$='/propose/'] button").click()
    expect(page.locator("main")).to_contain_text("measures.yaml:")
    measures.write_text(text.replace("years: 3", "years: 4"))
    page.goto(office)
    page.set_input_files("input[name=file]", archive(book))
    with page.expect_navigation():
        page.locator("form[action$='/propose/'] button").click()
    expect(page.locator("main")).to_contain_text("effects")
    proposal = page.url
    with page.expect_navigation():
        page.locator("main form .btn-primary").click()

    # A round under it, and a unit with its people.
    page.locator("[name=year]").fill(str(now().year))
    with page.expect_navigation():
        page.locator("form[action$='/cycles/'] button").click()
    page.goto(f"{office}units/")
    page.locator("[name=name]").fill("Coul Park")
    page.locator("[name=place]").fill("GB-HLD")
    with page.expect_navigation():
        page.locator("form:has([name=place]) button").click()
    unit = Unit.objects.get(name="Coul Park")
    for role in ("lead", "clerk"):
        Membership.objects.create(user=User.objects.get(username="cat"), role=role, unit=unit)

    # It applies, and the office awards the title.
    become(page, "cat", "/applications/")
    with page.expect_navigation():
        page.locator(".start-card", has_text="Coul Park").locator("button").first.click()
    file = Proceeding.objects.get(unit=unit)
    assert file.rulebook.version == "2"
    page.goto(f"/applications/{file.pk}/sheet/self/")
    page.locator("main form input[type=radio][value=true]").first.check()
    page.locator("main form input[inputmode]").first.fill("90")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    page.goto(f"/applications/{file.pk}/steps/")
    expect(page.locator("footer")).to_contain_text("Europe/London")
    make(page, "submit")
    become(page, "ann", f"/applications/{file.pk}/steps/")
    make(page, "award")
    title = Title.objects.get(unit=unit)
    page.goto(f"/register/{title.pk}/")
    expect(page.locator(".standing-valid")).to_be_visible()

    # Every page of the office, at both widths.
    addresses = ("/", "/programmes/", "/register/?programme=parks", office, f"{office}units/",
                 f"{office}titles/", proposal, "/titles/begin/", "/people/conflicts/")  # fmt: skip
    for language in ("zh-hans", "en"):
        speak(page, language)
        assert [line for address in addresses for line in look(page, address)] == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(office)
    picture(page, "office")
    assert Proposal.objects.get().published is not None

    # Nobody visits: it lapses by the clock.
    let_pass(page, 480)
    page.goto(f"/register/{title.pk}/")
    expect(page.locator(".standing-expired")).to_be_visible()
