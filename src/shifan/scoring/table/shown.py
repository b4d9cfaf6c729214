"""What a spreadsheet shows of a number, by the format of its cell.

A workbook stores 0.5 where a person reads 50%, 2 for 2.00, 53 for 000053. What the person saw is
what counts, where text is read (names, labels, codes); dates and times are for the caller to judge.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "m/d/yyyy h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""The formats that workbooks name by number alone (ECMA-376 part 1, 18.8.30)."""

PLAIN = frozenset({"General", "@"})
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]')
_UNSEEN = re.compile(r"\[(?:[A-Za-z]+\d*|[<>=][^\]]*)\]|_.|\*.")
_DIGITS = re.compile(r"([#0,]*)(?:\.([0#]*))?(%?)")


def is_percent(code: str) -> bool:
    """Whether the format shows a number as a percentage."""
    return "%" in _LITERAL.sub("", code)


def is_padded(code: str) -> bool:
    """Whether the format fills a whole number up with zeros, as it does for codes."""
    return re.fullmatch("0{2,}", code) is not None


def shown(value: float, code: str) -> str | None:
    """The number as a cell of this format shows it; None where that cannot be told.

    >>> [shown(0.5, "0%"), shown(2.0, "0.00"), shown(53.0, "000000"), shown(1234.5, "#,##0.0")]
    ['50%', '2.00', '000053', '1,234.5']
    >>> shown(2.5, "General"), shown(95.0, '0"分"'), shown(0.5, "# ?/?")
    ('2.5', '95分', None)
    """
    exact = Decimal(f"{value:.15g}")  # the digits a spreadsheet keeps
    if code in PLAIN:
        text = f"{exact:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    parts = _parts(code, value < 0)
    if parts is None:
        return None
    before, whole, places, percent, after = parts
    exact = abs(exact) * 100 if percent else abs(exact)
    least, most = places.count("0"), len(places)
    number = exact.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    digits, _, decimals = f"{number:f}".partition(".")
    while len(decimals) > least and decimals.endswith("0"):
        decimals = decimals[:-1]
    digits = digits.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole:
        digits = re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", digits)
    point = f".{decimals}" if decimals else ""
    return f"{before}{digits}{point}{'%' if percent else ''}{after}"


@lru_cache(maxsize=512)
def _parts(code: str, negative: bool) -> tuple[str, str, str, bool, str] | None:
    """What stands before the digits, the digits before and after the point, whether it is a
    percentage, what stands after."""
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)
    own = negative and len(sections) > 1
    section = _UNSEEN.sub("", sections[1 if own else 0])
    literals: list[str] = []

    def kept(found: re.Match[str]) -> str:
        literals.append(next((each for each in found.groups() if each is not None), ""))
        return chr(0xE000 + len(literals) - 1)

    marked = _LITERAL.sub(kept, section)
    found = re.fullmatch(rf"([^#0.%,A-Za-z?/]*)({_DIGITS.pattern})([^#0.%,A-Za-z?/]*)", marked)
    if found is None or not found[2]:
        return None

    def said(text: str) -> str:
        return "".join(
            literals[ord(each) - 0xE000] if 0xE000 <= ord(each) < 0xE000 + len(literals) else each
            for each in text
        )

    sign = "-" if negative and not own else ""
    return sign + said(found[1]), found[3] or "", found[4] or "", bool(found[5]), said(found[6])
