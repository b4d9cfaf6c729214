"""Read CSV as people save it: any usual encoding, comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from charset_normalizer import from_bytes

from shifan.rulebook.base import Text
from shifan.scoring.table.rows import BATCH, Batch, Fault, Refused
from shifan.scoring.table.sniff import sniff

LONGEST_FIELD = 131_072
"""Characters in one field; more means that a quotation mark was never closed."""
_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Delimited:
    """A CSV file as a source of rows. Raises Refused when it is not text in a known encoding."""

    lettered = False
    sheet = ""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.encoding = encoding(path)
        self.delimiter = self._delimiter()

    def _delimiter(self) -> str:
        with self._path.open(encoding=self.encoding, newline="") as text:
            lines = text.read(65_536).splitlines()
        first = next((line for line in lines if line.strip()), "")
        return max(",;\t", key=first.count)

    def batches(self) -> Iterator[Batch]:
        """All records; one that is shorter or longer than the first is a fault of its row."""
        with self._path.open(encoding=self.encoding, newline="") as text:
            records = csv.reader(text, delimiter=self.delimiter, strict=True)
            first, width = 1, 0
            while True:
                rows = self._some(records, first)
                if not rows:
                    return
                width = width or next((len(row) for row in rows if any(row)), 0)
                yield _even(first, rows, width)
                first += len(rows)

    def _some(self, records: Iterator[list[str]], first: int) -> list[list[str]]:
        rows: list[list[str]] = []
        try:
            rows.extend(islice(records, BATCH))
        except csv.Error as error:
            raise Refused(
                f"第 {first} 行之后引号不成对或字段过长，无法分列（{error}）",
                f"after row {first} a quotation mark is not closed or a field has more than "
                f"{LONGEST_FIELD} characters ({error})",
            ) from error
        return rows


def encoding(path: Path) -> str:
    """The encoding the whole file decodes in: by its mark, else UTF-8, else GB18030, if it is that
    and no other that reads as well.

    Raises Refused for NUL bytes, for anything else, and on doubt.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            if _fault(path, name) is None:
                return name
            raise Refused(f"文件不是有效的 {name} 文本", f"the file is not valid {name} text")
    if (fault := _fault(path, "utf-8")) is None:
        return "utf-8"
    if fault == "nul":
        raise Refused(
            "文件含有空字节（NUL），不是文本；请另存为 CSV 或 XLSX",
            "the file has NUL bytes, so it is not text; save it as CSV or XLSX",
        )
    if _fault(path, "gb18030") is not None:
        raise Refused(
            "文件编码既不是 UTF-8，也不是 GB18030，请另存为 UTF-8 的 CSV",
            "the file is neither UTF-8 nor GB18030 text; save it as CSV in UTF-8",
        )
    likely = _likely(path)
    if likely == "gb18030":
        return likely
    name = EASTERN.get(likely, "")
    raise Refused(
        f"文件编码不是 UTF-8，{f'看来是 {name}' if name else '也难以确定是 GB18030'}，"
        "请另存为 UTF-8 的 CSV",
        f"the file is not UTF-8, and {f'seems to be {name}' if name else 'hardly GB18030'}; "
        "save it as CSV in UTF-8",
    )


def guessed(path: Path) -> Text | None:
    """What to tell about the encoding the file was read in; None where it said so itself."""
    if sniff(path) != "csv" or encoding(path) != "gb18030":
        return None
    return Text(
        zh="文件不是 UTF-8 编码，已按 GB18030 读取，请核对文字。",
        en="The file is not UTF-8; it was read as GB18030: please look whether the words are "
        "right.",
    )


OTHERS = (
    "gb18030", "big5", "cp949", "shift_jis", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254",
    "cp1255", "cp1256",
)  # fmt: skip
"""What spreadsheet programs save text in that is not Unicode."""
EASTERN = {"big5": "Big5", "cp949": "EUC-KR", "shift_jis": "Shift JIS"}
"""Those that can be told from one another."""
SECOND_LEVEL = 0xD8
"""From this first byte on GB 2312 has its rarer characters."""
_SAMPLE = 65_536


def _likely(path: Path) -> str:
    """The encoding that the lines which are not plain ASCII are most likely in; "" on doubt.

    Where several read equally well, it is GB18030 if the characters are common ones.
    """
    sample = bytearray()
    with path.open("rb") as stream:
        for line in stream:
            if not line.isascii():
                sample += line[:_SAMPLE]
            if len(sample) >= _SAMPLE:
                break
    matches = list(from_bytes(bytes(sample), cp_isolation=list(OTHERS)))
    best = min((match.chaos for match in matches), default=0.0)
    equal = [match.encoding for match in matches if match.chaos == best]
    if len(equal) > 1 and "gb18030" in equal:
        return "gb18030" if _is_common(bytes(sample)) else ""
    return equal[0] if equal else ""


def _is_common(sample: bytes) -> bool:
    """Whether it is GB 2312, and mostly of the first of its two levels of characters."""
    try:
        text = sample.decode("gb2312")
    except UnicodeDecodeError:
        return False
    firsts = [each.encode("gb2312")[0] for each in text if not each.isascii()]
    rare = sum(first >= SECOND_LEVEL for first in firsts)
    return 3 * rare <= len(firsts)


def _fault(path: Path, name: str) -> str | None:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                if "\0" in decoder.decode(chunk):
                    return "nul"
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "encoding"
    return None


def _even(first: int, rows: list[list[str]], width: int) -> Batch:
    """The rows as a rectangle."""
    faults: list[Fault] = []
    for index, row in enumerate(rows):
        found = len(row)
        if found == width or not any(row):
            if found != width:
                rows[index] = [""] * width
            continue
        if found < width or any(row[width:]):
            text = Text(
                zh=f"本行有 {found} 个字段，表头有 {width} 个",
                en=f"the row has {found} fields, the header {width}",
            )
            faults.append(Fault(first + index, None, text))
        rows[index] = (row + [""] * width)[:width]
    return Batch(first, 0, rows, faults)
