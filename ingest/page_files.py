"""The folders of an old paper on the disk, and the reading of one; pure, without Django.

One folder holds the issue of a day, `YYYY-MM-DD`, with a text for each page, `PP.txt`, and its
picture where there is one, `PP.jpg` or `PP.pdf`. Runs in processes of its own, beside the writing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from textkit.decode import MAX_BYTES, UnreadableText, decode_text

from .page_reading import PageReading
from .page_text import read

_PAGE = re.compile(r"0*([1-9]\d?)\.(txt|jpe?g|png|webp|pdf)", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: What file managers leave behind.
_LITTER = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
#: The running number; where the line has the one within the year too, it is the total (总第).
_NUMBERS = (re.compile(r"总第?\s*(\d{1,6})\s*期"), re.compile(r"第\s*(\d{1,6})\s*期"))
_NAME = re.compile(
    r"第?\s*[0-9一二三四五六七八九十]{1,3}\s*版\s*[：:·|\s]\s*([\u4e00-\u9fff]{2,8})"
)


class Problem(NamedTuple):
    """Something that needs an eye: where, a key of `old_paper.WORDS`, and what it names.

    With "" as the key `what` is the whole sentence.
    """

    place: str
    code: str
    what: str = ""


@dataclass(slots=True)
class FoundPage:
    """The files of one page."""

    text: Path | None = None
    image: Path | None = None


@dataclass(slots=True)
class FoundIssue:
    """The folder of one issue: its day and its pages by number."""

    date: dt.date
    pages: dict[int, FoundPage] = field(default_factory=dict)


class ReadPage(NamedTuple):
    """One page as it was read: None with the reason where its text cannot be."""

    number: int
    reading: PageReading | None
    reason: str = ""

    @property
    def own(self) -> str:
        """Return what belongs to no story: the folio line."""
        return "\n".join(self.reading.own_lines) if self.reading else ""

    @property
    def name(self) -> str:
        """Return the page's name as its folio line has it (第2版 民生), "" where it has none."""
        found = _NAME.search(self.own)
        return found[1] if found else ""

    @property
    def issue_number(self) -> int | None:
        """Return the issue's number as the folio line has it (第3021期)."""
        found = next((one for one in (each.search(self.own) for each in _NUMBERS) if one), None)
        return int(found[1]) if found else None


def scan(root: Path) -> tuple[list[FoundIssue], list[Problem]]:
    """Return the issues under `root` by day, and what was not taken. Raises OSError."""
    problems: list[Problem] = []
    issues = []
    for folder in sorted(root.iterdir()):
        if folder.name.startswith(".") or folder.name.lower() in _LITTER:
            continue
        date = _date(folder.name)
        if date is None or folder.is_symlink() or not folder.is_dir():
            problems.append(Problem(folder.name, "no-issue"))
            continue
        issue = FoundIssue(date)
        problems += _fill(issue, folder)
        issues.append(issue)
    return issues, problems


def _date(name: str) -> dt.date | None:
    if not _DAY.fullmatch(name):
        return None
    try:
        return dt.date.fromisoformat(name)
    except ValueError:
        return None


def _fill(issue: FoundIssue, folder: Path) -> Iterator[Problem]:
    for path in sorted(folder.iterdir()):
        place = f"{folder.name}/{path.name}"
        if path.name.startswith(".") or path.name.lower() in _LITTER:
            continue
        named = _PAGE.fullmatch(path.name)
        if named is None or path.is_symlink() or not path.is_file():
            yield Problem(place, "no-page")
            continue
        page = issue.pages.setdefault(int(named[1]), FoundPage())
        kind = "text" if named[2].lower() == "txt" else "image"
        if getattr(page, kind) is not None:
            yield Problem(place, "twice", getattr(page, kind).name)
            continue
        setattr(page, kind, path)
    if not issue.pages:
        yield Problem(folder.name, "no-pages")
    for number, page in sorted(issue.pages.items()):
        if page.text is None:
            yield Problem(f"{folder.name}/{number:02d}", "no-text")


def read_issue(issue: FoundIssue, towns: Sequence[str]) -> list[ReadPage]:
    """Return the pages of an issue in order, those that have a text."""
    pages = sorted(issue.pages.items())
    return [_read(number, page.text, towns) for number, page in pages if page.text is not None]


def _read(number: int, path: Path, towns: Sequence[str]) -> ReadPage:
    try:
        if path.stat().st_size > MAX_BYTES:
            return ReadPage(number, None, "too-large")
        text = decode_text(path.read_bytes())
    except UnreadableText as error:
        return ReadPage(number, None, error.reason)
    except OSError:
        return ReadPage(number, None, "unreadable")
    reading = read(text, towns)
    if not any(story.all_paragraphs for story in reading.stories):
        return ReadPage(number, reading, "no-story")
    return ReadPage(number, reading)
