"""The whole check of a rule book: form, rules, worked examples, forms of its surveys."""

from __future__ import annotations

from pathlib import Path

from shifan.rulebook.check import check
from shifan.rulebook.findings import Finding
from shifan.rulebook.loader import Reading


def checked(folder: Path) -> tuple[Reading, list[Finding]]:
    """The reading of the folder and everything there is to say about it, by file and line."""
    from shifan.scoring import golden

    reading, found = check(folder)
    cases = golden.findings(reading)
    if any(each.severity == "error" and each.file.startswith("indicators/") for each in found):
        cases = [each for each in cases if not each.file.startswith("golden/")]  # a consequence
    return reading, sorted({*found, *cases, *_forms(reading)})


def _forms(reading: Reading) -> list[Finding]:
    """What is wrong with the forms of the surveys, at the line that names them."""
    if reading.measures is None or not reading.measures.surveys:
        return []
    from shifan.surveys.instrument.fit import misfits
    from shifan.surveys.instrument.read import read
    from shifan.surveys.instrument.sheets import Refused

    found: list[Finding] = []
    for index, survey in enumerate(reading.measures.surveys):
        path, document = reading.folder / survey.instrument, reading.documents["measures.yaml"]
        if not path.is_file():
            continue
        try:
            problems = list(misfits(survey, read(path)))
        except Refused as refused:
            problems = [each.placed(survey.instrument) for each in refused.findings]
        line = document.line(("surveys", index, "instrument"))
        found += [
            Finding("measures.yaml", line, f"survey {survey.id}", each.en, zh=each.zh)
            for each in problems
        ]
    return found
