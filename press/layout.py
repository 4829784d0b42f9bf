"""How stories are set on a page (版面): how large each headline, how wide each block, in which row.

Pure: shapes in, rows out, for the reader's typeset page, its thumbnail and the PDF alike. Heights
are estimates in lines of body text; who sets the page lets the rows grow as they need.
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

#: The columns of a page, the characters in a line of one, and the gap between two in characters.
COLUMNS, CHARS, GAP = 4, 13.0, 1.6
#: More stories than these are no page of a newspaper: the list names the others.
MOST = 30
#: Most stories in one row, and most of one above another in a cell.
_IN_ROW, _IN_CELL = 5, 3


class Level(IntEnum):
    """How much a headline carries: 1 is the lead of the page (头条), 4 a brief (简讯)."""

    LEAD = 1
    MAJOR = 2
    MINOR = 3
    BRIEF = 4


#: Height of a headline line in characters of body text, by level.
SIZES = {Level.LEAD: 2.5, Level.MAJOR: 1.75, Level.MINOR: 1.4, Level.BRIEF: 1.15}
#: How many characters of text stand on the page before 「全文」, by level.
LIMITS = {Level.LEAD: 1500, Level.MAJOR: 900, Level.MINOR: 650, Level.BRIEF: 400}
#: A text not longer than this is a brief, if it has no photo; from that on it is a large story.
_SHORT, _LONG = 160, 450
_MAJORS = 3
#: The height of a line of text in characters.
_LINE = 1.65
#: What punctuation and the ends of paragraphs add to a text, counted in 字; and what a box takes.
_FULL, _BOX = 1.22, 1.8
#: A column of fewer lines is none: the text stands in fewer columns.
_LEAST_LINES = 4
#: A row of more lines has readers scroll down a column and up to the next.
_TALL = 36
#: What it costs, in lines of one column left white, to set a level in so many columns.
_UNFIT = {
    Level.LEAD: {1: 200.0, 2: 40.0, 3: 0.0, 4: 25.0},
    Level.MAJOR: {1: 30.0, 2: 0.0, 3: 8.0, 4: 20.0},
    Level.MINOR: {1: 0.0, 2: 2.0, 3: 20.0, 4: 30.0},
    Level.BRIEF: {1: 0.0, 2: 8.0, 3: 30.0, 4: 40.0},
}


class Shape(NamedTuple):
    """What of a story decides how it is set."""

    chars: int
    lines: tuple[int, ...]
    is_photo: bool = False
    has_photo: bool = False
    has_kicker: bool = False
    has_subhead: bool = False
    #: The rest of a story that begins on another page (上接): it never leads.
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One story as it is set: `story` is its place in the sequence that was laid out.

    `photo` is "top" (above the text, as wide as the block), "side" (beside it, half as wide) or
    "". `columns` are those of the text. `limit` is the number of characters that stand here.
    """

    story: int
    level: Level
    span: int
    columns: int
    photo: str
    is_boxed: bool
    limit: int
    height: float


@dataclass(frozen=True, slots=True)
class Cell:
    """Blocks one above another, `span` columns wide."""

    span: int
    blocks: tuple[Block, ...]

    @property
    def height(self) -> float:
        """Return the height of its blocks in lines."""
        return sum(block.height for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side; their spans make COLUMNS."""

    cells: tuple[Cell, ...]

    @property
    def height(self) -> float:
        """Return the height of its tallest cell in lines."""
        return max(cell.height for cell in self.cells)


def shape_of(story: Story, *, chars: int | None = None, is_rest: bool = False) -> Shape:
    """Return the shape of `story`, of which `chars` characters stand here (default: all)."""
    return Shape(
        chars=story.chars if chars is None else chars,
        lines=tuple(len(line) for line in story.headline_lines),
        is_photo=story.kind == "photo",
        has_photo=bool(story.photo_list) and not is_rest,
        has_kicker=bool(story.kicker),
        has_subhead=bool(story.subhead) and not is_rest,
        is_rest=is_rest,
    )


@lru_cache(maxsize=512)
def lay_out(shapes: tuple[Shape, ...]) -> tuple[Row, ...]:
    """Return the rows of a page that holds `shapes`, in the order of the page.

    The lead comes first; the others keep their order, in the rows that leave least paper white.
    """
    levels = rank(shapes)
    order = sorted(range(len(shapes)), key=lambda i: levels[i] != Level.LEAD)[:MOST]
    setter = _Setter(shapes, levels)
    tries = (_rows(setter, order) for order in _orders(order, levels))
    return min(tries, key=lambda found: found[0], default=(0.0, ()))[1]


def rank(shapes: Sequence[Shape]) -> list[Level]:
    """Return the level of each headline: by place, length, kind and photo."""
    begun = [i for i, shape in enumerate(shapes) if not shape.is_rest]
    texts = [i for i in begun if not shapes[i].is_photo]
    lead = next(iter(texts or begun), -1)
    levels, majors = [], 0
    for i, shape in enumerate(shapes):
        if i == lead:
            levels.append(Level.LEAD)
        elif shape.is_rest:
            levels.append(Level.BRIEF if shape.chars <= _SHORT else Level.MINOR)
        elif majors < _MAJORS and (shape.has_photo or shape.chars >= _LONG):
            levels.append(Level.MAJOR)
            majors += 1
        elif shape.has_photo or shape.chars > _SHORT:
            levels.append(Level.MINOR)
        else:
            levels.append(Level.BRIEF)
    return levels


def width_of(span: int) -> float:
    """Return the width of `span` columns in characters."""
    return span * CHARS + (span - 1) * GAP


class _Setter:
    """Sets stories `span` columns wide, each width once."""

    def __init__(self, shapes: Sequence[Shape], levels: Sequence[Level]) -> None:
        self.shapes, self.levels = shapes, levels
        self.blocks: dict[tuple[int, int], Block] = {}
        self.cells: dict[tuple[tuple[int, ...], int], tuple[Cell, float, float]] = {}

    def block(self, story: int, span: int) -> Block:
        """Return the block of a story in a width."""
        key = (story, span)
        if key not in self.blocks:
            self.blocks[key] = _block(story, self.shapes[story], self.levels[story], span)
        return self.blocks[key]

    def cell(self, stories: tuple[int, ...], span: int) -> tuple[Cell, float, float]:
        """Return stories one above another, their height, and what it costs to set them so."""
        key = (stories, span)
        if key not in self.cells:
            cell = Cell(span, tuple(self.block(story, span) for story in stories))
            unfit = sum(_UNFIT[block.level][span] for block in cell.blocks)
            self.cells[key] = (cell, cell.height, unfit - cell.height * span)
        return self.cells[key]


def _block(story: int, shape: Shape, level: Level, span: int) -> Block:
    limit = min(shape.chars, LIMITS[level])
    photo = ""
    if shape.has_photo:
        photo = "side" if span == COLUMNS else "top"
    is_boxed = level == Level.BRIEF and not shape.is_rest
    beside = span - 2 if photo == "side" else span
    lines = ceil(limit * _FULL / (width_of(1) - (_BOX if is_boxed else 0))) + 1
    columns = max(1, min(beside, lines // _LEAST_LINES))
    text = lines / columns if columns == beside else lines * width_of(1) / width_of(beside)
    if photo == "side":
        text = max(_photo(2), text)
    elif photo:
        text += _photo(span)
    height = heading(shape, level, span) + text + (1.6 if is_boxed else 0.8)
    return Block(story, level, span, columns, photo, is_boxed, limit, height)


def size_of(level: Level, span: int) -> float:
    """Return the height of a headline in characters of text; a wide small one grows a little."""
    grows = level >= Level.MINOR and span > 1
    return SIZES[level] * (1.2 if grows else 1.0)


def heading(shape: Shape, level: Level, span: int) -> float:
    """Return the height of kicker, headline and subhead in lines."""
    size, width = size_of(level, span), width_of(span)
    rows = sum(ceil(length * size / width) for length in shape.lines)
    return rows * size * 1.34 / _LINE + shape.has_kicker + 1.2 * shape.has_subhead + 0.4


def _photo(span: int) -> float:
    """Return the height of a photo above its text with its caption; a wide one is flatter."""
    return width_of(span) / (1.5 if span < 3 else 1.9) / _LINE + 1.5


def _orders(order: list[int], levels: Sequence[Level]) -> Iterator[list[int]]:
    """Yield the order of the page, and those in which its first small stories stand by the lead."""
    small = [i for i in order if levels[i] >= Level.MINOR][:_IN_CELL]
    for beside in range(len(small) + 1 if order else 0):
        first = [order[0], *small[:beside]]
        yield list(dict.fromkeys([*first, *order]))


def _rows(setter: _Setter, order: Sequence[int]) -> tuple[float, tuple[Row, ...]]:
    """Return the rows of least cost with it: the best end for each beginning, the last first."""
    best: list[tuple[float, list[Cell], int]] = [(0.0, [], 0)] * (len(order) + 1)
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
        rows.append(Row(_unboxed(cells)))
    return best[0][0], tuple(rows)


def _unboxed(cells: list[Cell]) -> tuple[Cell, ...]:
    """Return the cells of a row; a box sets apart from others, not from boxes."""
    if not all(block.is_boxed for cell in cells for block in cell.blocks):
        return tuple(cells)
    return tuple(
        Cell(cell.span, tuple(replace(block, is_boxed=False) for block in cell.blocks))
        for cell in cells
    )


def _rows_of(setter: _Setter, stories: tuple[int, ...]) -> Iterator[tuple[float, list[Cell]]]:
    """Yield each way to set `stories` in one row, and how bad it is.

    That is the white under its short cells, widths that do not fit, and more height than a window.
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
    """Return each way to part so many stories into cells: where each ends, and how wide it is."""
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
