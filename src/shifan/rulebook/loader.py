"""From a folder on disk to a rule book, or to everything that is wrong with it, in one pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shifan.rulebook import yaml_lines
from shifan.rulebook.findings import Finding, InvalidRuleBook
from shifan.rulebook.formats import FORMAT, digest_of, present
from shifan.rulebook.indicators import IndicatorSet
from shifan.rulebook.model import GoldenUnit, Measures, Programme, RuleBook
from shifan.rulebook.sentences import sentence
from shifan.rulebook.upgrade import is_old, old_place, upgrade
from shifan.rulebook.yaml_lines import Document, Place

P = TypeVar("P", bound=BaseModel)

PROGRAMME = "programme.yaml"
"""Who runs the programme; older folders have it all in their measures."""


@dataclass
class Reading:
    """What came of reading a folder: the parts that are sound, their lines, the findings."""

    folder: Path
    measures: Measures | None = None
    indicators: dict[str, IndicatorSet] = field(default_factory=dict)
    golden: dict[tuple[str, int], GoldenUnit] = field(default_factory=dict)
    """Worked units by the name of their file and their place in it."""
    documents: dict[str, Document] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """Unit type → name of the file that holds its indicators."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def lacks_indicators(self) -> bool:
        """Whether some indicators could not be read: nothing that they would hold is missed."""
        return any(each.file.startswith("indicators/") for each in self.findings)

    def rulebook(self) -> RuleBook | None:
        """The rule book, if the measures could be read."""
        if self.measures is None:
            return None
        return assemble(self.measures, self.indicators, tuple(self.golden.values()), self.folder)


def locate(name: str) -> Path:
    """The folder of a rule book: a path on disk, or the short name of a shipped one.

    Raises FileNotFoundError with the shipped names when there is neither.
    """
    given = Path(name)
    if given.is_dir():
        return given
    if name in shipped():
        return _programmes() / name
    raise FileNotFoundError(
        f"no rule book {name!r}: give a folder, or one of {', '.join(shipped())}"
    )


def shipped() -> list[str]:
    """The short names of the rule books that come with the package."""
    found = _programmes().glob("*/*/measures.yaml")
    return sorted(path.parent.relative_to(_programmes()).as_posix() for path in found)


def _programmes() -> Path:
    return Path(str(files("shifan"))) / "programmes"


def load(name: str | Path) -> RuleBook:
    """The rule book at a path or short name. Raises InvalidRuleBook if its form is not sound."""
    reading = read(locate(str(name)))
    book = reading.rulebook()
    if book is None or reading.findings:
        raise InvalidRuleBook(sorted(reading.findings))
    return book


def read(folder: Path) -> Reading:
    """Read every file of the folder, collecting findings instead of stopping at the first."""
    reading = Reading(folder)
    reading.measures = _part(reading, folder / "measures.yaml", Measures)
    for path in sorted((folder / "indicators").glob("*.yaml")):
        indicators = _part(reading, path, IndicatorSet)
        if indicators is None:
            continue
        if indicators.unit_type in reading.indicators:
            first = reading.files[indicators.unit_type]
            message = f"unit type {indicators.unit_type} already has its indicators in {first}"
            reading.findings.append(Finding(_name(folder, path), 1, "", message))
            continue
        reading.indicators[indicators.unit_type] = indicators
        reading.files[indicators.unit_type] = _name(folder, path)
    for path in sorted((folder / "golden").glob("*.yaml")):
        _golden(reading, path)
    _unread(reading)
    return reading


def _unread(reading: Reading) -> None:
    """Files that seem to belong to the book, and are not read because of how their names end."""
    for part in ("", "indicators", "golden"):
        place = reading.folder / part
        for path in sorted(place.iterdir()) if place.is_dir() else ():
            other = path.suffix.lower() in (".yml", ".yaml", ".json") and path.suffix != ".yaml"
            if path.is_file() and other:
                message = f"is not read: its name must end in .yaml, not {path.suffix}"
                reading.findings.append(Finding(_name(reading.folder, path), 1, "", message))


def assemble(
    measures: Measures,
    indicators: dict[str, IndicatorSet],
    golden: tuple[GoldenUnit, ...],
    folder: Path | None = None,
) -> RuleBook:
    """A rule book from its parts, with the digest of its content."""
    digest = digest_of(document(measures, indicators, golden))
    return RuleBook(measures, indicators, golden, digest, folder)


def document(
    measures: Measures, indicators: dict[str, IndicatorSet], golden: tuple[GoldenUnit, ...]
) -> dict[str, Any]:
    """The content of a rule book as plain JSON values, in full: what is stored and hashed."""
    return {
        "format": FORMAT,
        "measures": _plain(measures),
        "indicators": {key: _plain(indicators[key]) for key in sorted(indicators)},
        "golden": [_plain(unit) for unit in golden],
    }


def from_document(content: dict[str, Any]) -> RuleBook:
    """The rule book a stored document holds, of any format; its digest is that of the document as
    it is stored."""
    now = present(content)
    return RuleBook(
        Measures.model_validate(now["measures"]),
        {key: IndicatorSet.model_validate(each) for key, each in now["indicators"].items()},
        tuple(GoldenUnit.model_validate(unit) for unit in now["golden"]),
        digest_of(content),
    )


def _plain(part: BaseModel) -> Any:
    return part.model_dump(mode="json", by_alias=True)


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _open(reading: Reading, path: Path) -> Document:
    document = yaml_lines.read(path, _name(reading.folder, path))
    reading.documents[document.name] = document
    for line, message in document.problems:
        reading.findings.append(Finding(document.name, line, "", message))
    return document


def _part(reading: Reading, path: Path, model: type[P]) -> P | None:
    document = _open(reading, path)
    if document.content is None:
        return None
    if model is Measures and is_old(document.content):
        document.content, document.origin = upgrade(document.content), old_place
    if model is Measures and isinstance(document.content, dict):
        _join(reading, document)
    try:
        return model.model_validate(document.content)
    except ValidationError as error:
        reading.findings += _explain(error, document)
        return None


def _join(reading: Reading, measures: Document) -> None:
    """Take what stands in ``programme.yaml``, where there is one, into the measures."""
    path = reading.folder / PROGRAMME
    if not path.is_file():
        return
    own = _open(reading, path)
    if not isinstance(own.content, dict):
        return
    for key, value in own.content.items():
        if key not in Programme.model_fields:
            message = f"{key} is not a field here; {measures.name} may have it"
            reading.findings.append(Finding(own.name, own.line((key,)), "", message))
        elif key in measures.content:
            message = f"{key} stands in {own.name} too"
            reading.findings.append(Finding(measures.name, measures.line((key,)), "", message))
        else:
            measures.content[key] = value
    measures.others |= {key: own for key in Programme.model_fields if key in own.content
                        or key not in measures.content}  # fmt: skip


def _golden(reading: Reading, path: Path) -> None:
    document = _open(reading, path)
    units = document.content if isinstance(document.content, list) else []
    if document.content is not None and not units:
        reading.findings.append(Finding(document.name, 1, "", "must be a list of worked units"))
    for index, unit in enumerate(units):
        try:
            reading.golden[document.name, index] = GoldenUnit.model_validate(unit)
        except ValidationError as error:
            reading.findings += _explain(error, document, (index,))


def _explain(error: ValidationError, document: Document, base: Place = ()) -> list[Finding]:
    """Turn a validation error into findings: model steps out, places and ids in."""
    findings = []
    problems = _one_of_each(document.content, base, error.errors(include_url=False))
    for problem in problems:
        if problem["type"] == "too_short" and _parts_wrong(problem["loc"], problems):
            continue
        place = _place(document.content, (*base, *problem["loc"]))
        written = document.words.get(document.origin(place))
        message = sentence(problem, written)
        where = _where(document.content, place)
        findings.append(Finding(*document.where(place), where, message))
    return findings


def _one_of_each(content: Any, base: Place, problems: Sequence[Any]) -> list[Any]:
    """The problems, those of a value that may be of several forms folded to one: the library says
    of each form why it is not that."""
    found: dict[Place, Any] = {}
    for problem in problems:
        loc: Place = problem["loc"]
        forms = (i for i, step in enumerate(loc) if i and FORM.fullmatch(str(step)))
        at = next((i for i in forms if not _holds(content, (*base, *loc[: i + 1]))), None)
        key = loc if at is None else loc[:at]
        folded = problem if at is None else {**problem, "loc": key, "type": "no_such_form"}
        found.setdefault((*key, problem["type"]) if at is None else key, folded)
    return list(found.values())


def _holds(content: Any, place: Place) -> bool:
    """Whether the file itself has the place."""
    for step in place:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            return False
    return True


FORM = re.compile(
    r"bool|int|str|decimal|constrained-str|(tuple|list|dict|literal|function-\w+)\[.*\]"
)
"""How the library calls a form that a value may have."""


def _parts_wrong(loc: Place, problems: Sequence[Any]) -> bool:
    """Whether a list is too short only because entries of it could not be read."""
    return any(len(p["loc"]) > len(loc) and p["loc"][: len(loc)] == loc for p in problems)


def _place(content: Any, loc: Place) -> Place:
    """``loc`` without the steps pydantic adds for tagged unions, which the file does not have."""
    place: Place = ()
    here = content
    for index, step in enumerate(loc):
        if isinstance(here, dict) and step in here:
            here = here[str(step)]
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        elif index < len(loc) - 1:
            continue
        place = (*place, step)
    return place


def _where(content: Any, place: Place) -> str:
    """The innermost clause, stage or other part with an id around ``place``."""
    found, here = "", content
    for index, step in enumerate(place):
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            break
        parent = place[index - 1] if index else ""
        noun = _NOUNS.get(str(parent))
        if noun and isinstance(here, dict) and "id" in here:
            found = f"{noun} {here['id']}"
    return found


_NOUNS = {
    "clauses": "clause",
    "items": "item",
    "categories": "category",
    "entries": "adjustment",
    "vetoes": "veto",
    "stages": "stage",
    "moves": "move",
    "deadlines": "deadline",
    "unit_types": "unit type",
}
