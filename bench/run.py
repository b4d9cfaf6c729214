"""Measure the figures of one module of this folder, or of all: ``python -m bench.run [NAME]``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

HELPERS = {"__init__", "crowd", "figures", "run", "senders"}


def main() -> None:
    """Print each figure as soon as it is measured; a missed goal is said, not hidden."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    known = [name for name in names if name not in HELPERS]
    wanted = sys.argv[1:] or known
    for name in wanted:
        if name not in known:
            sys.exit(f"there is no figure {name}; there are {', '.join(known)}")
    for name in wanted:
        print(f"== {name}", flush=True)
        for figure in import_module(f"bench.{name}").figures():
            for line in figure.lines():
                print(line, flush=True)


if __name__ == "__main__":
    main()
