"""Collect every sentence of templates and Python, and keep the Chinese catalogue in step.

python -m tools.messages     # adds new sentences with an empty translation, drops unused ones
"""

from __future__ import annotations

import io
import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parent.parent / "src" / "shifan"
CATALOGUE = SOURCE / "site" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "_": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "gettext_noop": None, "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip

Message = tuple[str, ...]
"""A sentence, or a sentence and its plural."""


def collect() -> dict[Message, list[str]]:
    """Every message with the files it stands in."""
    from django.utils.translation.template import templatize

    found: dict[Message, list[str]] = {}
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]):
        text = path.read_text("utf-8")
        code = text
        if path.suffix == ".html":  # what templatize makes is Python but for its indentation
            code = "\n".join(line.lstrip() for line in templatize(text).splitlines())
        where = path.relative_to(SOURCE).as_posix()
        for _line, message, _comments, _context in extract(
            "python", io.BytesIO(code.encode()), keywords=KEYWORDS
        ):
            key = message if isinstance(message, tuple) else (message,)
            found.setdefault(tuple(part for part in key if part), []).append(where)
    return found


def catalogue() -> Catalog:
    """The Chinese catalogue as it is; empty if there is none yet."""
    if not CATALOGUE.exists():
        return _empty()
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def _empty() -> Catalog:
    return Catalog(
        locale="zh_Hans", project="Shifan", fuzzy=False, header_comment="# Chinese of Shifan.",
        last_translator="the Shifan authors", language_team="the Shifan authors",
    )  # fmt: skip


def update(translations: dict[Message, Message] | None = None) -> Catalog:
    """The catalogue with exactly the messages in use, keeping and adding translations."""
    old, new = catalogue(), _empty()
    given = translations or {}
    for message, files in collect().items():
        id_ = message if len(message) > 1 else message[0]
        held = old.get(message[0])
        string = given.get(message) or (held.string if held else "")
        if isinstance(string, tuple) and len(message) == 1:
            string = string[0]
        if isinstance(string, str) and len(message) > 1:
            string = (string,)
        new.add(id_, string, locations=[(name, None) for name in sorted(set(files))])
    return new


def save(made: Catalog) -> None:
    """Write the catalogue, sorted, without dates, so that equal content is an equal file."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, made, sort_output=True, omit_header=False, width=96, include_lineno=False)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    kept = [line for line in lines if "-Date:" not in line and "Generated-By" not in line]
    CATALOGUE.write_text("".join(kept), "utf-8")


def main() -> None:
    """Bring the catalogue in step and say what still wants a translation."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shifan.site.settings")
    import django

    django.setup()
    made = update()
    save(made)
    waiting = [str(m.id) for m in made if m.id and not (m.string and all(m.string))]
    print(f"{len(made)} sentences, {len(waiting)} without a translation")
    for sentence in waiting:
        print(f"  {sentence}")


if __name__ == "__main__":
    main()
