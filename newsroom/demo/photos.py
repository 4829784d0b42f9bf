"""Drawn pictures for the demo: hills, a sun, a field or water, and no person."""

from __future__ import annotations

import io
import math
import random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (1200, 800)
_SKIES = [
    ((236, 214, 190), (140, 170, 190)),
    ((250, 226, 190), (214, 150, 120)),
    ((214, 230, 238), (120, 160, 190)),
    ((240, 236, 220), (170, 190, 170)),
]
_GROUNDS = [(96, 120, 72), (150, 128, 70), (70, 104, 110), (120, 96, 72)]


def draw_picture(seed: int) -> bytes:
    """Return a JPEG of 1200 by 800 pixels; the same `seed` gives the same picture."""
    dice = random.Random(seed)
    image = _sky(*dice.choice(_SKIES))
    draw = ImageDraw.Draw(image)
    x, y, r = dice.randint(200, 1000), dice.randint(120, 300), dice.randint(40, 80)
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(252, 240, 214))
    ground = dice.choice(_GROUNDS)
    for layer in range(4):
        draw.polygon(_hill(dice, layer), fill=_faded(ground, layer))
    for row in range(14):
        line = 620 + row * row
        draw.line((0, line, SIZE[0], line - dice.randint(-8, 8)), fill=_faded(ground, 2), width=3)
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(out, "JPEG", quality=85)
    return out.getvalue()


def _sky(top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Image.Image:
    column = Image.new("RGB", (1, SIZE[1]))
    for y in range(SIZE[1]):
        share = y / SIZE[1]
        mixed = [round(b + (a - b) * share) for a, b in zip(top, bottom, strict=True)]
        column.putpixel((0, y), (mixed[0], mixed[1], mixed[2]))
    return column.resize(SIZE)


def _hill(dice: random.Random, layer: int) -> list[tuple[float, float]]:
    base, height = 380 + layer * 80, 110 - layer * 16
    shift, wide = dice.uniform(0, 6), dice.uniform(180, 320)
    curve = [
        (x, base - height * (math.sin(x / wide + shift) + 0.4 * math.sin(x / 71 + shift * 2)))
        for x in range(0, SIZE[0] + 20, 20)
    ]
    return [(0.0, SIZE[1]), *curve, (SIZE[0], SIZE[1])]


def _faded(colour: tuple[int, int, int], layer: int) -> tuple[int, int, int]:
    """Return `colour` seen through haze; layers in front are more saturated."""
    share = 0.35 + 0.2 * layer
    red, green, blue = (round(230 + (part - 230) * share) for part in colour)
    return red, green, blue
