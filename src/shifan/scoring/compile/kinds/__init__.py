"""One module per rule kind, named like those of :mod:`shifan.scoring.kinds`, each with ``compile``.

``compile`` gives what ``award`` gives, as an Ibis expression over a table of units. It takes the
columns of :func:`shifan.rulebook.indicators.columns`, numbers as whole numbers of ``value × scale``
(``scales`` has a power of ten for each, 1 where it is no number); where one is null it may return
anything. Property tests hold both forms together.
"""

from __future__ import annotations

from types import ModuleType

from shifan.rulebook.rules import Rule
from shifan.scoring.compile.kinds import (
    all_or_nothing,
    checklist,
    deduct_per,
    graded,
    linear,
    per_count,
    satisfaction,
    steps,
)

COMPILED: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        all_or_nothing, checklist, deduct_per, graded, linear, per_count, satisfaction, steps,
    )
}  # fmt: skip


def compiled(rule: Rule) -> ModuleType:
    """The module with the table form of the rule's kind."""
    return COMPILED[rule.kind]
