"""A small sound rule book to start from, copied to a folder of one's own."""

from __future__ import annotations

import re
from importlib.resources import as_file, files
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shifan.rulebook.base import Text


class NotWritten(Exception):
    """Why the book was not written; ``text`` says it."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def write(folder: Path, programme: str, time_zone: str) -> str:
    """Write the book to the folder, which must not be there yet; the short name it got.

    Raises NotWritten for an unknown time zone, a name without a letter, or a folder that is there.
    """
    name = re.sub(r"[^a-z0-9]+", "_", programme.lower()).strip("_")[:60]
    if not name or not name[0].isalpha():
        raise NotWritten(
            Text(
                zh=f"项目简称“{programme}”须以拉丁字母开头，请用 --programme 另取。",
                en=f"The short name {programme!r} must begin with a Latin letter: "
                "choose another by --programme.",
            )
        )
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise NotWritten(
            Text(zh=f"没有时区 {time_zone}。", en=f"There is no time zone {time_zone}.")
        ) from error
    if folder.exists():
        raise NotWritten(Text(zh=f"{folder} 已存在。", en=f"{folder} is there already."))
    with as_file(files(__name__)) as starter:
        for source in sorted(starter.rglob("*.yaml")):
            target = folder / source.relative_to(starter)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = source.read_text("utf-8")
            text = text.replace("programme: example\n", f"programme: {name}\n", 1)
            text = text.replace("time_zone: Asia/Shanghai\n", f"time_zone: {time_zone}\n", 1)
            target.write_text(text, "utf-8")
    return name
