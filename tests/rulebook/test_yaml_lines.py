from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from shifan.rulebook import yaml_lines
from shifan.rulebook.loader import locate
from shifan.rulebook.yaml_lines import Document


def read(tmp_path: Path, text: str | bytes) -> Document:
    path = tmp_path / "part.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return yaml_lines.read(path, "part.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2.50", Decimal("2.50")),
        ("0.1", Decimal("0.1")),
        ("-3", -3),
        ("1_000", 1000),
        ("017", 17),
        ("1e3", "1e3"),
        ("true", True),
        ("off", False),
        ("~", None),
        ('"3"', "3"),
        ("2020-03-27", "2020-03-27"),
        ("示范", "示范"),
    ],
)
def test_scalar_is_read_exactly_and_never_as_a_float(tmp_path, text, value):
    found = read(tmp_path, f"value: {text}\n").content["value"]

    assert (found, type(found)) == (value, type(value))


def test_every_place_has_its_line(tmp_path):
    document = read(tmp_path, "\n# note\na:\n  - b: 1\n    c: [2,\n        3]\n  - {d: 4}\n")

    assert document.content == {"a": [{"b": 1, "c": [2, 3]}, {"d": 4}]}
    assert {
        place: document.line(place)
        for place in [(), ("a",), ("a", 0, "b"), ("a", 0, "c"), ("a", 0, "c", 1), ("a", 1, "d")]
    } == {(): 3, ("a",): 3, ("a", 0, "b"): 4, ("a", 0, "c"): 5, ("a", 0, "c", 1): 6,
          ("a", 1, "d"): 7}  # fmt: skip


def test_place_that_is_not_there_has_the_line_of_the_nearest_around_it(tmp_path):
    document = read(tmp_path, "a: 1\nb:\n  c: 2\n")

    assert document.line(("b", "missing", 0)) == 2


def test_file_with_a_byte_order_mark_is_read(tmp_path):
    assert read(tmp_path, b"\xef\xbb\xbfa: 1\n").content == {"a": 1}


def test_every_repeated_key_is_reported_and_the_first_kept(tmp_path):
    document = read(tmp_path, "a: 1\na: 2\nb:\n  c: 1\n  c: 2\n")

    assert document.problems == [(2, "key 'a' is given twice"), (5, "key 'c' is given twice")]
    assert document.content == {"a": 1, "b": {"c": 1}}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", (1, "is empty")),
        ("a: &x 1\nb: *x\n", (2, "is not YAML: alias *x is not allowed; write it out")),
        ("a: 1\n b: 2\n", (2, "is not YAML: mapping values are not allowed here")),
        ("a: 1\n---\nb: 2\n", (2, "is not YAML: but found another document")),
        ("a: \x07\n", (1, "is not YAML: it holds a character that no text has")),
        ("a: .nan\n", (1, "'.nan' is not a plain decimal number")),
        ("a: 0x1F\n", (1, "'0x1F' is not a plain decimal number")),
        ("a: 1\nat: 23:59\n", (2, "'23:59' is not a plain decimal number")),
        (b"a: \xff\n", (1, "is not UTF-8 text: save it as UTF-8")),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_reported_by_line(tmp_path, text: Any, problem):
    assert read(tmp_path, text).problems == [problem]


def test_file_that_is_not_there_is_reported(tmp_path):
    [(line, message)] = yaml_lines.read(tmp_path / "none.yaml", "none.yaml").problems

    assert line == 1
    assert message == "is missing"


def test_small_file_that_would_grow_without_bound_is_refused(tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for n in range(1, 12):
        lines.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]")

    assert read(tmp_path, "\n".join(lines)).problems == [
        (2, "is not YAML: alias *a0 is not allowed; write it out")
    ]


def test_nesting_too_deep_is_refused_at_any_depth(tmp_path):
    for depth in (yaml_lines.MAX_DEPTH + 2, 20_000):
        document = read(tmp_path, "[" * depth + "]" * depth)
        assert [line for line, _ in document.problems] == [1]


def test_file_too_large_is_refused_unread(tmp_path):
    [(line, message)] = read(tmp_path, b"#" * (yaml_lines.MAX_BYTES + 1)).problems

    assert (line, message) == (
        1,
        "cannot be read: the file has 4000001 bytes; at most 4000000 are read",
    )


@pytest.mark.parametrize("name", ["neac/2020", "geoparks/1", "tests/books/minimal"])
def test_fast_loader_finds_what_the_other_one_finds(name, monkeypatch):
    """Every value on the same line."""
    files = sorted(locate(name).rglob("*.yaml"))
    fast = [yaml_lines.read(each, each.name) for each in files]
    monkeypatch.setattr(yaml, "__with_libyaml__", False)

    slow = [yaml_lines.read(each, each.name) for each in files]

    assert [(each.content, each.lines) for each in fast] == [
        (each.content, each.lines) for each in slow
    ]


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 50_000 + "x"])
def test_what_is_nested_without_end_is_refused_in_a_sentence(tmp_path, text):
    """libyaml's own composer would overflow the stack and take the process with it."""
    assert read(tmp_path, text).problems
