"""A folder of a rule book changed by a test."""

from __future__ import annotations

from pathlib import Path


def rewrite(folder: Path, *changes: tuple[str, str]) -> None:
    """Change words of the programme or of its measures, each once where it stands first."""
    files = [folder / "programme.yaml", folder / "measures.yaml"]
    for old, new in changes:
        path = next(each for each in files if old in each.read_text("utf-8"))
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
