"""From a rule book to tables: everything that knows Ibis and the engines it runs on.

The evaluator (:mod:`shifan.scoring.evaluate`) needs none of it.
"""
