"""Chinese work reports as offices write them, and what becomes of a report that is used again.

Reports of different units share a standing beginning and end and some phrases of every work
report, and speak of the same few dozen tasks; places, measures, figures and outcomes are their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import yaml

Report = tuple[str, ...]
"""A title and paragraphs."""

_SAID = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text("utf-8"))
OPENING, CLOSING, PHRASES, ACTS, AFTER = (
    tuple(_SAID[name]) for name in ("opening", "closing", "phrases", "acts", "after")
)
PLACES, KINDS, THINGS, WHO, TOPICS = (
    _SAID[name].split() for name in ("places", "kinds", "things", "who", "topics")
)
SYNONYMS: Mapping[str, str] = _SAID["synonyms"]


def report(random: Random, sentences: int = 24) -> Report:
    """A new report: a fifth of its sentences or more are everybody's."""
    own = [sentence(random) for _ in range(sentences)]
    for phrase in random.sample(PHRASES, 5):
        own.insert(random.randrange(len(own)), phrase)
    cut = sorted(random.sample(range(1, len(own)), 5))
    parts = [own[a:b] for a, b in zip([0, *cut], [*cut, len(own)], strict=True)]
    title = f"{random.choice(PLACES)}{random.choice(KINDS)}示范创建工作报告"
    return (title, *OPENING, *("".join(part) for part in parts), *CLOSING)


def sentence(random: Random) -> str:
    """What somebody did somewhere, and mostly what came of it."""
    start = f"{random.choice(PLACES)}{random.choice(KINDS)}" if random.random() < 0.8 else "全年"
    said = start + _filled(random, random.choice(ACTS))
    if random.random() < 0.7:
        said += "，" + _filled(random, random.choice(AFTER))
    return said + "。"


def _filled(random: Random, template: str) -> str:
    return template.format(
        n=random.randint(2, 980), m=random.randint(2, 980), d=random.randint(2, 30),
        p=random.randint(51, 99), month=random.randint(1, 12), thing=random.choice(THINGS),
        who=random.choice(WHO), topic=random.choice(TOPICS), place=random.choice(PLACES),
        kind=random.choice(KINDS),
    )  # fmt: skip


def reworded(random: Random, text: Report) -> Report:
    """Three sentences of ten written anew, and another name in the title."""
    paragraphs = [[f"{part}。" for part in paragraph.split("。") if part] for paragraph in text[1:]]
    places = [(n, m) for n, paragraph in enumerate(paragraphs) for m in range(len(paragraph))]
    for n, m in random.sample(places, round(len(places) * 0.3)):
        paragraphs[n][m] = sentence(random)
    return (report(random)[0], *("".join(paragraph) for paragraph in paragraphs))


def synonyms(random: Random, text: Report) -> Report:
    """Usual words replaced by others of the same meaning, and a third of the figures changed."""
    said = "\n".join(text)
    for word, other in SYNONYMS.items():
        said = said.replace(word, other)
    changed = re.sub(
        r"\d+", lambda m: str(random.randint(2, 980)) if random.random() < 0.33 else m[0], said
    )
    return tuple(changed.split("\n"))


def reordered(random: Random, text: Report) -> Report:
    """The paragraphs in another order."""
    return (text[0], *random.sample(text[1:], len(text) - 1))


def truncated(random: Random, text: Report) -> Report:
    """Half to three quarters of the report, from the beginning."""
    said, share = "\n".join(text), random.uniform(0.5, 0.75)
    return tuple(said[: int(len(said) * share)].split("\n"))


def unchanged(random: Random, text: Report) -> Report:
    """The same text, to be saved as another kind of file."""
    return text


RESAVED = "saved as another kind of file"
ALTERATIONS: Mapping[str, Callable[[Random, Report], Report]] = {
    "three sentences of ten rewritten": reworded,
    "synonyms and other figures": synonyms,
    "paragraphs reordered": reordered,
    "cut to half or three quarters": truncated,
    RESAVED: unchanged,
}
