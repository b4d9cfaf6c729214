"""What a facts file is, by its content; its name says nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from zipfile import BadZipFile, ZipFile

from shifan.scoring.table.rows import Refused

Format = Literal["csv", "xlsx", "parquet"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def sniff(path: Path) -> Format:
    """The format of the file. Raises Refused with a sentence for anything but the three."""
    with path.open("rb") as stream:
        head = stream.read(8)
    if not head:
        raise Refused("文件是空的", "the file is empty")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK"):
        return _zip(path)
    if head.startswith(_OLE):
        raise _ole(path)
    for magic, name in ((b"%PDF", "PDF"), (b"\x1f\x8b", "gzip"), (b"Rar!", "RAR"), (b"7z", "7z")):
        if head.startswith(magic):
            raise Refused(f"这是 {name} 文件，不是数据表", f"this is a {name} file, not a table")
    return "csv"


def _zip(path: Path) -> Format:
    try:
        with ZipFile(path) as package:
            names = set(package.namelist())
    except BadZipFile as error:
        raise Refused(
            "工作簿已损坏或不完整，无法打开", f"the workbook is damaged or incomplete: {error}"
        ) from error
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise Refused(
            "二进制工作簿（.xlsb）不能读取，请另存为 .xlsx",
            "binary workbooks (.xlsb) are not read; save it as .xlsx",
        )
    raise Refused(
        "这是压缩包，但不是 Excel 工作簿（.xlsx）",
        "this is a zip file, but not an Excel workbook (.xlsx)",
    )


def _ole(path: Path) -> Refused:
    with path.open("rb") as stream:
        content = stream.read(50_000_000)
    if _ENCRYPTED in content:
        return Refused(
            "工作簿设有密码，请取消密码后再导入",
            "the workbook is protected by a password; remove it first",
        )
    return Refused(
        "旧版 Excel 文件（.xls）不能读取：其中的错误值会被当作空白；请另存为 .xlsx",
        "old Excel files (.xls) are not read, since their error cells would pass for empty ones; "
        "save it as .xlsx",
    )
