"""Posters: one page to hang up, with a code to scan and the address to type."""

from __future__ import annotations

import io
import json
from importlib.resources import files
from pathlib import Path

import segno
import typst
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop, override

from shifan.errors import DomainError
from shifan.rulebook.base import Text
from shifan.surveys.models import Campaign

FONTS = "node_modules/@expo-google-fonts/noto-sans-sc"
WEIGHTS = ("400Regular", "700Bold")


SAYS = {
    "ask": gettext_noop("Please tell us what you think"),
    "scan": gettext_noop("Scan the code, or type the address"),
    "kept": gettext_noop("Anonymous: nobody can tell who you are from your answers."),
}


class NoFont(DomainError):
    """There is no Chinese typeface to set the poster in."""

    status = 503


def address(campaign: Campaign) -> str:
    """Where the public answers."""
    return f"{settings.SITE_ADDRESS}/s/{campaign.code}/"


def qr(address: str) -> SafeString:
    """A code to scan from the screen, as a picture within the page."""
    drawn = segno.make(address).svg_inline(scale=4, border=2, light="white", title=address)
    return mark_safe(drawn)  # noqa: S308 - drawn here


def poster(campaign: Campaign, site: str = "") -> bytes:
    """The PDF; ``site`` names the place where it hangs. Raises NoFont."""
    code = io.BytesIO()
    segno.make(address(campaign), error="q").save(code, kind="svg", border=2)
    says = {
        language: {
            "name": campaign.rule.name.in_(language),
            **{key: _said(language, message) for key, message in SAYS.items()},
            "days": f"{campaign.opens_on:%Y-%m-%d} – {campaign.closes_on:%Y-%m-%d}",
        }
        for language in ("zh", "en")
    }
    content = {"unit": campaign.unit.name, "site": site[:60], "address": address(campaign), **says}
    return typst.compile(
        Path(str(files("shifan.surveys"))) / "poster.typ",
        font_paths=sorted({font.parent for font in _fonts()}), ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content), "code": code.getvalue().decode()},
    )  # fmt: skip


def _said(language: str, message: str) -> str:
    with override("en" if language == "en" else "zh-hans"):
        return gettext(message)


def _fonts() -> list[Path]:
    found = [
        path
        for weight in WEIGHTS
        for path in sorted((settings.PROJECT / FONTS / weight).glob("*.ttf"))
    ]
    if not found:
        raise NoFont(
            Text(
                zh="没有中文字体，无法生成海报：请运行 make setup。",
                en="There is no Chinese typeface to set the poster in: run make setup.",
            )
        )
    return found
