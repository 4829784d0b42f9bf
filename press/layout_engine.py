"""Page layout (版面): size of each headline, width of each block, and its row.

Pure: shapes in, rows out. The typeset web view of a page, its thumbnail and the PDF use it. Heights
are estimates in lines of body text; the renderer lets rows grow as needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from itertools import accumulate, combinations, pairwise
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .models import Story

#: Columns of a page, characters in a line of one column, and the gap between columns in characters.
COLUMNS, CHARS, GAP = 4, 13.0, 1.6
#: Maximum number of stories on a page; the story list names the others.
MOST = 30
#: Maximum number of stories in one row, and of stories stacked in one cell.
_IN_ROW, _IN_CELL = 5, 3


class HeadlineLevel(IntEnum):
    """Weight of a headline: 1 is the lead of the page (头条), 4 a brief (简讯)."""

    LEAD = 1
    MAJOR = 2
    MINOR = 3
    BRIEF = 4


#: Height of a headline line in characters of body text, by level.
SIZES = {
    HeadlineLevel.LEAD: 2.5,
    HeadlineLevel.MAJOR: 1.75,
    HeadlineLevel.MINOR: 1.4,
    HeadlineLevel.BRIEF: 1.15,
}
#: Number of characters of text on the page before 「全文」, by level.
LIMITS = {
    HeadlineLevel.LEAD: 1500,
    HeadlineLevel.MAJOR: 900,
    HeadlineLevel.MINOR: 650,
    HeadlineLevel.BRIEF: 400,
}
#: A text of at most _SHORT characters without a photo is a brief; one of at least _LONG is a large
#: story.
_SHORT, _LONG = 160, 450
_MAJORS = 3
#: Height of a line of text, in characters.
_LINE = 1.65
#: Factor for punctuation and paragraph ends of a text counted in 字; width that a box takes.
_FULL, _BOX = 1.22, 1.8
#: Minimum number of lines in a column; a shorter text takes fewer columns.
_LEAST_LINES = 4
#: Maximum number of lines in a row, beyond which readers must scroll between columns.
_TALL = 36
#: Cost of setting a level in a number of columns, in lines of one column left white.
_UNFIT = {
    HeadlineLevel.LEAD: {1: 200.0, 2: 40.0, 3: 0.0, 4: 25.0},
    HeadlineLevel.MAJOR: {1: 30.0, 2: 0.0, 3: 8.0, 4: 20.0},
    HeadlineLevel.MINOR: {1: 0.0, 2: 2.0, 3: 20.0, 4: 30.0},
    HeadlineLevel.BRIEF: {1: 0.0, 2: 8.0, 3: 30.0, 4: 40.0},
}


class StoryShape(NamedTuple):
    """The properties of a story that determine its layout."""

    chars: int
    lines: tuple[int, ...]
    is_photo: bool = False
    has_photo: bool = False
    has_kicker: bool = False
    has_subhead: bool = False
    #: The remainder of a story that begins on another page (上接): it never leads.
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class SetBlock:
    """One story as laid out; `story` is its index in the input sequence.

    `photo` is "top" (above the text, as wide as the block), "side" (beside it, half as wide) or "".
    `columns` are those of the text. `limit` is the number of characters in this block.
    """

    story: int
    level: HeadlineLevel
    span: int
    columns: int
    photo: str
    is_boxed: bool
    limit: int
    height: float


@dataclass(frozen=True, slots=True)
class RowCell:
    """Blocks stacked in `span` columns."""

    span: int
    blocks: tuple[SetBlock, ...]

    @property
    def height(self) -> float:
        """Return the height of the blocks in lines."""
        return sum(block.height for block in self.blocks)


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """Cells side by side; their spans add up to COLUMNS."""

    cells: tuple[RowCell, ...]

    @property
    def height(self) -> float:
        """Return the height of the tallest cell in lines."""
        return max(cell.height for cell in self.cells)


def shape_of(story: Story, *, chars: int | None = None, is_rest: bool = False) -> StoryShape:
    """Return the shape of `story`, of which `chars` characters are set here (default: all)."""
    return StoryShape(
        chars=story.chars if chars is None else chars,
        lines=tuple(len(line) for line in story.headline_lines),
        is_photo=story.kind == "photo",
        has_photo=bool(story.photo_list) and not is_rest,
        has_kicker=bool(story.kicker),
        has_subhead=bool(story.subhead) and not is_rest,
        is_rest=is_rest,
    )


@lru_cache(maxsize=512)
def lay_out(shapes: tuple[StoryShape, ...]) -> tuple[LayoutRow, ...]:
    """Return the rows of a page that holds `shapes`, in page order.

    The lead comes first. The others keep their order, in the rows that leave the least white space.
    """
    levels = rank(shapes)
    order = sorted(range(len(shapes)), key=lambda i: levels[i] != HeadlineLevel.LEAD)[:MOST]
    setter = _Setter(shapes, levels)
    tries = (_rows(setter, order) for order in _orders(order, levels))
    return min(tries, key=lambda found: found[0], default=(0.0, ()))[1]


def rank(shapes: Sequence[StoryShape]) -> list[HeadlineLevel]:
    """Return the level of each headline, by position, length, kind and photo."""
    begun = [i for i, shape in enumerate(shapes) if not shape.is_rest]
    texts = [i for i in begun if not shapes[i].is_photo]
    lead = next(iter(texts or begun), -1)
    levels, majors = [], 0
    for i, shape in enumerate(shapes):
        if i == lead:
            levels.append(HeadlineLevel.LEAD)
        elif shape.is_rest:
            levels.append(HeadlineLevel.BRIEF if shape.chars <= _SHORT else HeadlineLevel.MINOR)
        elif majors < _MAJORS and (shape.has_photo or shape.chars >= _LONG):
            levels.append(HeadlineLevel.MAJOR)
            majors += 1
        elif shape.has_photo or shape.chars > _SHORT:
            levels.append(HeadlineLevel.MINOR)
        else:
            levels.append(HeadlineLevel.BRIEF)
    return levels


def width_of(span: int) -> float:
    """Return the width of `span` columns in characters."""
    return span * CHARS + (span - 1) * GAP


class _Setter:
    """Computes blocks and cells for each story and width, with a cache."""

    def __init__(self, shapes: Sequence[StoryShape], levels: Sequence[HeadlineLevel]) -> None:
        self.shapes, self.levels = shapes, levels
        self.blocks: dict[tuple[int, int], SetBlock] = {}
        self.cells: dict[tuple[tuple[int, ...], int], tuple[RowCell, float, float]] = {}

    def block(self, story: int, span: int) -> SetBlock:
        """Return the block of a story at a width of `span` columns."""
        key = (story, span)
        if key not in self.blocks:
            self.blocks[key] = _block(story, self.shapes[story], self.levels[story], span)
        return self.blocks[key]

    def cell(self, stories: tuple[int, ...], span: int) -> tuple[RowCell, float, float]:
        """Return a cell of stacked stories, its height, and the cost of this arrangement."""
        key = (stories, span)
        if key not in self.cells:
            cell = RowCell(span, tuple(self.block(story, span) for story in stories))
            unfit = sum(_UNFIT[block.level][span] for block in cell.blocks)
            self.cells[key] = (cell, cell.height, unfit - cell.height * span)
        return self.cells[key]


def _block(story: int, shape: StoryShape, level: HeadlineLevel, span: int) -> SetBlock:
    limit = min(shape.chars, LIMITS[level])
    photo = ""
    if shape.has_photo:
        photo = "side" if span == COLUMNS else "top"
    is_boxed = level == HeadlineLevel.BRIEF and not shape.is_rest
    beside = span - 2 if photo == "side" else span
    lines = ceil(limit * _FULL / (width_of(1) - (_BOX if is_boxed else 0))) + 1
    columns = max(1, min(beside, lines // _LEAST_LINES))
    text = lines / columns if columns == beside else lines * width_of(1) / width_of(beside)
    if photo == "side":
        text = max(_photo(2), text)
    elif photo:
        text += _photo(span)
    height = heading(shape, level, span) + text + (1.6 if is_boxed else 0.8)
    return SetBlock(story, level, span, columns, photo, is_boxed, limit, height)


def size_of(level: HeadlineLevel, span: int) -> float:
    """Return the height of a headline in characters of text; a small headline grows if wide."""
    grows = level >= HeadlineLevel.MINOR and span > 1
    return SIZES[level] * (1.2 if grows else 1.0)


def heading(shape: StoryShape, level: HeadlineLevel, span: int) -> float:
    """Return the height of kicker, headline and subhead in lines."""
    size, width = size_of(level, span), width_of(span)
    rows = sum(ceil(length * size / width) for length in shape.lines)
    return rows * size * 1.34 / _LINE + shape.has_kicker + 1.2 * shape.has_subhead + 0.4


def _photo(span: int) -> float:
    """Return the height of a photo above its text, with caption; a wide photo is flatter."""
    return width_of(span) / (1.5 if span < 3 else 1.9) / _LINE + 1.5


def _orders(order: list[int], levels: Sequence[HeadlineLevel]) -> Iterator[list[int]]:
    """Yield the page order, and variants with the first small stories placed next to the lead."""
    small = [i for i in order if levels[i] >= HeadlineLevel.MINOR][:_IN_CELL]
    for beside in range(len(small) + 1 if order else 0):
        first = [order[0], *small[:beside]]
        yield list(dict.fromkeys([*first, *order]))


def _rows(setter: _Setter, order: Sequence[int]) -> tuple[float, tuple[LayoutRow, ...]]:
    """Return the rows with the lowest total cost, and that cost.

    Dynamic programming: the best end is found for each beginning, from the last story backwards.
    """
    best: list[tuple[float, list[RowCell], int]] = [(0.0, [], 0)] * (len(order) + 1)
    for start in range(len(order) - 1, -1, -1):
        best[start] = min(
            (
                (cost + best[start + n][0], cells, start + n)
                for n in range(1, min(_IN_ROW, len(order) - start) + 1)
                for cost, cells in _rows_of(setter, tuple(order[start : start + n]))
            ),
            key=lambda found: found[0],
        )
    rows, start = [], 0
    while start < len(order):
        _least, cells, start = best[start]
        rows.append(LayoutRow(_unboxed(cells)))
    return best[0][0], tuple(rows)


def _unboxed(cells: list[RowCell]) -> tuple[RowCell, ...]:
    """Return the cells of a row, without boxes if every block is boxed."""
    if not all(block.is_boxed for cell in cells for block in cell.blocks):
        return tuple(cells)
    return tuple(
        RowCell(cell.span, tuple(replace(block, is_boxed=False) for block in cell.blocks))
        for cell in cells
    )


def _rows_of(setter: _Setter, stories: tuple[int, ...]) -> Iterator[tuple[float, list[RowCell]]]:
    """Yield each way to set `stories` in one row, with its cost.

    The cost consists of the white space under short cells, unsuitable widths, and height beyond the
    window.
    """
    for ends, spans in _ways(len(stories)):
        cells, tallest, cost, start = [], 0.0, 0.0, 0
        for end, span in zip(ends, spans, strict=True):
            cell, height, bad = setter.cell(stories[start:end], span)
            cells.append(cell)
            tallest, cost, start = max(tallest, height), cost + bad, end
        yield cost + (tallest + max(0.0, tallest - _TALL)) * COLUMNS, cells


@lru_cache(maxsize=16)
def _ways(stories: int) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """Return each way to divide this number of stories into cells: (end indexes, column spans)."""
    return tuple(
        (tuple(accumulate(groups)), spans)
        for cells in range(1, min(COLUMNS, stories) + 1)
        for groups in _sums(stories, cells)
        for spans in _sums(COLUMNS, cells)
        if max(groups) <= _IN_CELL
    )


def _sums(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Yield each way to write `total` as a sum of `parts` numbers from 1 up."""
    for inner in combinations(range(1, total), parts - 1):
        yield tuple(b - a for a, b in pairwise((0, *inner, total)))
