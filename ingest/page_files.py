"""Scanner and parser of archive folders; pure, without Django, for worker processes.

One folder `YYYY-MM-DD` contains the issue of a day, with a text `PP.txt` for each page and,
optionally, its image `PP.jpg` or `PP.pdf`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from textkit.decode import MAX_BYTES, UnreadableText, decode_text
from textkit.han import HAN

from .page_parser.parsed_page import ParsedPage
from .page_parser.text import read

_PAGE = re.compile(r"0*([1-9]\d?)\.(txt|jpe?g|png|webp|pdf)", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: Files that file managers create.
_LITTER = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
#: Running number; if the line also has the number within the year, the total (总第) counts.
_NUMBERS = (re.compile(r"总第?\s*(\d{1,6})\s*期"), re.compile(r"第\s*(\d{1,6})\s*期"))
_NAME = re.compile(rf"第?\s*[0-9一二三四五六七八九十]{{1,3}}\s*版\s*[：:·|\s]\s*([{HAN}]{{2,8}})")


class PageFileProblem(NamedTuple):
    """Problem to check: place, key of `archive_import.MESSAGES`, and the value of its placeholder.

    If the key is "", `what` is the whole message.
    """

    place: str
    code: str
    what: str = ""


@dataclass(slots=True)
class PageFile:
    """Text and image files of one page."""

    text: Path | None = None
    image: Path | None = None


@dataclass(slots=True)
class IssueFolder:
    """Folder of one issue: its date and its pages by number."""

    date: dt.date
    pages: dict[int, PageFile] = field(default_factory=dict)

    def text_name(self, number: int) -> str:
        """Return the relative path of a page's text, or "" without one."""
        page = self.pages.get(number)
        return "/".join(page.text.parts[-2:]) if page and page.text else ""


class ParsedPageFile(NamedTuple):
    """Parsed page of a file; if it cannot be parsed, `reason` says why."""

    number: int
    parsed: ParsedPage | None
    reason: str = ""

    @property
    def own(self) -> str:
        """Return the lines that belong to no story, such as the folio line."""
        return "\n".join(self.parsed.own_lines) if self.parsed else ""

    @property
    def name(self) -> str:
        """Return the page's name from its folio line (第2版 民生), or ""."""
        found = _NAME.search(self.own)
        return found[1] if found else ""

    @property
    def issue_number(self) -> int | None:
        """Return the issue's number from the folio line (第3021期), or None."""
        found = next((one for one in (each.search(self.own) for each in _NUMBERS) if one), None)
        return int(found[1]) if found else None


def scan_folder(root: Path) -> tuple[list[IssueFolder], list[PageFileProblem]]:
    """Return the issues under `root` by date, and the problems. Raises OSError."""
    problems: list[PageFileProblem] = []
    issues = []
    for folder in sorted(root.iterdir()):
        if folder.name.startswith(".") or folder.name.lower() in _LITTER:
            continue
        date = _date(folder.name)
        if date is None or folder.is_symlink() or not folder.is_dir():
            problems.append(PageFileProblem(folder.name, "no-issue"))
            continue
        issue = IssueFolder(date)
        problems += _assign_pages(issue, folder)
        issues.append(issue)
    return issues, problems


def _date(name: str) -> dt.date | None:
    if not _DAY.fullmatch(name):
        return None
    try:
        return dt.date.fromisoformat(name)
    except ValueError:
        return None


def _assign_pages(issue: IssueFolder, folder: Path) -> Iterator[PageFileProblem]:
    for path in sorted(folder.iterdir()):
        place = f"{folder.name}/{path.name}"
        if path.name.startswith(".") or path.name.lower() in _LITTER:
            continue
        named = _PAGE.fullmatch(path.name)
        if named is None or path.is_symlink() or not path.is_file():
            yield PageFileProblem(place, "no-page")
            continue
        page = issue.pages.setdefault(int(named[1]), PageFile())
        kind = "text" if named[2].lower() == "txt" else "image"
        if getattr(page, kind) is not None:
            yield PageFileProblem(place, "twice", getattr(page, kind).name)
            continue
        setattr(page, kind, path)
    if not issue.pages:
        yield PageFileProblem(folder.name, "no-pages")
    for number, page in sorted(issue.pages.items()):
        if page.text is None:
            yield PageFileProblem(f"{folder.name}/{number:02d}", "no-text")


def read_issue(issue: IssueFolder, towns: Sequence[str]) -> list[ParsedPageFile]:
    """Return the parsed pages of an issue that have a text, in order."""
    pages = sorted(issue.pages.items())
    return [_read(number, page.text, towns) for number, page in pages if page.text is not None]


def _read(number: int, path: Path, towns: Sequence[str]) -> ParsedPageFile:
    try:
        if path.stat().st_size > MAX_BYTES:
            return ParsedPageFile(number, None, "too-large")
        text = decode_text(path.read_bytes())
    except UnreadableText as error:
        return ParsedPageFile(number, None, error.reason)
    except OSError:
        return ParsedPageFile(number, None, "unreadable")
    parsed = read(text, towns)
    if not any(story.all_paragraphs for story in parsed.stories):
        return ParsedPageFile(number, parsed, "no-story")
    return ParsedPageFile(number, parsed)
