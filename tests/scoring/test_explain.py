"""Every score accounts for itself, in full sentences of both languages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.oracles.strategies import Seeded, facts, indicator_set, plan
from tests.scoring.factories import bonus, category, clause, indicators, penalty, veto

from shifan.rulebook.base import Text
from shifan.rulebook.indicators import IndicatorSet
from shifan.scoring.evaluate import score
from shifan.scoring.explain import explain, summary
from shifan.scoring.moves import cheapest

PER_COUNT = {"kind": "per_count", "each": 1}
SURVEY = {"kind": "satisfaction", "zero_at": 60, "full_at": 90, "minimum_sample": 100}
FOUND = indicators(
    category(
        clause("a", 2, excuse="exclude"),
        clause("b", "1.5", excuse="full"),
        clause("c", 3),
    ),
    apply_from=5,
    adjustments=(bonus("d", 2, PER_COUNT), penalty("e", 2, PER_COUNT), penalty("f", 1, SURVEY)),
    vetoes=(veto("g"),),
)


def said(provision_id: str, **facts: Any) -> tuple[str, str]:
    """The sentence on one provision, in Chinese and English."""
    account = explain(FOUND, facts, score(FOUND, facts))
    text = next(each.text for each in account.reasons if each.provision.id == provision_id)
    return text.zh, text.en


@pytest.mark.parametrize(
    ("id_", "facts", "zh", "en"),
    [
        ("a", {"a_not_applicable": True}, "不适用，2.00 分不计入总分和满分。",
         "Not applicable: its 2.00 points count neither as won nor as possible."),
        ("b", {"b_not_applicable": True}, "不适用，按规则计满分 1.50 分。",
         "Not applicable: all 1.50 points count."),
        ("b", {"b_not_applicable": False}, "尚缺数据，1.50 分待定。",
         "No fact yet: 1.50 points are open."),
        ("c", {}, "尚缺数据，3.00 分待定。", "No fact yet: 3.00 points are open."),
        ("c", {"c": False}, "未做到，不得分（满分 3.00 分）。",
         "Not in place: none of the 3.00 points."),
        ("d", {}, "未申报（最多加 2.00 分）。", "Not claimed (up to 2.00 points)."),
        ("d", {"d": Decimal(0)}, "0，每项 1.00 分，计 0.00 分（上限 2.00 分）。",
         "0 at 1.00 points each: 0.00 of at most 2.00 points."),
        ("e", {}, "尚未核查（最多扣 2.00 分）。", "Not checked yet (up to 2.00 points off)."),
        ("e", {"e": Decimal(0)}, "经核查无此情形，不扣分。",
         "Checked: does not apply, nothing deducted."),
        ("e", {"e": Decimal(1)}, "经核查有此情形，扣 1.00 分。",
         "Checked: applies, 1.00 points off."),
        ("f", {"f": Decimal(80), "f_sample": Decimal(99)},
         "样本 99 份，少于规定的 100 份，暂不计分。",
         "99 answers, fewer than the 100 required: not counted yet."),
        ("f", {"f": Decimal(75), "f_sample": Decimal(100)}, "经核查有此情形，扣 0.50 分。",
         "Checked: applies, 0.50 points off."),
        ("g", {}, "尚未核查。", "Not checked yet."),
        ("g", {"g": True}, "经核查存在，一票否决。",
         "Checked: it holds, which rules the unit out."),
        ("g", {"g": False}, "经核查不存在。", "Checked: it does not hold."),
    ],
)  # fmt: skip
def test_reason_says_why_in_one_sentence(id_: str, facts: Any, zh: str, en: str) -> None:
    assert said(id_, **facts) == (zh, en)


def test_summary_says_how_the_total_is_made_up() -> None:
    stated = {"a": True, "b": True, "c": True, "d": Decimal(1), "e": Decimal(2)}

    assert summary(FOUND, score(FOUND, stated)) == Text(
        zh="总分 5.50 分（基础 6.50，加 1.00，扣 2.00），申报线 5.00 分。",
        en="5.50 points (base 6.50, bonus 1.00, penalty 2.00); applications need 5.00.",
    )


def test_summary_says_what_is_open_and_what_could_be_reached() -> None:
    stated = {"a_not_applicable": True, "b": True}

    assert summary(FOUND, score(FOUND, stated)) == Text(
        zh="总分 2.167 分（基础 2.167，加 0.00，扣 0.00），申报线 5.00 分；"
        "另有 3.00 分待定，最高可达 6.50 分。",
        en="2.167 points (base 2.167, bonus 0.00, penalty 0.00); applications need 5.00; "
        "3.00 points are open, at best 6.50.",
    )


def test_account_names_every_provision_with_its_score_and_the_facts_it_read() -> None:
    stated = {"c": True, "f": Decimal(80), "g": False, "elsewhere": True}
    result = score(FOUND, stated)

    account = explain(FOUND, stated, result)

    assert account.score is result
    assert [(each.provision.id, each.score.id, each.facts) for each in account.reasons] == [
        ("a", "a", {"a": None}),
        ("b", "b", {"b": None}),
        ("c", "c", {"c": True}),
        ("d", "d", {"d": None}),
        ("e", "e", {"e": None}),
        ("f", "f", {"f": Decimal(80), "f_sample": None}),
        ("g", "g", {"g": False}),
    ]
    assert account.summary == summary(FOUND, result)


def test_account_holds_the_cheapest_moves() -> None:
    result = score(FOUND, {"c": True})

    account = explain(FOUND, {"c": True}, result)

    assert account.moves == tuple(cheapest(FOUND, result))
    assert [move.clause.id for move in account.moves] == ["a"]


def test_every_drawn_unit_is_accounted_for_in_both_languages() -> None:
    for seed in range(150):
        document, source = indicator_set(Seeded(seed)), Seeded(seed)
        found = IndicatorSet.model_validate(document)
        for _ in range(5):
            stated = facts(source, plan(document))
            account = explain(found, stated, score(found, stated))

            assert len(account.reasons) == len(found.provisions)
            for reason in account.reasons:
                assert reason.text.zh.endswith("。")
                assert reason.text.en.endswith(".")
