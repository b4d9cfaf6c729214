"""Checks on the surveys of the measures: what they state, on which inputs, from which form.

Whether the form asks what the survey needs is checked where forms are read
(:func:`shifan.surveys.instrument.fit.misfits`).
"""

from __future__ import annotations

import hashlib
from collections import Counter

from shifan.rulebook.check.place import Report
from shifan.rulebook.findings import Finding
from shifan.rulebook.loader import Reading
from shifan.rulebook.surveys import Survey
from shifan.rulebook.yaml_lines import Place


def findings(reading: Reading) -> list[Finding]:
    """Everything wrong with the surveys."""
    assert reading.measures is not None
    report = Report(reading.documents["measures.yaml"])
    for index, survey in enumerate(reading.measures.surveys):
        place: Place = ("surveys", index)
        _file(reading, survey, place, report)
        _source(reading, survey, place, report)
        _choices(survey, place, report)
    return report.findings


def _file(reading: Reading, survey: Survey, place: Place, report: Report) -> None:
    where, path = f"survey {survey.id}", reading.folder / survey.instrument
    if ".." in survey.instrument or not path.is_file():
        report.add((*place, "instrument"), where, f"there is no file {survey.instrument}")
        return
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != survey.sha256:
        report.add((*place, "sha256"), where, f"{survey.instrument} hashes to {found}")


def _source(reading: Reading, survey: Survey, place: Place, report: Report) -> None:
    assert reading.measures is not None
    where = f"survey {survey.id}"
    source = next((s for s in reading.measures.fact_sources if s.id == survey.source), None)
    if source is None:
        report.add((*place, "source"), where, f"fact source {survey.source} is not there")
    inputs = {
        provision.input.name: provision.input
        for indicators in reading.indicators.values()
        for provision in indicators.provisions
        if provision.input.type == "satisfaction"
    }
    for index, asked in enumerate(survey.questions):
        here: Place = (*place, "questions", index, "input")
        if asked.input not in inputs:
            if reading.lacks_indicators:
                continue
            report.add(here, where, f"no clause reads a satisfaction share {asked.input}")
        elif survey.source not in inputs[asked.input].from_:
            report.add(here, where, f"{asked.input} is not read from {survey.source}")


def _choices(survey: Survey, place: Place, report: Report) -> None:
    where = f"survey {survey.id}"
    for choice in sorted(set(survey.satisfied) & set(survey.excluded)):
        report.add((*place, "excluded"), where, f"{choice} is both satisfied and excluded")
    for key, names in (
        ("questions", [asked.question for asked in survey.questions]),
        ("questions", [asked.input for asked in survey.questions]),
        ("quality", [rule.id for rule in survey.quality]),
    ):
        for name in (name for name, n in Counter(names).items() if n > 1):
            report.add((*place, key), where, f"{name} is listed twice")
