"""A rule book sent as a .zip of its folder."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path, PurePosixPath

from shifan.rulebook.base import Text

MOST_FILES = 500
MOST_BYTES = 30_000_000
KINDS = (".yaml", ".yml", ".xlsx", ".csv")


class BadArchive(Exception):
    """Why the archive is not taken; ``text`` says it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh=zh, en=en)


def unpack(sent: bytes, into: Path) -> Path:
    """The folder of the one rule book in the archive, written beneath ``into``.

    Only what rule books consist of is written. Raises BadArchive for what is no archive, is too
    large when unpacked, leads outside, or holds no rule book or several.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(sent)) as archive:
            return _unpack(archive, into)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadArchive(
            "文件不是可以打开的 .zip 压缩包", "the file is no .zip archive that can be opened"
        ) from error


def _unpack(archive: zipfile.ZipFile, into: Path) -> Path:
    members = [each for each in archive.infolist() if not each.is_dir()]
    if len(members) > MOST_FILES or sum(each.file_size for each in members) > MOST_BYTES:
        raise BadArchive("压缩包展开后过大", "the archive is too large when unpacked")
    budget = MOST_BYTES
    for each in members:
        path = PurePosixPath(each.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in each.filename:
            raise BadArchive(
                f"压缩包内的路径通向外部：{each.filename[:80]}",
                f"a path in the archive leads outside: {each.filename[:80]}",
            )
        if path.suffix.lower() not in KINDS or "__MACOSX" in path.parts:
            continue
        with archive.open(each) as member:
            content = member.read(budget + 1)
        budget -= len(content)
        if budget < 0:
            raise BadArchive("压缩包展开后过大", "the archive is too large when unpacked")
        target = into / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    books = sorted(into.rglob("measures.yaml"))
    if len(books) != 1:
        raise BadArchive(
            f"压缩包内应恰有一部规则（一个 measures.yaml），现有 {len(books)} 个",
            f"the archive must hold one rule book (one measures.yaml), not {len(books)}",
        )
    return books[0].parent
