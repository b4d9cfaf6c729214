"""The look of a picture: what stands where in it.

A picture is told by up to PLACES small regions that stand out at their own size, as blobs in a
difference of Gaussians do (Lowe, "Distinctive image features from scale-invariant keypoints", 2004,
section 3), each named by its perceptual hash. A crop, a border or a watermark leaves most of them
where they were, which a single hash of the whole picture does not survive.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import IO

import imagehash
import numpy as np
import scipy
from numpy.typing import NDArray
from PIL import Image, ImageOps

MAX_PIXELS = 60_000_000
"""A picture whose header says more pixels than this is not decoded."""
SIDE = 200
"""A picture is looked at as if it were a square of this side, in pixels, of the same area."""
NARROWEST = 40
"""Side in pixels below which, so scaled, a picture is too much of a strip to say anything."""
PLACES = 64
"""At most so many are kept."""
FEWEST = 10
"""With fewer places a picture is too plain to be told from others."""
FAINTEST = 1.0
"""Grey levels of 256 by which a place must stand out."""
OCTAVES, STEPS, FINEST = 4, 3, 1.6
"""How often the picture is halved, sizes of blobs tried between, and the smallest of them."""
REACH = 6.0
"""Half the side of the region that is hashed, in standard deviations of its blob."""
EDGE = 10.0
"""Ratio of curvatures above which a blob is a piece of an edge, which has no place along it."""
NEAR = 12
"""Bits of 64 in which hashes of the same place may differ."""
SHIFT, SCALE = 0.05, 0.25
"""How far a place may lie from where the common layout puts it, in sides of the picture, and its
size from the expected one, in natural logarithm."""
FEWEST_FOUND = 5
"""Pictures that agree in fewer places have nothing in common."""
CELLS, MARGIN = 5, SHIFT * SIDE + 1
"""How finely the common area is divided, and how far, in pixels, it reaches past its places."""
SIXTEENTHS = 16
"""Steps of a pixel in which places are kept."""
KEY_BITS = 28
"""With fewer, unrelated pictures meet by chance; with more, copies are missed."""
_STEADY = sorted(range(1, 64), key=lambda n: (n // 8 + n % 8, max(n // 8, n % 8), n))[:KEY_BITS]
"""The bits of a hash that stand for its lowest frequencies, without the constant first one."""

Grid = NDArray[np.float32]
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Look:
    """Places of a picture: hashes of 64 bits, and rows of x, y, radius in sixteenths of a pixel."""

    hashes: tuple[int, ...]
    spots: tuple[tuple[int, int, int], ...]

    def pack(self) -> bytes:
        """12 bytes a place."""
        return b"".join(
            struct.pack(">QHHH", hash_, *spot)
            for hash_, spot in zip(self.hashes, self.spots, strict=True)
        )

    @classmethod
    def unpack(cls, data: bytes) -> Look:
        rows = list(struct.iter_unpack(">QHHH", data))
        return cls(tuple(row[0] for row in rows), tuple(row[1:] for row in rows))


def look(file: IO[bytes]) -> Look | None:
    """What a PNG or JPEG file shows; None if it is too large or too plain.

    Raises what Pillow raises for broken files.
    """
    file.seek(0)
    with Image.open(file, formats=("PNG", "JPEG")) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            return None
        picture.draft("L", (2 * SIDE, 2 * SIDE))
        return look_of(picture)


def look_of(picture: Image.Image) -> Look | None:
    """What a picture shows; None if it is too plain or too much of a strip."""
    shrink = SIDE / (picture.width * picture.height) ** 0.5
    size = (round(picture.width * shrink), round(picture.height * shrink))
    if min(size) < NARROWEST:
        return None
    grey = ImageOps.exif_transpose(_grey(picture, size))
    spots = _spots(np.asarray(grey, dtype=np.float32))
    if len(spots) < FEWEST:
        return None
    hashes = tuple(_hash(grey, spot) for spot in spots)
    rows = np.rint(np.array(spots) * SIXTEENTHS).astype(int).tolist()
    return Look(hashes, tuple((x, y, radius) for x, y, radius in rows))


def _grey(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture in grey and scaled, on white paper where it is transparent."""
    if not picture.has_transparency_data:
        return picture.convert("L").resize(size, Image.Resampling.BOX)
    small = picture.convert("RGBA").resize(size, Image.Resampling.BOX)
    return Image.alpha_composite(Image.new("RGBA", size, "white"), small).convert("L")


def _spots(grey: Grid) -> list[tuple[float, float, float]]:
    """The places that stand out most, first the strong and large: x, y and radius in pixels."""
    found: list[tuple[float, float, float, float]] = []
    height, width = grey.shape
    for octave in range(OCTAVES):
        zoom = 2.0**octave
        if min(grey.shape) < 2 * REACH * FINEST:
            break
        sizes = [FINEST * 2 ** (step / STEPS) for step in range(STEPS + 3)]
        blurred = [scipy.ndimage.gaussian_filter(grey, size) for size in sizes]
        stack = np.diff(np.stack(blurred), axis=0)
        for strength, level, y, x in _peaks(stack):
            radius = REACH * FINEST * 2 ** (level / STEPS) * zoom
            x, y = (x + 0.5) * zoom, (y + 0.5) * zoom
            if radius <= min(x, y, width - x, height - y):
                found.append((strength * radius, x, y, radius))  # large ones last longer
        grey = blurred[STEPS][::2, ::2]
    found.sort(reverse=True)
    return [spot[1:] for spot in found[:PLACES]]


def _peaks(stack: Grid) -> list[tuple[float, float, float, float]]:
    """Peaks and pits of a stack of differences: strength, level, row and column, refined."""
    strong = np.abs(stack)
    peak = (strong == scipy.ndimage.maximum_filter(strong, size=3)) & (strong > FAINTEST)
    peak[[0, -1]] = peak[:, [0, -1]] = peak[:, :, [0, -1]] = False
    rows = []
    for level, y, x in np.argwhere(peak):
        cube = stack[level - 1 : level + 2, y - 1 : y + 2, x - 1 : x + 2].astype(float)
        if not _is_edge(cube[1]):
            off = [_vertex(*line) for line in (cube[:, 1, 1], cube[1, :, 1], cube[1, 1, :])]
            rows.append((float(strong[level, y, x]), level + off[0], y + off[1], x + off[2]))
    return rows


def _vertex(before: float, at: float, after: float) -> float:
    """Where, in -0.5..0.5, the parabola through three values turns."""
    bend = before - 2 * at + after
    return float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5)) if bend else 0.0


def _is_edge(square: NDArray[np.float64]) -> bool:
    """Whether the middle of 3 × 3 values bends much more in one direction than across it."""
    along = square[1, 2] - 2 * square[1, 1] + square[1, 0]
    down = square[2, 1] - 2 * square[1, 1] + square[0, 1]
    cross = (square[2, 2] - square[2, 0] - square[0, 2] + square[0, 0]) / 4
    flatness = along * down - cross * cross
    return bool(flatness <= 0 or (along + down) ** 2 * EDGE >= (EDGE + 1) ** 2 * flatness)


def _hash(grey: Image.Image, spot: tuple[float, float, float]) -> int:
    x, y, radius = spot
    region = grey.resize(
        (32, 32), Image.Resampling.BILINEAR, (x - radius, y - radius, x + radius, y + radius)
    )
    bits = imagehash.phash(region).hash
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def shared(a: Look, b: Look) -> float:
    """How much of what two pictures both could show they both show in the same layout, 0..1.

    The lesser of two shares: of the places of the plainer picture, those found in the other; and
    of the CELLS by CELLS parts of their common area which hold places, those with a place found.
    The second is small for letters of one office, which agree in head and seal alone. The layouts
    may differ by a shift and a change of size, and by as much of turning and stretching as SHIFT
    and SCALE allow.
    """
    a, b = sorted((a, b), key=lambda look: look.spots)  # the same both ways round
    pairs = _pairs(a, b)
    if len(pairs) < FEWEST_FOUND:
        return 0.0
    ours, theirs = (np.array(look.spots, dtype=float) / SIXTEENTHS for look in (a, b))
    fits, moved = _layout(pairs, ours, theirs)
    found = theirs[sorted(set(pairs[fits, 1])), :2]
    both = min(len(set(pairs[fits, 0])), len(found))
    if both < FEWEST_FOUND:
        return 0.0
    low = np.maximum(moved.min(axis=0), theirs[:, :2].min(axis=0)) - MARGIN
    high = np.minimum(moved.max(axis=0), theirs[:, :2].max(axis=0)) + MARGIN
    held, kept = _cells(np.vstack([moved, theirs[:, :2]]), low, high), _cells(found, low, high)
    return min(both / min(len(ours), len(theirs)), len(kept) / len(held))


def _layout(
    pairs: NDArray[np.int64], ours: Points, theirs: Points
) -> tuple[NDArray[np.bool_], Points]:
    """The pairs that agree on how one picture lies on the other, and where it puts our places.

    Every pair in turn proposes a shift and a change of size; the one most others agree with counts.
    """
    here, there = ours[pairs[:, 0]], theirs[pairs[:, 1]]
    growth = there[:, 2] / here[:, 2]
    shifts = there[:, :2] - growth[:, None] * here[:, :2]
    best, moved = np.zeros(len(pairs), dtype=bool), ours[:, :2]
    for scale, shift in zip(growth, shifts, strict=True):
        off = np.abs(there[:, :2] - (here[:, :2] * scale + shift)).max(axis=1)
        fits = (off < SHIFT * SIDE) & (np.abs(np.log(growth / scale)) < SCALE)
        if fits.sum() > best.sum():
            best, moved = fits, ours[:, :2] * scale + shift
    return best, moved


def _cells(points: Points, low: Points, high: Points) -> set[tuple[int, ...]]:
    """Which of CELLS by CELLS parts of the area between two corners the points inside it lie in."""
    inside = points[((points >= low) & (points <= high)).all(axis=1)]
    cells = np.minimum((inside - low) / (high - low) * CELLS, CELLS - 1).astype(int)
    return {tuple(cell) for cell in cells.tolist()}


def names(look: Look) -> tuple[int, ...]:
    """What each place is looked up by: the steadiest KEY_BITS of its hash."""
    bits = [63 - place for place in _STEADY]
    return tuple(
        sum((hash_ >> bit & 1) << n for n, bit in enumerate(bits)) for hash_ in look.hashes
    )


def _pairs(a: Look, b: Look) -> NDArray[np.int64]:
    """Index pairs of places with near hashes."""
    ours, theirs = (np.array(look.hashes, dtype=np.uint64) for look in (a, b))
    apart = np.bitwise_count(ours[:, None] ^ theirs[None, :])
    return np.argwhere(apart <= NEAR)
