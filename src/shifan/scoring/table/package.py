"""The parts of an XLSX package: checked for size before anything is unpacked."""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from shifan.scoring.table.rows import Refused
from shifan.scoring.table.shown import BUILT_IN, PLAIN

MAX_UNPACKED = 4_000_000_000
"""Bytes all parts may have together; a full sheet of 1,048,576 × 84 cells has about 3 GB."""
MAX_RATIO = 200
"""Times a package may grow when unpacked, once it is larger than ``SMALL``."""
SMALL = 50_000_000
MAX_PART = 100_000_000
"""Bytes of a part that is held in memory (shared strings, styles, the list of sheets)."""


@dataclass(frozen=True)
class SheetPart:
    """A worksheet of the workbook: its name, its part, whether it is shown."""

    name: str
    part: str
    visible: bool


@contextmanager
def sentences() -> Iterator[None]:
    """Turn what a damaged package raises into a sentence."""
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, KeyError, ValueError, SyntaxError) as error:
        raise Refused(
            f"工作簿已损坏，无法读取（{error}）", f"the workbook is damaged: {error}"
        ) from error
    except (RuntimeError, NotImplementedError) as error:
        raise Refused(
            "工作簿已加密，请先取消密码", "the workbook is encrypted; remove its password first"
        ) from error


class Package:
    """An XLSX file open for reading. Raises Refused when it is too large or damaged."""

    def __init__(self, path: Path) -> None:
        with sentences():
            self._zip = ZipFile(path)
            self._names = set(self._zip.namelist())
        self._check_sizes(path.stat().st_size)
        with sentences():
            self._read_workbook()

    def close(self) -> None:
        self._zip.close()

    @property
    def unpacked(self) -> int:
        """Bytes that all parts have together."""
        return sum(part.file_size for part in self._zip.infolist())

    def _check_sizes(self, packed: int) -> None:
        unpacked = self.unpacked
        bomb = unpacked > SMALL and unpacked > MAX_RATIO * packed
        if unpacked > MAX_UNPACKED or bomb:
            size, limit = unpacked // 1_000_000, MAX_UNPACKED // 1_000_000
            raise Refused(
                f"工作簿解压后有 {size} MB，未予打开（上限 {limit} MB，"
                f"且不超过压缩后大小的 {MAX_RATIO} 倍）",
                f"the workbook would unpack to {size} MB; at most {limit} MB and {MAX_RATIO} times "
                "its packed size are opened",
            )

    def _read_workbook(self) -> None:
        root = self._xml("xl/workbook.xml")
        targets = self._targets()
        self.sheets: list[SheetPart] = []
        for sheet in _named(root, "sheet"):
            link = next((v for k, v in sheet.items() if _local(k) == "id"), "")
            kind, part = targets.get(link, ("", ""))
            if kind == "worksheet" and part in self._names:
                visible = sheet.get("state", "visible") == "visible"
                self.sheets.append(SheetPart(sheet.get("name", ""), part, visible))
        by_kind = {kind: part for kind, part in targets.values() if part in self._names}
        self.strings = self._bytes(by_kind["sharedStrings"]) if "sharedStrings" in by_kind else b""
        self.styles = self._bytes(by_kind["styles"]) if "styles" in by_kind else b""

    def _targets(self) -> dict[str, tuple[str, str]]:
        """Relationship id → its kind and the part it leads to."""
        found: dict[str, tuple[str, str]] = {}
        for link in _named(self._xml("xl/_rels/workbook.xml.rels"), "Relationship"):
            target = posixpath.normpath(posixpath.join("/xl", link.get("Target", "")))
            kind = link.get("Type", "").rpartition("/")[2]
            found[link.get("Id", "")] = (kind, target.lstrip("/"))
        return found

    def _bytes(self, part: str) -> bytes:
        size = self._zip.getinfo(part).file_size
        if size > MAX_PART:
            found, limit = size // 1_000_000, MAX_PART // 1_000_000
            raise Refused(
                f"工作簿的 {part} 有 {found} MB，超过 {limit} MB 的上限",
                f"part {part} of the workbook has {found} MB; at most {limit} MB are read",
            )
        return self._zip.read(part)

    def _xml(self, part: str) -> ElementTree.Element:
        content = self._bytes(part)
        if b"<!DOCTYPE" in content:
            raise Refused(
                "工作簿含有文档类型声明，未予打开",
                "the workbook declares a document type, which no spreadsheet does",
            )
        return ElementTree.fromstring(content)  # noqa: S314 (no entities without a DOCTYPE)

    def open(self, sheet: SheetPart) -> IO[bytes]:
        return self._zip.open(sheet.part)

    def number_formats(self) -> dict[int, str]:
        """Cell style → the code of the number format it shows numbers in; those with one only."""
        if not self.styles or b"<!DOCTYPE" in self.styles:
            return {}
        with sentences():
            root = ElementTree.fromstring(self.styles)  # noqa: S314 (no entities without a DOCTYPE)
            codes = BUILT_IN | {
                int(each.get("numFmtId", "0")): each.get("formatCode", "General")
                for each in _named(root, "numFmt")
            }
            cells = next(iter(_named(root, "cellXfs")), None)
            found = {
                index: codes.get(int(style.get("numFmtId", "0")), "General")
                for index, style in enumerate([] if cells is None else cells)
            }
        return {style: code for style, code in found.items() if code not in PLAIN}


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _named(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if _local(element.tag) == name]
