"""Every sentence of the checks has its Chinese twin, with the same places in it."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.rulebook.test_check import MEASURES, MINIMAL, TOWN
from tests.rulebook.test_check_passes import CASES

import shifan
from shifan.rulebook.check import check
from shifan.rulebook.chinese import NOUNS, SENTENCES, chinese, place

HOME = Path(shifan.__file__).parent
CHECKS = [
    *sorted((HOME / "rulebook" / "check").glob("*.py")),
    *(HOME / "rulebook" / f"{name}.py" for name in (
        "loader", "yaml_lines", "sentences", "rules", "base", "effects", "deadlines", "procedures"
    )),
    HOME / "scoring" / "golden.py",
]  # fmt: skip
OTHERWISE = re.compile(
    r"^no rule book|^Value error,|^per cent$|^[a-z ]+ \{\}(\.\{\})?$|^\{\} \{\} \{\}$"
    r"|^unit type$|^(Start|End) of the title|^Day (it|of)"
)
"""What is no sentence of a check: errors of a command, names of parts, names of moments."""


def sentences(file: Path) -> Iterator[str]:
    """The texts of a module that are sentences, with ``{}`` for what they are about."""
    tree = ast.parse(file.read_text("utf-8"))
    plain = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(each) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
              for each in ast.walk(node) if each is not node}  # fmt: skip
    for node in ast.walk(tree):
        if id(node) in plain or id(node) in inside:
            continue
        text = _template(node)
        if text and re.search(r"[a-z] [a-z{]|^\{\}.* [a-z]", text) and text.isascii():
            yield text


def _template(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.strip()
    if isinstance(node, ast.JoinedStr):
        parts = (each.value if isinstance(each, ast.Constant) else "{}" for each in node.values)
        return "".join(map(str, parts)).strip()
    return ""


def covered(text: str) -> bool:
    forms = ("{}", "{{}} {}", "{{}} {} {{}}", "{{}} {} {{}} {{}}", "{{}}: {}")
    return any(form.format(text) in SENTENCES for form in forms)


def test_every_sentence_of_the_checks_has_its_chinese_twin():
    found = {text for file in CHECKS for text in sentences(file) if not OTHERWISE.match(text)}

    assert len(found) > 120
    assert sorted(text for text in found if not covered(text)) == []


def test_twins_have_the_same_places():
    for english, twin in SENTENCES.items():
        count = english.count("{}")
        numbered = set(map(int, re.findall(r"(?<!\{)\{(\d)\}", twin)))
        plain = len(re.findall(r"(?<!\{)\{\}", twin))

        assert numbered <= set(range(count)), english
        assert plain == (0 if numbered else count), english


def test_findings_are_said_in_chinese(tmp_path):
    for number, (_, file, old, new, said) in enumerate(CASES):
        if said is None:
            continue
        book = Path(shutil.copytree(MINIMAL, tmp_path / str(number)))
        text = (book / file).read_text("utf-8")
        (book / file).write_text(text.replace(old, new), "utf-8")

        for each in check(book)[1]:
            assert re.search("[一-鿿]", chinese(each.message)), each.message
            assert not each.where or place(each.where) != each.where


@pytest.mark.parametrize("file", [TOWN, MEASURES])
def test_place_is_said_with_its_line_in_either_language(tmp_path, file):
    book = Path(shutil.copytree(MINIMAL, tmp_path / "book"))
    (book / file).write_text("a: [\n")

    (found, *_) = check(book)[1]

    assert found.in_("en").startswith(f"{file}:2: is not YAML")
    assert found.in_("zh").startswith(f"{file}:2: 不是 YAML：")


def test_nouns_have_one_place():
    assert {noun for noun, twin in NOUNS.items() if twin.count("{}") != 1} == {"joint"}
