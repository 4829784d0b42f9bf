"""Draw the icons for phones in static/reader, after static/reader/icon.svg.

Run `python tools/icons.py` only when the drawing changes.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

OUT = Path(__file__).resolve().parent.parent / "static" / "reader"
#: Side of the drawing in units: a masthead, a photo, three lines.
FIELD, ROUND = 32, 5
RED, WHITE = "#a6192e", "#ffffff"
PARTS = [(7, 8, 18, 4), (7, 15, 8, 9), (18, 15, 7, 2), (18, 19, 7, 2), (18, 23, 7, 1)]
#: Scale of the drawing before it is reduced, for smooth edges.
FINE = 8
#: Safe zone: a phone may crop a maskable icon to a circle of four fifths of its size.
SAFE = 0.8


def draw(size: int, *, is_full: bool, scale: float = 1) -> Image.Image:
    """Return the icon with round corners, or red to the edges if the phone crops it."""
    side = size * FINE
    image = Image.new("RGBA", (side, side), RED if is_full else (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    if not is_full:
        pen.rounded_rectangle((0, 0, side - 1, side - 1), ROUND * side / FIELD, fill=RED)
    unit = side / FIELD * scale
    edge = (side - FIELD * unit) / 2
    for x, y, w, h in PARTS:
        left, top = edge + x * unit, edge + y * unit
        pen.rectangle((left, top, left + w * unit - 1, top + h * unit - 1), fill=WHITE)
    small = image.resize((size, size), Image.Resampling.LANCZOS)
    return small.convert("RGB") if is_full else small


def main() -> None:
    """Write all icons."""
    icons = {
        "icon-192": draw(192, is_full=False),
        "icon-512": draw(512, is_full=False),
        "maskable-512": draw(512, is_full=True, scale=SAFE),
        "touch-180": draw(180, is_full=True),
    }
    for name, image in icons.items():
        image.save(OUT / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
