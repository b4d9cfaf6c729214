"""Take the pictures of README and docs from a site that is really running.

    python -m tools.screenshots

Serves a fresh demo on a free port with its own state folder, takes the pictures, stops it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 360, "height": 740}


def main() -> None:
    """Serve, take every picture in both languages, stop."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as state, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        env = {**os.environ, "SHIFAN_STATE": state, "SHIFAN_DEMO": "1"}
        shifan = Path(sys.executable).parent / "shifan"
        with subprocess.Popen(
            [shifan, "serve", "--port", str(port), "--workers", "1"], env=env
        ) as site:
            try:
                _wait(port, site)
                _take(f"http://127.0.0.1:{port}")
            finally:
                site.terminate()
                site.wait(timeout=30)


def _wait(port: int, site: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
            return
        except (URLError, OSError):
            if site.poll() is not None:
                raise SystemExit("the site did not start") from None
            time.sleep(0.2)
    raise SystemExit("the site did not answer within a minute")


def _take(base: str) -> None:
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    flags = ["--disable-gpu", "--disable-background-networking"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        for short, language in (("zh", "zh-hans"), ("en", "en")):
            context = browser.new_context(base_url=base, viewport=WIDE)
            context.add_cookies([{"name": "django_language", "value": language, "url": base}])
            page = context.new_page()
            _shot(page, "/", f"home-{short}")
            _shot(page, "/register/", f"register-{short}")
            _shot(page, "/rulebooks/neac/2020/prefecture/", f"indicators-{short}")
            page.goto("/")
            form = page.locator("form[action$='/demo/sign-in/clerk/'] button")
            form.first.dispatch_event("click")
            page.wait_for_url("**/applications/")
            draft = page.locator("main tr[data-row] th a").first.get_attribute("href")
            assert draft is not None
            _shot(page, draft, f"workspace-{short}")
            _shot(page, f"{draft}clauses/3.2.4/", f"clause-{short}")
            page.set_viewport_size(NARROW)
            _shot(page, draft, f"workspace-narrow-{short}")
            page.set_viewport_size(WIDE)
            page.goto("/")
            office = page.locator("form[action$='/demo/sign-in/province-reviewer/'] button")
            office.first.dispatch_event("click")
            page.wait_for_url("**/applications/")
            page.goto("/surveys/")
            survey = page.locator("main th a").first.get_attribute("href")
            assert survey is not None
            _shot(page, survey, f"survey-{short}")
            page.goto("/")
            officer = page.locator("form[action$='/demo/sign-in/national-officer/'] button")
            officer.first.dispatch_event("click")
            page.wait_for_url("**/board/")
            _shot(page, "/board/", f"board-{short}")
            page.set_viewport_size(NARROW)
            _shot(page, f"{survey.replace('/surveys/', '/s/')}?lang={short}", f"answer-{short}")
            context.close()
        browser.close()


def _shot(page: Page, address: str, name: str) -> None:
    page.goto(address, wait_until="networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")
    print(f"{name}.png")


if __name__ == "__main__":
    main()
