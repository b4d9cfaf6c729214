"""Pictures of what is in the vault, and what a photograph tells about itself.

Run in a process apart (:mod:`shifan.apart`), as it opens what strangers sent.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import IO, Any

from PIL import ExifTags, Image, ImageOps
from pypdfium2 import PdfDocument

MOST_PIXELS = 60_000_000
"""A picture of more pixels than this is not opened; telephones make up to 50 million."""
WIDTHS = {"small": 240, "large": 1200}
"""The widths in which a preview can be had, in pixels."""
CAMERA = (ExifTags.Base.Make, ExifTags.Base.Model)
Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses at twice this


@dataclass(frozen=True)
class Shot:
    """What the camera wrote into a photograph; empty or None where it wrote nothing.

    ``taken`` is the camera's own clock, as text; the position is in degrees, north and east
    positive. It may have been changed by anybody: a sign for the reviewer, no proof.
    """

    taken: str = ""
    camera: str = ""
    software: str = ""
    latitude: float | None = None
    longitude: float | None = None


def pages(file: IO[bytes], media_type: str) -> int | None:
    """How many pages a PDF has; a picture has one; None for what has no pages."""
    if media_type.startswith("image/"):
        return 1
    if media_type != "application/pdf":
        return None
    with closing(PdfDocument(file.read())) as document:
        return len(document)


def preview(file: IO[bytes], media_type: str, page: int, width: int) -> bytes:
    """A WebP picture of a page (from 1), at most ``width`` wide, with nothing else inside.

    Drawn anew from the pixels, so that no metadata of the original comes along. Raises whatever
    the libraries raise on a file they can't open, and IndexError for a page that is not there.
    """
    with _page(file, page, width) if media_type == "application/pdf" else _photo(file) as drawn:
        drawn.thumbnail((width, width * 3))
        bare = Image.new("RGB", drawn.size, "white")
        bare.paste(drawn, mask=drawn if drawn.mode == "RGBA" else None)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=80)
    return out.getvalue()


def shot(file: IO[bytes]) -> Shot:
    """What the camera wrote into the photograph."""
    with Image.open(file, formats=("JPEG", "PNG")) as image:
        exif = image.getexif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    position = exif.get_ifd(ExifTags.IFD.GPSInfo)
    return Shot(
        taken=_text(details.get(ExifTags.Base.DateTimeOriginal)),
        camera=" ".join(_text(exif.get(tag)) for tag in CAMERA).strip(),
        software=_text(exif.get(ExifTags.Base.Software)),
        latitude=_degrees(position, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S"),
        longitude=_degrees(position, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W"),
    )


def _photo(file: IO[bytes]) -> Image.Image:
    image = Image.open(file, formats=("JPEG", "PNG"))
    upright = ImageOps.exif_transpose(image)
    drawn: Image.Image = upright.convert("RGBA" if "A" in upright.getbands() else "RGB")
    return drawn


def _page(file: IO[bytes], number: int, width: int) -> Image.Image:
    with closing(PdfDocument(file.read())) as document:
        if not 1 <= number <= len(document):
            raise IndexError(number)
        page = document[number - 1]
        scale = min(width / max(page.get_width(), 1), width * 3 / max(page.get_height(), 1))
        drawn: Image.Image = page.render(scale=scale).to_pil()
        return drawn.convert("RGB")


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    kept = "".join(c for c in str(value or "") if c.isprintable())
    return kept.strip()[:100]


def _degrees(position: Mapping[int, Any], tag: int, side: int, negative: str) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in position[tag])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    if not 0 <= found <= 180:  # not a number compares false, too
        return None
    return round(-found if _text(position.get(side)).upper() == negative else found, 6)
