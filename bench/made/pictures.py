"""Pictures as they are handed in as evidence, and what becomes of a picture that is used again.

Outdoor scenes, crowds in halls, posters, and scanned letters; scenes may bear the mark of a camera
app, and letters share their office's head and seal, which is all that such pictures have in common.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from functools import cache
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

Picture = Image.Image
SIZES = ((800, 600), (960, 540), (600, 800), (720, 720))
SYLLABLES = [
    "ba",
    "shi",
    "fan",
    "cun",
    "li",
    "dong",
    "xi",
    "nan",
    "bei",
    "an",
    "he",
    "ping",
    "gong",
    "zuo",
    "bao",
    "gao",
    "hui",
    "yi",
    "min",
    "sheng",
    "wen",
    "ming",
    "jian",
    "she",
]


def outdoors(random: Random) -> Picture:
    """Sky, hills, houses, trees and passers-by; under half of them bear a camera app's mark."""
    width, height = random.choice(SIZES)
    picture = _sky(random, width, height)
    draw = ImageDraw.Draw(picture)
    for _ in range(random.randint(1, 3)):
        _hill(random, draw, width, height)
    for _ in range(random.randint(1, 7)):
        _house(random, draw, width, height)
    for _ in range(random.randint(2, 9)):
        _tree(random, draw, width, height)
    for _ in range(random.randint(0, 8)):
        _person(random, draw, width, height)
    picture = _grained(random, picture)
    return _stamped(random, picture) if random.random() < 0.4 else picture


def hall(random: Random) -> Picture:
    """Rows of people before a wall with a banner."""
    width, height = random.choice(SIZES)
    picture = Image.new("RGB", (width, height), _colour(random, 120, 230))
    draw = ImageDraw.Draw(picture)
    floor = int(height * random.uniform(0.3, 0.55))
    draw.rectangle((0, floor, width, height), fill=_colour(random, 60, 170))
    for _ in range(random.randint(1, 4)):
        x, y = random.randrange(width), random.randrange(floor)
        draw.rectangle((x, y, x + random.randint(30, 200), y + random.randint(30, 150)),
                       fill=_colour(random, 20, 255))  # fmt: skip
    top = random.randint(5, floor // 2)
    draw.rectangle((width * 0.1, top, width * 0.9, top + 50), fill=(190, 20, 20))
    draw.text((width * 0.13, top + 8), _words(random, 6), font=_font(30), fill=(250, 220, 80))
    for row in range(random.randint(2, 4)):
        for place in range(random.randint(3, 8)):
            x = (place + random.uniform(0.1, 0.9)) * width / 8
            _person(random, draw, width, height, at=(x, floor + row * height * 0.12))
    return _grained(random, picture)


def poster(random: Random) -> Picture:
    """Coloured shapes and lines of text on a shaded ground."""
    width, height = random.choice(SIZES)
    picture = _shade(random, width, height)
    draw = ImageDraw.Draw(picture)
    for _ in range(random.randint(4, 14)):
        x, y, r = random.randrange(width), random.randrange(height), random.randint(20, 150)
        box = (x, y, x + r, y + int(r * random.uniform(0.5, 1.5)))
        shape = random.choice((draw.ellipse, draw.rectangle))
        shape(box, fill=_colour(random), outline=_colour(random), width=random.randint(1, 8))
    for _ in range(random.randint(3, 9)):
        place = (random.randrange(width // 2), random.randrange(height))
        draw.text(place, _words(random, random.randint(2, 6)), font=_font(random.randint(16, 60)),
                  fill=_colour(random))  # fmt: skip
    return picture


def letter(random: Random) -> Picture:
    """A scanned page under one of three heads, with lines of text, a seal and a little tilt."""
    office = random.randrange(3)
    page = Image.new("L", (620, 877), 250)
    colour = page.convert("RGB")
    draw = ImageDraw.Draw(colour)
    head = ("DONGXI SHIFAN BANGONGSHI", "NANBEI WENMING WEIYUANHUI", "HEPING GONGZUO JU")[office]
    draw.text((60, 60), head, font=_font(34), fill=(200, 20, 20))
    draw.line((50, 120, 570, 120), fill=(200, 20, 20), width=4)
    y = 150
    for _ in range(random.randint(3, 8)):
        for line in range(random.randint(1, 5)):
            draw.text((60 + 30 * (line == 0), y), _words(random, 14)[: random.randint(40, 58)],
                      font=_font(17), fill=(30, 30, 30))  # fmt: skip
            y += 24
        y += random.choice((0, 12))
    draw.ellipse((390, 690, 520, 820), outline=(210, 30, 30), width=5)
    draw.text((430, 735), "* * *", font=_font(24), fill=(210, 30, 30))
    tilted = colour.rotate(random.uniform(-1, 1), Image.Resampling.BICUBIC, fillcolor="white")
    return _grained(random, tilted, 4)


ORIGINALS = (outdoors, outdoors, hall, poster, letter)


def original(random: Random) -> Picture:
    """Any of these: two of five are outdoors."""
    return random.choice(ORIGINALS)(random)


def cropped(share: float) -> Callable[[Random, Picture], Picture]:
    """An alteration that cuts away up to a share of the area, at least half of that."""

    def crop(random: Random, picture: Picture) -> Picture:
        kept = 1 - random.uniform(share / 2, share)
        wide = random.uniform(kept, 1)
        width, height = int(picture.width * wide), int(picture.height * kept / wide)
        x, y = random.randint(0, picture.width - width), random.randint(0, picture.height - height)
        return picture.crop((x, y, x + width, y + height))

    return crop


def recompressed(random: Random, picture: Picture) -> Picture:
    """Saved as JPEG at a quality of 30 to 60."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=random.randint(30, 60))
    return Image.open(buffer)


def resized(random: Random, picture: Picture) -> Picture:
    """Between a third and nine tenths of its size, or somewhat larger."""
    scale = random.choice((random.uniform(0.33, 0.9), random.uniform(1.1, 1.5)))
    return picture.resize((int(picture.width * scale), int(picture.height * scale)))


def relit(random: Random, picture: Picture) -> Picture:
    """Darker or brighter, with more or less contrast."""
    lit = ImageEnhance.Brightness(picture).enhance(random.choice((0.7, 0.8, 1.2, 1.3)))
    return ImageEnhance.Contrast(lit).enhance(random.uniform(0.8, 1.2))


def framed(random: Random, picture: Picture) -> Picture:
    """A border in one colour on all sides."""
    border = int(picture.width * random.uniform(0.02, 0.08))
    return ImageOps.expand(picture, border, _colour(random))


def marked(random: Random, picture: Picture) -> Picture:
    """Text across the picture and another in a corner."""
    copy = picture.copy()
    draw = ImageDraw.Draw(copy)
    width, height = copy.size
    draw.text((width * 0.1, height * random.uniform(0.3, 0.6)), _words(random, 3),
              font=_font(width // 11), fill=_colour(random))  # fmt: skip
    draw.text((10, height - 40), "2026-08-15 09:30", font=_font(24), fill=(255, 255, 255))
    return copy


def turned(random: Random, picture: Picture) -> Picture:
    """Turned by one to three degrees, as when scanned again."""
    angle = random.choice((-1, 1)) * random.uniform(1, 3)
    return picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")


def sent_on(random: Random, picture: Picture) -> Picture:
    """Cropped by up to a tenth, made smaller and recompressed, as after two chat programmes."""
    small = cropped(0.1)(random, picture)
    return recompressed(random, small.resize((small.width * 2 // 3, small.height * 2 // 3)))


ALTERATIONS: Mapping[str, Callable[[Random, Picture], Picture]] = {
    "cropped by 5 to 10 %": cropped(0.1),
    "cropped by 10 to 20 %": cropped(0.2),
    "cropped by 20 to 40 %": cropped(0.4),
    "JPEG quality 30 to 60": recompressed,
    "resized to 33 to 150 %": resized,
    "brightness and contrast": relit,
    "border": framed,
    "text across": marked,
    "turned by 1 to 3 degrees": turned,
    "cropped, smaller, recompressed": sent_on,
}


def saved(picture: Picture, quality: int = 85) -> bytes:
    """The picture as a JPEG file."""
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _words(random: Random, count: int) -> str:
    return " ".join(
        "".join(random.choices(SYLLABLES, k=random.randint(1, 3))) for _ in range(count)
    )


def _colour(random: Random, low: int = 0, high: int = 255) -> tuple[int, int, int]:
    return (random.randint(low, high), random.randint(low, high), random.randint(low, high))


def _noise(random: Random, width: int, height: int, roughness: float) -> np.ndarray:
    """A field of -1..1 whose detail falls with its frequency, as in clouds."""
    source = np.random.default_rng(random.getrandbits(32))
    spectrum = np.fft.rfft2(source.standard_normal((height, width)))
    distance = np.hypot(*np.meshgrid(np.fft.rfftfreq(width), np.fft.fftfreq(height)))
    distance[0, 0] = 1
    field = np.fft.irfft2(spectrum / distance**roughness, (height, width))
    return (field - field.mean()) / np.abs(field - field.mean()).max()


def _shade(random: Random, width: int, height: int) -> Picture:
    """A gradient from one colour to another in any direction."""
    one, other = (np.array(_colour(random), dtype=float) for _ in range(2))
    angle = random.uniform(0, 2 * math.pi)
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    share = (x * math.cos(angle) + y * math.sin(angle) + 1.5) / 3
    return Image.fromarray((one + (other - one) * share[..., None]).astype(np.uint8))


def _sky(random: Random, width: int, height: int) -> Picture:
    blue = np.array(_colour(random, 130, 220), dtype=float)
    clouds = _noise(random, width, height, random.uniform(1.4, 2.2))[..., None]
    fall = np.linspace(-30, 30, height)[:, None, None]
    return Image.fromarray(np.clip(blue + fall + 70 * clouds, 0, 255).astype(np.uint8))


def _grained(random: Random, picture: Picture, strength: int = 9) -> Picture:
    """Uneven light, a little blur and the noise of a sensor."""
    light = _noise(random, picture.width, picture.height, 1.8)[..., None] * 3 * strength
    sensor = np.random.default_rng(random.getrandbits(32))
    blurred = np.asarray(picture.filter(ImageFilter.GaussianBlur(random.uniform(0.3, 1.2))))
    grain = sensor.normal(0, strength / 2, blurred.shape)
    return Image.fromarray(np.clip(blurred + light + grain, 0, 255).astype(np.uint8))


def _stamped(random: Random, picture: Picture) -> Picture:
    """The same block in the corner as on every other picture, with its own time."""
    draw = ImageDraw.Draw(picture)
    top = picture.height - 110
    draw.rectangle((12, top, 300, top + 96), fill=(20, 70, 160))
    draw.text((20, top + 6), "SHIFAN CAMERA", font=_font(28), fill=(255, 255, 255))
    clock = f"2026-{random.randint(1, 12):02}-{random.randint(1, 28):02} {random.randint(8, 18)}:20"
    draw.text((20, top + 40), clock, font=_font(22), fill=(255, 230, 0))
    draw.text((20, top + 68), "work record", font=_font(18), fill=(255, 255, 255))
    return picture


def _hill(random: Random, draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    base, swing = height * random.uniform(0.45, 0.75), height * random.uniform(0.03, 0.2)
    phase, waves = random.uniform(0, 6), random.uniform(1, 4)
    line = [
        (x, base + swing * math.sin(phase + waves * 6 * x / width) * math.cos(x / 37 + phase))
        for x in range(0, width + 8, 8)
    ]
    draw.polygon([*line, (width, height), (0, height)], fill=_colour(random, 30, 150))


def _house(random: Random, draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    x, ground = random.randrange(width), int(height * random.uniform(0.6, 0.95))
    wide, high = random.randint(50, 220), random.randint(60, 300)
    draw.rectangle((x, ground - high, x + wide, ground), fill=_colour(random, 60, 240))
    if random.random() < 0.5:
        roof = [(x - 10, ground - high), (x + wide // 2, ground - high - random.randint(20, 90)),
                (x + wide + 10, ground - high)]  # fmt: skip
        draw.polygon(roof, fill=_colour(random, 20, 160))
    step, pane, glass = random.randint(24, 55), random.randint(10, 22), _colour(random)
    for column in range(x + 8, x + wide - pane, step):
        for row in range(ground - high + 8, ground - pane, step):
            if random.random() < 0.85:
                draw.rectangle((column, row, column + pane, row + pane), fill=glass)


def _tree(random: Random, draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    x, ground = random.randrange(width), int(height * random.uniform(0.65, 1))
    high, crown = random.randint(40, 160), _colour(random, 20, 130)
    draw.rectangle((x - 4, ground - high, x + 4, ground), fill=(80, 50, 30))
    for _ in range(random.randint(3, 9)):
        dx, dy, r = random.randint(-35, 35), random.randint(-35, 20), random.randint(12, 40)
        draw.ellipse((x + dx - r, ground - high + dy - r, x + dx + r, ground - high + dy + r),
                     fill=crown)  # fmt: skip


def _person(random: Random, draw: ImageDraw.ImageDraw, width: int, height: int,
            at: tuple[float, float] | None = None) -> None:  # fmt: skip
    x, y = at or (random.randrange(width), height * random.uniform(0.55, 0.85))
    size = random.uniform(0.8, 1.3) * height / 40
    draw.rectangle((x - size, y + size, x + size, y + 5 * size), fill=_colour(random))
    draw.ellipse((x - size * 0.8, y - size, x + size * 0.8, y + size), fill=(200, 160, 130))
    draw.rectangle((x - size * 0.8, y - size, x + size * 0.8, y - size * 0.4), fill=(30, 25, 20))
