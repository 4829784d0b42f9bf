"""Runs of a pasted text: pieces of a paragraph in one style, and the HTML that is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from .characters import clean_text
from .tree import Node

#: Blanks that no line begins or ends with.
EDGE = " \n\u3000"


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text in one style; a line break is a run of one newline."""

    text: str
    is_bold: bool = False
    href: str = ""
    #: "sup" or "sub" for a raised or a lowered sign.
    script: str = ""
    #: Whether a line break of the source is one of the text.
    is_pre: bool = False


@dataclass(slots=True)
class PastedBlock:
    """A paragraph or a subhead as runs, or another element, complete in `node`.

    `marker` is the bullet or number that a word processor put before the paragraph.
    """

    tag: str
    runs: list[Run] = field(default_factory=list)
    marker: str = ""
    node: Node | None = None

    def as_node(self) -> Node:
        """Return the block as an element."""
        return self.node or Node(self.tag, {}, inline(self.runs))


def split_paragraphs(runs: list[Run]) -> Iterator[list[Run]]:
    """Split runs at two line breaks in a row; trim the parts and drop empty ones."""
    part: list[Run] = []
    breaks = 0
    for run in runs:
        if run.text == "\n":
            breaks += 1
        elif run.text.strip(EDGE):
            if breaks > 1:
                yield from trimmed(part)
                part = []
            breaks = 0
        part.append(run)
    yield from trimmed(part)


def trimmed(part: list[Run]) -> Iterator[list[Run]]:
    """Yield the runs without blanks at the ends of their lines, if anything is left."""
    kept: list[Run] = []
    for run in part:
        text = run.text
        if text == "\n":
            _rstrip(kept)
            kept += [run] if kept else []
            continue
        if not kept or kept[-1].text.endswith(("\n", " ")):
            at_start = not kept or kept[-1].text == "\n"
            text = text.lstrip(EDGE if at_start else " ")
        if text:
            kept.append(replace(run, text=text))
    _rstrip(kept)
    while kept and kept[-1].text == "\n":
        kept.pop()
        _rstrip(kept)
    if kept:
        yield kept


def _rstrip(runs: list[Run]) -> None:
    """Remove the blanks at the end of the last line of `runs`."""
    while runs and runs[-1].text != "\n":
        last = runs.pop()
        text = last.text.rstrip(EDGE)
        if text:
            runs.append(replace(last, text=text))
            return


def inline(runs: list[Run]) -> list[Node | str]:
    """Return runs as text, <strong>, <sup>, <sub> and <a>, with equal neighbours joined."""
    made: list[Node | str] = []
    for href, linked in _grouped(runs, "href"):
        inner: list[Node | str] = []
        for bold, same in _grouped(linked, "is_bold"):
            parts: list[Node | str] = []
            for script, signs in _grouped(same, "script"):
                texts = list(_lines(signs))
                parts += [Node(script, {}, texts)] if script and _has_text(signs) else texts
            inner += [Node("strong", {}, parts)] if bold and _has_text(same) else parts
        made += [Node("a", {"href": href}, inner)] if href and _has_text(linked) else inner
    return made


def _lines(runs: list[Run]) -> Iterator[Node | str]:
    """Yield the text of `runs` in clean characters, and its line breaks."""
    for is_break, some in groupby(runs, key=lambda run: run.text == "\n"):
        if is_break:
            yield from (Node("br") for _run in some)
        else:
            yield clean_text("".join(run.text for run in some))


def _has_text(runs: list[Run]) -> bool:
    return any(run.text.strip(EDGE) for run in runs)


def _grouped(runs: list[Run], name: str) -> Iterator[tuple[str, list[Run]]]:
    group: list[Run] = []
    for run in runs:
        if group and getattr(group[0], name) != getattr(run, name):
            yield getattr(group[0], name), group
            group = []
        group.append(run)
    if group:
        yield getattr(group[0], name), group
