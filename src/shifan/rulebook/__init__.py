"""What a programme says: the rule book as a document that runs.

A rule book is a folder: ``measures.yaml`` (procedure and parameters), ``indicators/*.yaml`` (one
indicator set per unit type) and ``golden/*.yaml`` (worked units with their expected result).
"""

from shifan.rulebook.base import Text
from shifan.rulebook.indicators import Clause, IndicatorSet
from shifan.rulebook.loader import InvalidRuleBook, load, locate, shipped
from shifan.rulebook.model import Measures, RuleBook

__all__ = [
    "Clause",
    "IndicatorSet",
    "InvalidRuleBook",
    "Measures",
    "RuleBook",
    "Text",
    "load",
    "locate",
    "shipped",
]
