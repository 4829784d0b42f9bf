"""A page's small picture, drawn from how it is set, for pages that nobody sent a picture of."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from press.layout import SCREEN, TIMES, Band, Block

#: The picture's size in its own units, and the margin round the page.
WIDTH, HEIGHT, MARGIN = 120, 170, 6
_GUTTER, _ROW = 3.0, 3.0
#: What the folio line takes, and the name of the paper on the first page.
_FOLIO, _NAME = 7.0, 18.0
_LARGEST = 9.0


def thumb(bands: list[Band], *, is_first: bool, name: str) -> SafeString:
    """Return the picture of a page as SVG: headlines as text, the rest as lines.

    `name` is the paper's, which stands large on the first page.
    """
    top = MARGIN + (_NAME if is_first else _FOLIO)
    lines = sum(band.lines for band in bands)
    scale = min(3.0, (HEIGHT - top - MARGIN) / lines) if lines else 1.0
    shapes = [_head(is_first, name)]
    for band in bands:
        height = band.lines * scale
        left = float(MARGIN)
        column = (WIDTH - 2 * MARGIN) / SCREEN.columns
        for block in band.blocks:
            shapes += _block(block, left, top, column * block.span - _GUTTER, height, scale)
            left += column * block.span
        top += height
    return format_html(
        '<svg class="thumb" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>',
        WIDTH,
        HEIGHT,
        format_html_join("", "{}", ((shape,) for shape in shapes)),
    )


def _head(is_first: bool, name: str) -> SafeString:
    if not is_first:
        return format_html('<path class="thumb-rule" d="M{0} 9H{1}"/>', MARGIN, WIDTH - MARGIN)
    return format_html(
        '<text class="thumb-name" x="{}" y="15" font-size="11" text-anchor="middle">{}</text>'
        '<path class="thumb-rule" d="M{} 19H{}"/>',
        WIDTH / 2,
        name[:8],
        MARGIN,
        WIDTH - MARGIN,
    )


def _block(
    block: Block, left: float, top: float, width: float, height: float, scale: float
) -> Iterator[SafeString]:
    y = top + 2
    for line in block.story.headline_lines[:3]:
        size = min(_LARGEST, TIMES[block.level] * scale * 1.1, width / max(4, len(line)))
        y += size
        yield format_html(
            '<text x="{}" y="{}" font-size="{}">{}</text>', _n(left), _n(y), _n(size), line[:24]
        )
    y += 2
    bottom = top + height - 3
    if block.photo is not None and bottom - y > 4:
        side = width * block.photo_span / block.span
        ratio = min(1.2, block.photo["height"] / max(1, block.photo["width"]))
        tall = min(side * ratio, bottom - y)
        yield format_html(
            '<rect x="{}" y="{}" width="{}" height="{}"/>', _n(left), _n(y), _n(side), _n(tall)
        )
        if block.photo_span < block.span:
            left, width = left + side + _GUTTER, width - side - _GUTTER
        else:
            y += tall + 3
    yield _text(block, left, y, width, bottom, scale)


def _n(number: float) -> str:
    """Return a length as an attribute says it."""
    return f"{number:.1f}"


def _text(
    block: Block, left: float, top: float, width: float, bottom: float, scale: float
) -> SafeString:
    """Return the lines of a text in its columns, as one path."""
    columns = block.text_span
    wide = width / columns
    rows = max(1, round(block.shown / SCREEN.chars / columns * scale / _ROW))
    strokes = [
        f"M{left + wide * column:.1f} {top + _ROW * row:.1f}h{wide - 1.5:.1f}"
        for column in range(columns)
        for row in range(min(rows, int((bottom - top) / _ROW)))
    ]
    return format_html('<path class="thumb-lines" d="{}"/>', "".join(strokes))
