"""Where the clauses of one version went in the next."""

from __future__ import annotations

from collections import Counter

from shifan.rulebook.loader import load
from shifan.scoring.crosswalk import crosswalk


def test_every_clause_of_2020_went_somewhere_or_was_dropped():
    old, new = load("neac/2020"), load("neac/2025")

    found = crosswalk(old, new)

    for kind in set(old.indicators) & set(new.indicators):
        here = [each for each in found if each.unit_type == kind]
        before = {each.before.id for each in here if each.before is not None}
        after = {each.after.id for each in here if each.after is not None}
        assert before == {each.id for each in old.indicators[kind].provisions}
        assert after == {each.id for each in new.indicators[kind].provisions}
    said = Counter(each.text.en for each in found)
    assert said == {"the same fact": 197, "dropped": 27}
    assert {each.after.id for each in found if each.before and each.before.id == "3.2.4"
            and each.after} == {"1.1.5", "7.1.5"}  # fmt: skip


def test_first_geopark_book_and_the_second():
    found = crosswalk(load("geoparks/1"), load("geoparks/2"))

    said = {each.before.id: each.text.en for each in found if each.before is not None}
    assert said == {
        "1.1.1": "dropped", "1.1.2": "dropped", "2.1.1": "the same fact",
        "2.1.2": "the same fact",
    }  # fmt: skip
    assert sum(each.before is None for each in found) > 10
