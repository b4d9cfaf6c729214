"""Lists to take away: the same rows as CSV or XLSX, written as they are read."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse

FORMULA = re.compile(r"^[=+\-@\t\r＝＋－＠]")
"""How a text begins that a spreadsheet would take for a formula."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Row = Sequence[Any]


def download(name: str, suffix: str, header: Row, rows: Iterable[Row]) -> HttpResponseBase:
    """The rows under their header as a file ``name``.``suffix``; 404 for any other suffix."""
    if suffix == "csv":
        lines = _csv(chain([header], rows))
        response: HttpResponseBase = StreamingHttpResponse(
            lines, content_type="text/csv; charset=utf-8"
        )
    elif suffix == "xlsx":
        response = FileResponse(_xlsx(header, rows), content_type=XLSX)
    else:
        raise Http404
    filename = quote(f"{name}.{suffix}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{filename}"
    return response


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterable[Row]) -> Iterator[str]:
    """With the mark by which Excel knows UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: Any) -> Any:
    """Text that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def _xlsx(header: Row, rows: Iterable[Row]) -> Any:
    """A file that is deleted when it is closed; text stays text."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False, "remove_timezone": True,
    }  # fmt: skip
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, header, bold)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
    file.seek(0)
    return file
