"""What changed between two rule books, part by part, and what each part is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from shifan.rulebook.base import Text
from shifan.rulebook.loader import document
from shifan.rulebook.model import RuleBook


@dataclass(frozen=True)
class Change:
    """One difference. ``where`` is the path, ids standing for positions in lists."""

    kind: Literal["added", "removed", "changed"]
    where: str
    before: Any = None
    after: Any = None

    def __str__(self) -> str:
        if self.kind == "changed":
            return f"changed {self.where}: {self.before!r} -> {self.after!r}"
        return f"{self.kind} {self.where}"


def diff(old: RuleBook, new: RuleBook) -> list[Change]:
    """All changes from ``old`` to ``new``; a list's entries are matched by id, not by position."""
    return list(
        _walk(
            document(old.measures, old.indicators, ()),
            document(new.measures, new.indicators, ()),
            "",
        )
    )


def _walk(old: Any, new: Any, where: str) -> list[Change]:
    old, new = _keyed(old), _keyed(new)
    if isinstance(old, dict) and isinstance(new, dict):
        changes: list[Change] = []
        for key in [*old, *(key for key in new if key not in old)]:
            path = f"{where}/{key}" if where else str(key)
            if key not in new:
                changes.append(Change("removed", path, old[key]))
            elif key not in old:
                changes.append(Change("added", path, None, new[key]))
            else:
                changes += _walk(old[key], new[key], path)
        return changes
    return [] if old == new else [Change("changed", where, old, new)]


def _keyed(value: Any) -> Any:
    """A list of parts as a mapping by id, capacity or article number; anything else as it is."""
    if isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
        for key in ("id", "capacity", "number"):
            if all(key in part for part in value):
                return {part[key]: part for part in value}
        return dict(enumerate(value))
    return value


PARTS = {
    "articles": Text(zh="第 {} 条", en="article {}"),
    "indicators": Text(zh="指标“{}”", en="indicators “{}”"),
    "categories": Text(zh="类别 {}", en="category {}"),
    "items": Text(zh="项 {}", en="item {}"),
    "clauses": Text(zh="条款 {}", en="clause {}"),
    "entries": Text(zh="加减分项 {}", en="adjustment {}"),
    "vetoes": Text(zh="否决项 {}", en="veto {}"),
    "themes": Text(zh="主题“{}”", en="theme “{}”"),
    "procedures": Text(zh="程序“{}”", en="procedure “{}”"),
    "stages": Text(zh="环节“{}”", en="stage “{}”"),
    "moves": Text(zh="办理“{}”", en="step “{}”"),
    "deadlines": Text(zh="期限“{}”", en="deadline “{}”"),
    "return_kinds": Text(zh="退回情形“{}”", en="kind of return “{}”"),
    "parties": Text(zh="身份“{}”", en="capacity “{}”"),
    "unit_types": Text(zh="单位类型“{}”", en="kind of unit “{}”"),
    "tiers": Text(zh="层级“{}”", en="tier “{}”"),
    "channels": Text(zh="渠道“{}”", en="channel “{}”"),
    "fact_sources": Text(zh="数据来源“{}”", en="source of facts “{}”"),
    "quotas": Text(zh="名额“{}”", en="quota “{}”"),
    "surveys": Text(zh="调查“{}”", en="survey “{}”"),
    "references": Text(zh="参考文献“{}”", en="reference “{}”"),
}
"""What the entries of each list are called; those with a name by their name, others by their id."""


def called(where: str, *books: RuleBook) -> tuple[Text, str]:
    """The article, clause or step that a change's path leads to, in words, as far as they go, and
    the rest of the path. The first of the books that has an entry gives its name."""
    levels = [document(each.measures, each.indicators, ()) for each in books]
    words: list[Text] = []
    keys, end = where.split("/"), 0
    for number, key in enumerate(keys):
        found = [each for each in (_inside(level, key) for level in levels) if each is not None]
        entry = found[0] if found else None
        label = PARTS.get(keys[number - 1]) if number else None
        if label is not None:
            zh, en = _name(entry, key)
            words.append(Text(zh=label.zh.format(zh), en=(label.en or "").format(en)))
            end = number + 1
        elif key == "measures" and not number:
            end = 1
        levels = found
    rest = [each for each in keys[end:] if each not in PARTS]
    return Text(
        zh="，".join(each.zh for each in words) or "办法",
        en=", ".join(each.en or each.zh for each in words) or "measures",
    ), "/".join(rest)


def _inside(level: Any, key: str) -> Any:
    level = _keyed(level)
    known = {str(each): value for each, value in level.items()} if isinstance(level, dict) else {}
    return known.get(key)


def _name(entry: Any, key: str) -> tuple[str, str]:
    """What the entry is called in both languages: its name in short, or its key."""
    name = entry.get("name") if isinstance(entry, dict) else None
    if key[:1].isdigit() or not isinstance(name, dict):
        return key, key
    return str(name.get("zh") or key), str(name.get("en") or name.get("zh") or key)
