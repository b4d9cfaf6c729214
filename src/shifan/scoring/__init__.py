"""Facts in, points out: exact, explained, the same on every engine.

One unit at a time in plain Python (:func:`evaluate.score`), a table of units through Ibis
(:mod:`shifan.scoring.compile`). What each rule kind awards, how it compiles, what it says and how a
unit could earn more stand side by side in :mod:`shifan.scoring.kinds`.
"""
