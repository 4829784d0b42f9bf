"""Page thumbnails in SVG: headlines, text columns and photos at their place in the layout.

Drawn on the server, so that a page without an image has a recognisable thumbnail. Colours are
classes of the style sheet.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from press.layout_engine import CHARS, HeadlineLevel, SetBlock, StoryShape, lay_out, size_of
from press.models import Story

#: Size of the drawing, its margin, and where the stories begin on the front page and on other
#: pages.
WIDTH, HEIGHT, MARGIN, HEAD, FOLIO = 140, 200, 7.0, 29.0, 13.0
_GAP = 4.0
_COLUMN = (WIDTH - 2 * MARGIN - 3 * _GAP) / 4
_CHAR = _COLUMN / CHARS
#: Maximum height of a line of text, reduced on a full page, and the gap between rows.
_LINE, _BETWEEN = 5.0, 3.0


def draw(number: int, stories: Sequence[Story], shapes: tuple[StoryShape, ...]) -> SafeString:
    """Return the thumbnail of page `number` with these stories of these shapes."""
    rows = lay_out(shapes)
    top = HEAD if number == 1 else FOLIO
    total = sum(row.height for row in rows)
    scale = min(_LINE, (HEIGHT - MARGIN - top - _BETWEEN * len(rows)) / total) if total else _LINE
    parts = [_masthead(number)]
    for row in rows:
        x, height = MARGIN, row.height * scale
        for cell in row.cells:
            y = top
            for block in cell.blocks:
                parts.append(_block(block, stories[block.story], x, y, scale))
                y += block.height * scale
            x += cell.span * (_COLUMN + _GAP)
        top += height + _BETWEEN
        parts.append(f'<path class="t-rule" d="M{MARGIN} {top - 2:.1f}H{WIDTH - MARGIN:.0f}"/>')
    drawn = "".join(parts[:-1] if rows else parts)
    return mark_safe(  # noqa: S308
        f'<svg class="thumb" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' aria-hidden="true" focusable="false">{drawn}</svg>'
    )


def _masthead(number: int) -> str:
    if number == 1:
        return (
            '<path class="t-name" d="M40 13h60"/>'
            f'<path class="t-red" d="M{MARGIN} 22.5H{WIDTH - MARGIN}M{MARGIN} 24.5h126"/>'
        )
    return f'<path class="t-red" d="M{MARGIN} 9H{WIDTH - MARGIN}"/>'


def _block(block: SetBlock, story: Story, x: float, y: float, scale: float) -> str:
    width = block.span * _COLUMN + (block.span - 1) * _GAP
    end = y + block.height * scale - 2.0
    drawn, y = _headline(block, story, x, y, width, scale)
    columns = block.columns
    if block.photo == "side":
        drawn += _photo(x, y, 2 * _COLUMN + _GAP, end - y)
        x, width = x + 2 * (_COLUMN + _GAP), width / 2 - _GAP / 2
    elif block.photo:
        high = min(width / (1.5 if block.span < 3 else 1.9), (end - y) * 0.7)
        drawn += _photo(x, y, width, high)
        y += high + 2
    wide = (width - (columns - 1) * _GAP) / columns
    lines = "".join(
        f"M{x + n * (wide + _GAP):.1f} {at:.1f}h{wide:.1f}"
        for n in range(columns)
        for at in _steps(y + 1.5, end)
    )
    return f'{drawn}<path class="t-text" d="{lines}"/>' if lines else drawn


def _headline(
    block: SetBlock, story: Story, x: float, y: float, width: float, scale: float
) -> tuple[str, float]:
    """Return the headline, drawn as text if large and as bars if small, and its lower edge."""
    lines = story.headline_lines
    fits = (width / max(1, len(line)) for line in lines)
    size = min(size_of(block.level, block.span) * _CHAR, scale * 2.6, *fits)
    drawn = ""
    for line in lines[:3]:
        y += size * 1.2
        if block.level > HeadlineLevel.MAJOR:
            drawn += f'<path class="t-bar" d="M{x:.1f} {y - 0.6:.1f}h{len(line) * size:.1f}"/>'
            continue
        drawn += format_html(
            '<text x="{}" y="{}" font-size="{}"{}>{}</text>',
            f"{x + (width / 2 if block.level == HeadlineLevel.LEAD else 0):.1f}",
            f"{y:.1f}",
            f"{size:.1f}",
            mark_safe(' text-anchor="middle"') if block.level == HeadlineLevel.LEAD else "",
            line,
        )
    return drawn, y + 2.0


def _photo(x: float, y: float, width: float, height: float) -> str:
    return (
        f'<rect class="t-photo" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}"'
        f' height="{max(0.0, height):.1f}"/>'
    )


def _steps(start: float, end: float) -> list[float]:
    return [start + 2.4 * n for n in range(int((end - start) / 2.4) + 1)] if end >= start else []
