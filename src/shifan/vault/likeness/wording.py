"""The wording of a text: which short runs of words it holds, in a sketch of fixed size.

The sketch is a MinHash (Broder, "On the resemblance and containment of documents", 1997): the share
of equal values in two sketches estimates the share of runs that two texts have in common.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from dataclasses import dataclass

from rensa import RMinHash

RUN = 5
"""Words in a run; a Chinese character is a word, and so is a number."""
FEWEST = 40
"""A text of fewer different runs is too short to be told from others."""
VALUES, SEED = 256, 20260101
"""How many values a sketch has, and what their hash functions are drawn from."""
BAND = 4
"""Values that a key stands for."""

_WORD = re.compile(
    "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\\W\\d_\u3400-\u9fff\uf900-\ufaff]+|\\d+"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The sketch of a text: VALUES numbers of 32 bits."""

    values: tuple[int, ...]

    def pack(self) -> bytes:
        """4 bytes a value."""
        return struct.pack(f">{VALUES}I", *self.values)

    @classmethod
    def unpack(cls, data: bytes) -> Wording:
        return cls(struct.unpack(f">{VALUES}I", data))


def wording(text: str) -> Wording | None:
    """The sketch of a text; None if it is too short.

    Widths of characters, capitals, spaces, line ends and punctuation make no difference.
    """
    words = _WORD.findall(unicodedata.normalize("NFKC", text).lower())
    runs = {" ".join(words[n : n + RUN]) for n in range(len(words) - RUN + 1)}
    if len(runs) < FEWEST:
        return None
    sketch = RMinHash(num_perm=VALUES, seed=SEED)
    sketch.update(sorted(runs))
    return Wording(tuple(sketch.digest()))


def shared(a: Wording, b: Wording) -> float:
    """The estimated share of the runs of two texts that are in both, 0..1 (Jaccard's index)."""
    return sum(ours == theirs for ours, theirs in zip(a.values, b.values, strict=True)) / VALUES


def names(wording: Wording) -> tuple[tuple[int, ...], ...]:
    """What a text is looked up by: each BAND values, of which near texts have some in common."""
    values = wording.values
    return tuple((n, *values[n : n + BAND]) for n in range(0, VALUES, BAND))
