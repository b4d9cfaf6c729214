"""What a check has to say about a rule book, each with its place."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from shifan.rulebook import chinese
from shifan.rulebook.base import Text

SEVERITIES = {"warning": "（提醒）", "note": "（注）"}

Severity = Literal["error", "warning", "note"]
"""An error must be mended, a warning should be looked at, a note is good to know."""


@dataclass(frozen=True, order=True)
class Finding:
    """One sentence about one place of a rule book, for the person who can mend it.

    ``where`` names the clause, stage or other part meant, or is empty.
    """

    file: str
    line: int
    where: str
    message: str
    severity: Severity = "error"
    zh: str = field(default="", compare=False, repr=False)
    """The sentence in Chinese where it is not one of the catalogue's."""

    def __str__(self) -> str:
        where = f" {self.where}:" if self.where else ""
        mark = "" if self.severity == "error" else f" ({self.severity})"
        return f"{self.file}:{self.line}:{where} {self.message}{mark}"

    def in_(self, language: str) -> str:
        """The finding with its place, in Chinese unless the language is English."""
        if language.startswith("en"):
            return str(self)
        where = f" {chinese.place(self.where)}：" if self.where else " "
        mark = "" if self.severity == "error" else SEVERITIES[self.severity]
        return f"{self.file}:{self.line}:{where}{self.text.zh}{mark}"

    @property
    def part(self) -> Text:
        """The part of the book it is about, in words; empty for a whole file."""
        return Text.model_construct(zh_=chinese.place(self.where), en_=self.where)

    @property
    def text(self) -> Text:
        """The sentence in both languages."""
        return Text(zh=self.zh or chinese.chinese(self.message), en=self.message)

    def as_json(self) -> dict[str, Any]:
        said = asdict(self)
        del said["zh"]
        return said | {"message_zh": self.text.zh}


class InvalidRuleBook(Exception):
    """A rule book that cannot be used; ``findings`` says why, place by place."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings
