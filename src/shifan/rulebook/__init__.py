"""What a programme says: the rule book as a document that runs.

A rule book is a folder: ``measures.yaml`` (who, by which procedures), ``indicators/*.yaml`` (one
indicator set per unit type) and ``golden/*.yaml`` (worked units with their expected result).
"""
