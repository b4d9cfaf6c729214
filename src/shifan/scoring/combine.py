"""Several statements of one source on the same fact, as of several judges, made into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import median

from shifan.rulebook.base import Text
from shifan.rulebook.indicators import Provision, Statements, columns, grades
from shifan.scoring.arithmetic import round_half_up
from shifan.scoring.facts import Value

WORDS = {
    "mean": Text(zh="平均", en="mean"),
    "median": Text(zh="中位数", en="median"),
    "lowest": Text(zh="最低", en="lowest"),
    "highest": Text(zh="最高", en="highest"),
    "all_agree": Text(zh="须全部一致", en="all must agree"),
}


def in_words(said: Statements) -> Text:
    """How many statements there may be and how they are made one.

    >>> in_words(Statements(combine="mean", most=2, least=2, places=1)).en
    'Stated by at most 2, at least 2; what counts: mean, rounded to 1 place.'
    """
    how, zh, en = WORDS[said.combine], "", ""
    if said.combine in ("mean", "median"):
        zh = f"，四舍五入到 {said.places} 位小数"
        en = f", rounded to {said.places} {'place' if said.places == 1 else 'places'}"
    return Text(
        zh=f"最多 {said.most} 份填报，至少 {said.least} 份；计入方式：{how.zh}{zh}。",
        en=f"Stated by at most {said.most}, at least {said.least}; what counts: {how.en}{en}.",
    )


def given(provision: Provision, facts: Mapping[str, Value | None]) -> list[Value]:
    """The statements there are."""
    found = (facts.get(name) for name in columns(provision))
    return [value for value in found if value is not None]


def combined(provision: Provision, facts: Mapping[str, Value | None]) -> Value | None:
    """The fact that counts; None where there are too few statements, or all must agree and do
    not."""
    said, values = provision.input.statements, given(provision, facts)
    assert said is not None
    if len(values) < said.least:
        return None
    if said.combine == "all_agree":
        return values[0] if all(value == values[0] for value in values) else None
    ranks = grades(provision)[::-1]
    if ranks:
        places = [ranks.index(str(value)) for value in values]
        return ranks[min(places) if said.combine == "lowest" else max(places)]
    if said.combine in ("lowest", "highest"):
        return min(values) if said.combine == "lowest" else max(values)
    return _middle(said, [Fraction(value) for value in values])


def _middle(said: Statements, values: Sequence[Fraction]) -> Decimal:
    """The mean or the median, rounded half-up once."""
    exact = Fraction(sum(values), len(values)) if said.combine == "mean" else median(values)
    return Decimal(round_half_up(exact * 10**said.places)).scaleb(-said.places)
