"""What a check has to say about a rule book, each with its place."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

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

    def __str__(self) -> str:
        where = f" {self.where}:" if self.where else ""
        mark = "" if self.severity == "error" else f" ({self.severity})"
        return f"{self.file}:{self.line}:{where} {self.message}{mark}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class InvalidRuleBook(Exception):
    """A rule book that cannot be used; ``findings`` says why, place by place."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings
