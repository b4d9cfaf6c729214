"""Collects findings about one file, turning places into lines; and how they name things."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from shifan.rulebook.findings import Finding, Severity
from shifan.rulebook.indicators import Adjustment, Clause, Provision
from shifan.rulebook.yaml_lines import Document, Place


@dataclass
class Report:
    """Findings about one document."""

    document: Document
    findings: list[Finding] = field(default_factory=list)

    def add(self, place: Place, where: str, message: str, severity: Severity = "error") -> None:
        name, line = self.document.where(place)
        self.findings.append(Finding(name, line, where, message, severity))


def shown(number: Decimal) -> str:
    """A number as people write it.

    >>> shown(Decimal("20.0")), shown(Decimal(100))
    ('20', '100')
    """
    return f"{number.normalize():f}"


def noun(provision: Provision) -> str:
    """How a finding names a provision, e.g. ``clause 3.2.4``."""
    kind = "clause" if isinstance(provision, Clause) else "veto"
    kind = "adjustment" if isinstance(provision, Adjustment) else kind
    return f"{kind} {provision.id}"
