"""What a rule book asks for more than once: the same document, or the same fact under two names."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import combinations

from shifan.rulebook.base import Text
from shifan.rulebook.check.place import Report, noun
from shifan.rulebook.indicators import Evidence, Provision, columns
from shifan.rulebook.yaml_lines import Place

LEAST = 4
"""Letters or characters from which on a text that stands inside another counts as the same."""


def findings(places: list[tuple[Place, Provision]], report: Report) -> None:
    """Warn of each clause that asks again what an earlier one of the same unit type asks."""
    for (_, earlier), (place, provision) in combinations(places, 2):
        if earlier.input == provision.input:  # which both read
            clash = {earlier.input.name}
        else:
            clash = set(columns(earlier)) & set(columns(provision))  # which is an error of its own
        if not clash and _same(earlier, provision):
            message = f"fact {provision.input.name} is already asked by {noun(earlier)}"
            if earlier.input.name != provision.input.name:
                message += f" as {earlier.input.name}"
            report.add((*place, "input"), noun(provision), message, "warning")
        for index, evidence in enumerate(provision.evidence):
            for before in earlier.evidence:
                if same_document(before, evidence):
                    message = f"document {evidence.id} is already asked by {noun(earlier)}"
                    if before.id != evidence.id:
                        message += f" as {before.id}"
                    report.add((*place, "evidence", index), noun(provision), message, "warning")


def _same(one: Provision, other: Provision) -> bool:
    """Whether both ask for the same fact: by the name of the input, or by their words."""
    return one.input.name == other.input.name or alike(one.text, other.text)


def same_document(one: Evidence, other: Evidence) -> bool:
    """Whether both mean the same document: by their id, or by their words."""
    return one.id == other.id or alike(one.text, other.text)


def alike(one: Text, other: Text) -> bool:
    """Whether two texts say the same, but for spaces, points and letter case.

    They do where the Chinese is equal, or where one contains the other in every language that both
    are written in.

    >>> alike(Text(zh="实施方案"), Text(zh="《年度实施方案》。"))
    True
    >>> alike(Text(zh="共建协议", en="Agreement"), Text(zh="共建协议清单", en="List of contracts"))
    False
    """
    if _bare(one.zh) == _bare(other.zh):
        return True
    pairs = [(one.zh, other.zh), (one.en, other.en)]
    return all(_contains(_bare(a), _bare(b)) for a, b in pairs if a and b)


def _contains(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= LEAST and short in long


@lru_cache(4096)
def _bare(text: str) -> str:
    """The letters, characters and digits of a text, in one form."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).casefold())
