"""One module per rule kind, each with the same five functions.

``award``    the millipoints a value earns (plain Python, one unit);
``compile``  the same as an Ibis expression over the columns (a table of units);
``explain``  the same as a sentence in Chinese and English;
``improve``  the smallest change of the value that earns at least so much more;
``worst``    the value that earns nothing (or least), from which a missing fact starts.

``compile`` takes the columns of :func:`shifan.rulebook.indicators.columns`, numbers as whole
numbers of ``value × scale`` (``scales`` has a power of ten for each, 1 where it is no number);
where one is null it may return anything.

They stand side by side so that one cannot change without the others in view.
"""

from __future__ import annotations

from types import ModuleType

from shifan.rulebook.rules import Rule
from shifan.scoring.kinds import (
    all_or_nothing,
    checklist,
    deduct_per,
    graded,
    linear,
    per_count,
    satisfaction,
    steps,
)

KINDS: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        all_or_nothing, checklist, deduct_per, graded, linear, per_count, satisfaction, steps,
    )
}  # fmt: skip


def kind(rule: Rule) -> ModuleType:
    """The module of the rule's kind."""
    return KINDS[rule.kind]
