"""One module per rule kind, each with the same four functions.

``award``    the millipoints a value earns (plain Python, one unit);
``explain``  the same as a sentence in Chinese and English;
``improve``  the smallest change of the value that earns at least so much more;
``worst``    the value that earns nothing (or least), from which a missing fact starts.

They stand side by side so that one cannot change without the others in view. The same over a table
of units stands under the same name in :mod:`shifan.scoring.compile.kinds`.
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
