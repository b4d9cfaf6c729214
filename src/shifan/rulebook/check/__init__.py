"""Find in a rule book what a human would be embarrassed by.

:func:`check` reads a folder and reports everything at once: form (the loader's findings), then
indicators, then measures and their surveys. Golden cases are run by :mod:`shifan.scoring.golden`.
"""

from __future__ import annotations

from pathlib import Path

from shifan.rulebook.check import indicators, languages, measures, surveys, texts
from shifan.rulebook.findings import Finding
from shifan.rulebook.loader import Reading, read


def check(folder: Path) -> tuple[Reading, list[Finding]]:
    """The reading of the folder and all findings, in order of file and line."""
    reading = read(folder)
    findings = list(reading.findings)
    for unit_type in reading.indicators:
        findings += indicators.findings(reading, unit_type)
    findings += texts.findings(reading)
    if reading.measures is not None:
        findings += measures.findings(reading)
        findings += languages.findings(reading)
        findings += surveys.findings(reading)
    return reading, sorted(set(findings))
