"""What is asked twice: within a unit type, and by rule books of the same units."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.rulebook.test_check import MINIMAL, TOWN, found_in

from shifan.rulebook.base import Text
from shifan.rulebook.check.asked import alike
from shifan.rulebook.loader import load, locate, read
from shifan.scoring import asked


@pytest.fixture
def book(tmp_path: Path) -> Path:
    shutil.copytree(MINIMAL, tmp_path / "town" / "2")
    return tmp_path / "town" / "2"


def change(book: Path, old: str, new: str) -> None:
    text = (book / TOWN).read_text()
    assert text.count(old) == 1
    (book / TOWN).write_text(text.replace(old, new))


GARDENS = "{id: garden_list, text: {zh: 花园名单, en: List of gardens}}"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{id: plan, text: {zh: 花园, en: Gardens}}",
         "document plan is already asked by clause 1.1.1"),
        ("{id: paper, text: {zh: 《规划文件》。, en: Paper}}",
         "document paper is already asked by clause 1.1.1 as plan"),
        ("{id: paper, text: {zh: 本年度规划文件, en: The plan of the year}}",
         "document paper is already asked by clause 1.1.1 as plan"),
        ("{id: paper, text: {zh: 本年度规划文件}}",
         "document paper is already asked by clause 1.1.1 as plan"),
    ],
)  # fmt: skip
def test_document_asked_by_another_clause_is_warned_of(book, document, said):
    change(book, GARDENS, document)

    found = found_in(book)

    assert [(where, message, level) for _, _, where, message, level in found] == [
        ("clause 2.1.1", said, "warning")
    ]


def test_fact_asked_under_another_name_is_warned_of(book):
    change(book, "text: {zh: 社区花园数, en: Community gardens}",
           "text: {zh: 是否已公布花园规划, en: Whether a garden plan is published}")  # fmt: skip

    assert [(where, message, level) for _, _, where, message, level in found_in(book)] == [
        (
            "clause 2.1.1",
            "fact community_gardens is already asked by clause 1.1.1 as plan_published",
            "warning",
        )
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            Text(zh="共建协议", en="Agreement"),
            Text(zh="共建协议清单", en="List of contracts"),
            False,
        ),
        (Text(zh="共建协议", en="Agreement"), Text(zh="共建协议", en="Contract"), True),
        (Text(zh="照片"), Text(zh="现场照片"), False),
        (Text(zh="ＡＢＣ 证书"), Text(zh="abc证书"), True),
    ],
)
def test_texts_are_alike_if_equal_in_chinese_or_contained_in_both_languages(one, other, same):
    assert alike(one, other) is alike(other, one) is same


def test_shipped_rule_book_asks_for_one_document_twice():
    """Both are agreements on creating together, in the same Chinese words."""
    found = found_in(locate("neac/2020"))

    assert [(where, message, level) for _, _, where, message, level in found] == [
        (
            "adjustment B3",
            "document neighbour_agreement is already asked by clause 6.2.2 as "
            "collaboration_agreements",
            "warning",
        )
    ]


def before(book: Path, clause: str) -> list[tuple[str, str]]:
    """What is said of the clause, compared with the minimal book, and how loudly."""
    found = asked.findings(read(book), load(MINIMAL))
    return [(each.message, each.severity) for each in found if each.where == clause]


NAME = load(MINIMAL).name


def test_same_fact_is_taken_over_with_its_document_whatever_the_clause_is_called(book):
    change(book, 'id: "2.1.1"', 'id: "2.1.9"')

    assert before(book, "clause 2.1.9") == [
        (f"fact community_gardens was asked before by clause 2.1.1 of {NAME} and is taken over",
         "note"),
        (f"document garden_list was asked before by clause 2.1.1 of {NAME} and is taken over",
         "note"),
    ]  # fmt: skip


def test_fact_under_another_name_would_be_asked_anew(book):
    change(book, "name: community_gardens,", "name: gardens_made,")

    assert before(book, "clause 2.1.1") == [
        (f"fact gardens_made was asked before by clause 2.1.1 of {NAME}, but as "
         "community_gardens, so it would be asked anew", "warning"),
        (f"document garden_list was asked before by clause 2.1.1 of {NAME}, but its fact is not "
         "taken over, so it would be asked anew", "warning"),
    ]  # fmt: skip


def test_fact_in_another_form_would_be_asked_anew(book):
    change(book, "name: community_gardens, type: count,",
           "name: community_gardens, type: count, minimum: 1,")  # fmt: skip

    assert before(book, "clause 2.1.1")[0] == (
        f"fact community_gardens was asked before by clause 2.1.1 of {NAME}, but in another form, "
        "so it would be asked anew",
        "warning",
    )


def test_units_of_another_type_were_asked_nothing_before():
    assert asked.findings(read(MINIMAL), load("neac/2020")) == []
