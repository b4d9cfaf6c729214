"""Originals and altered copies as files, and how many of the copies are found among them."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

from bench.made import pictures, reports
from bench.made.reports import Report
from shifan.vault.content import OFFICE
from shifan.vault.likeness import ALIKE, COMMON, Fingerprint, fingerprint, keys, likeness

ORIGINAL = "original"
DOCX, PDF = OFFICE["word/document.xml"], "application/pdf"
Pair = tuple[int, int]


@dataclass(frozen=True)
class File:
    """A file, the number of the original that it shows, and what was done to that."""

    origin: int
    kind: str
    media_type: str
    content: bytes


def picture_files(seed: int, originals: int, copies: int = 2) -> list[File]:
    """JPEG files: originals, and copies of each; the alterations take turns."""
    random, kinds, files = Random(seed), list(pictures.ALTERATIONS), []
    for number in range(originals):
        picture = pictures.original(random)
        files.append(File(number, ORIGINAL, "image/jpeg", pictures.saved(picture)))
        for turn in range(number * copies, (number + 1) * copies):
            kind = kinds[turn % len(kinds)]
            altered = pictures.ALTERATIONS[kind](random, picture)
            files.append(File(number, kind, "image/jpeg", pictures.saved(altered, 75)))
    return files


def report_files(
    seed: int, originals: int, writers: dict[str, Callable[[Report], bytes]], copies: int = 2
) -> list[File]:
    """Files of reports, of each of the media types of the two writers in turn.

    A copy is of the original's type, but for those that are saved as another.
    """
    random, kinds, files = Random(seed), list(reports.ALTERATIONS), []
    types = list(writers)
    for number in range(originals):
        text, type_ = reports.report(random), types[number % 2]
        files.append(File(number, ORIGINAL, type_, writers[type_](text)))
        for turn in range(number * copies, (number + 1) * copies):
            kind = kinds[turn % len(kinds)]
            altered = reports.ALTERATIONS[kind](random, text)
            saved = types[1 - number % 2] if kind == reports.RESAVED else type_
            files.append(File(number, kind, saved, writers[saved](altered)))
    return files


@dataclass(frozen=True)
class Outcome:
    """Pairs of files, by their places in ``files``, that share a key and that are alike."""

    files: Sequence[File]
    candidates: frozenset[Pair]
    found: frozenset[Pair]

    @property
    def precision(self) -> float:
        """The share of the pairs found that show the same original."""
        return sum(self.related(pair) for pair in self.found) / max(len(self.found), 1)

    def recall(self, kind: str | None = None) -> float:
        """The share of the copies, or of those of a kind, that are found with their original."""
        wanted = self.copies(kind)
        return sum(pair in self.found for pair in wanted) / len(wanted)

    def copies(self, kind: str | None = None) -> list[Pair]:
        """The pairs of an original and its copy."""
        at = {file.origin: n for n, file in enumerate(self.files) if file.kind == ORIGINAL}
        return [
            (at[file.origin], n)
            for n, file in enumerate(self.files)
            if file.kind != ORIGINAL and kind in (None, file.kind)
        ]

    def related(self, pair: Pair) -> bool:
        return self.files[pair[0]].origin == self.files[pair[1]].origin


def fingerprints(files: Iterable[File]) -> list[Fingerprint | None]:
    return [fingerprint(io.BytesIO(file.content), file.media_type) for file in files]


def searched(files: Sequence[File], taken: Sequence[Fingerprint | None]) -> Outcome:
    """What a search by key, and then by likeness, finds."""
    candidates = pairs_by_key([keys(one) if one else () for one in taken])
    found = frozenset(
        (a, b)
        for a, b in candidates
        if (one := taken[a]) and (other := taken[b]) and likeness(one, other) >= ALIKE
    )
    return Outcome(files, candidates, found)


def pairs_by_key(keys_of: Iterable[Iterable[object]]) -> frozenset[Pair]:
    """Pairs that share a key which at most COMMON have."""
    holders: dict[object, list[int]] = defaultdict(list)
    for number, keys_ in enumerate(keys_of):
        for key in keys_:
            holders[key].append(number)
    return frozenset(
        pair for held in holders.values() if len(held) <= COMMON for pair in combinations(held, 2)
    )
