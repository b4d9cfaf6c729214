"""Which moves are open to whom, and why not: the rule book's stages, guards and deadlines.

Pure: the time, the facts and the actor's standing are arguments. Views render what
:func:`moves.options` answers; actions enforce it with :func:`moves.require`.
"""
