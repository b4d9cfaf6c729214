from __future__ import annotations

import json
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from shifan.rulebook import yaml_lines
from shifan.rulebook.diff import called, diff
from shifan.rulebook.loader import document, from_document, load, locate
from shifan.rulebook.schema import schema

MINIMAL = Path(__file__).parents[1] / "books" / "minimal"
TOWN = "indicators/town.yaml"
BOOKS = [str(MINIMAL), "neac/2020"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(MINIMAL, tmp_path / "book")
    return tmp_path / "book"


def changes(folder: Path, file: str, old: str, new: str) -> list[str]:
    """What the diff says when ``old`` (found once) in ``file`` becomes ``new``."""
    text = (folder / file).read_text()
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new))
    return [str(change) for change in diff(load(MINIMAL), load(folder))]


def test_book_does_not_differ_from_itself():
    assert diff(load(MINIMAL), load(MINIMAL)) == []


def test_changed_value_is_named_by_ids_not_by_positions(copy):
    assert changes(copy, TOWN, "low: 10, full: 40", "low: 10, full: 50") == [
        "changed indicators/town/categories/1/items/1.2/clauses/1.2.1/rule/full: '40' -> '50'"
    ]


def test_added_and_removed_parts_are_named(copy):
    text = (copy / TOWN).read_text()
    first, second = text.index("    - id: B2"), text.index("    - id: P1")
    (copy / TOWN).write_text(text[:first] + text[second:].replace("id: P1", "id: P9"))

    assert [str(change) for change in diff(load(MINIMAL), load(copy))] == [
        "removed indicators/town/adjustments/entries/B2",
        "removed indicators/town/adjustments/entries/P1",
        "added indicators/town/adjustments/entries/P9",
    ]


def test_entries_put_in_another_order_are_no_change_of_content(copy):
    text = (copy / "measures.yaml").read_text()
    marks = ("      - {id: intake", "      - id: notice", "    stages:")
    start, end, after = (text.index(each) for each in marks)
    swapped = text[:start] + text[end:after] + text[start:end] + text[after:]
    (copy / "measures.yaml").write_text(swapped)

    assert diff(load(MINIMAL), load(copy)) == []
    assert load(MINIMAL).digest != load(copy).digest


def test_comments_and_layout_change_neither_diff_nor_digest(copy):
    assert changes(copy, TOWN, "apply_from: 15", "# from here on\napply_from:   15") == []
    assert load(copy).digest == load(MINIMAL).digest


def test_new_set_of_indicators_is_one_addition(copy):
    text = (copy / TOWN).read_text().replace("unit_type: town", "unit_type: village")
    (copy / "indicators" / "village.yaml").write_text(text)

    assert [str(change) for change in diff(load(MINIMAL), load(copy))] == [
        "added indicators/village"
    ]


@pytest.mark.parametrize("name", BOOKS)
def test_stored_document_gives_the_same_book_back(name):
    book = load(name)
    content = document(book.measures, book.indicators, book.golden)

    again = from_document(json.loads(json.dumps(content)))

    assert (again.digest, again.measures, again.indicators) == (
        book.digest, book.measures, book.indicators,
    )  # fmt: skip


def test_digest_tells_a_change_of_one_golden_case(copy):
    changes(copy, TOWN, "{given: 9, points: 2}", "{given: 8, points: 2}")

    assert load(copy).digest != load(MINIMAL).digest


def test_parties_of_one_number_are_told_apart_by_their_capacity():
    """Several may need as many people: how many is no key."""
    book = load(MINIMAL.parent / "council")
    procedure = book.measures.procedure(next(p.id for p in book.measures.procedures if p.parties))
    party = procedure.parties[0]
    changed = party.model_copy(update={"number": party.number + 1})
    parties = (changed, *procedure.parties[1:])
    procedures = tuple(
        each.model_copy(update={"parties": parties}) if each == procedure else each
        for each in book.measures.procedures
    )
    other = replace(book, measures=book.measures.model_copy(update={"procedures": procedures}))

    (found,) = diff(book, other)

    assert f"parties/{party.capacity}/number" in found.where
    words, rest = called(found.where, other, book)
    assert party.name.zh in words.zh
    assert rest == "number"


# --- JSON Schema ------------------------------------------------------------------------------


def parts(name: str) -> list[tuple[str, str, Any]]:
    """Definition, file and content of every file of a book, its decimals as JSON numbers."""
    folder = locate(name)
    made = [("Measures", "measures.yaml", _plain(folder / "measures.yaml"))]
    made.append(("Programme", "programme.yaml", _plain(folder / "programme.yaml")))
    for path in sorted((folder / "indicators").glob("*.yaml")):
        made.append(("IndicatorSet", path.name, _plain(path)))
    for path in sorted((folder / "golden").glob("*.yaml")):
        made += [("GoldenUnit", path.name, unit) for unit in _plain(path)]
    return made


def _plain(path: Path) -> Any:
    return json.loads(json.dumps(yaml_lines.read(path, path.name).content, default=float))


@cache
def validator(definition: str) -> Any:
    whole = schema()
    jsonschema.Draft202012Validator.check_schema(whole)
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/$defs/{definition}", "$defs": whole["$defs"]}
    )


@pytest.mark.parametrize("name", BOOKS)
def test_schema_accepts_every_file_of_sound_books(name):
    errors = [
        (file, error.json_path, error.message)
        for definition, file, content in parts(name)
        for error in validator(definition).iter_errors(content)
    ]

    assert errors == []


@pytest.mark.parametrize(
    ("definition", "change"),
    [
        ("Measures", {"authority": None}),
        ("Measures", {"colour": "red"}),
        ("Measures", {"procedures": []}),
        ("IndicatorSet", {"base_points": "many"}),
        ("IndicatorSet", {"categories": [{"id": "1"}]}),
        ("GoldenUnit", {"facts": ["nothing"]}),
    ],
)
def test_schema_refuses_what_the_loader_refuses(definition, change):
    content = next(content for kind, _, content in parts(str(MINIMAL)) if kind == definition)

    assert validator(definition).is_valid(content)
    assert not validator(definition).is_valid({**content, **change})
