"""Export of one article for layout (交付排版) as tagged plain text and DOCX; pure functions.

The tags are described in docs/handoff.md. A line of the text that begins like a tag, or with a
backslash, is escaped with a backslash.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from textkit.body import Body
from textkit.compare import compare_paragraphs

from .docx_paragraphs import add_paragraph

#: Characters that are invalid in XML or in text editors.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PHOTO = re.compile(r'data-photo="(\d+)"')
_SUBHEAD = re.compile(r"<h[1-6]")
_FONT, _HEAD_FONT = "宋体", "黑体"
#: The tags of a text in their order, with the point size of their styles.
KICKER, HEADLINE, SUBHEAD, BYLINE, BODY = "引题", "主题", "副题", "署名", "正文"
CROSSHEAD, PLACE, NUMBER, STATE = "小标题", "图片位置", "稿号", "状态"
DATELINE, CONTINUED, PHOTO, CAPTION, CREDIT = "电头", "转版", "图片", "图注", "摄影"
_SIZES = {KICKER: 14, HEADLINE: 22, SUBHEAD: 14, BYLINE: 10.5, BODY: 10.5, CROSSHEAD: 12}
_SIZES |= {PLACE: 10.5, NUMBER: 9, STATE: 9, DATELINE: 10.5, CONTINUED: 10.5}


@dataclass(frozen=True, slots=True)
class PhotoText:
    """A photo of an article: file name, caption text and id."""

    name: str
    caption: str
    credit: str
    photo: int


@dataclass(frozen=True, slots=True)
class ArticleText:
    """The exported parts of an article, and its number.

    `state` is a note for the layout editors: not signed, new, changed.
    """

    number: str
    state: str
    kicker: str
    headline: Sequence[str]
    subhead: str
    dateline: str
    body: Body
    byline: str
    continued: str = ""
    photos: Sequence[PhotoText] = field(default=())


def clean(text: str) -> str:
    """Return `text` without characters that are invalid in the files."""
    return _CONTROL.sub("", text)


def lines_of(article: ArticleText) -> Iterator[tuple[str, str]]:
    """Yield (tag, line) of an article's text in order, without photos and captions."""
    yield NUMBER, article.number
    if article.state:
        yield STATE, article.state
    if article.kicker:
        yield KICKER, article.kicker
    for line in article.headline:
        yield HEADLINE, line
    if article.subhead:
        yield SUBHEAD, article.subhead
    if article.dateline:
        yield DATELINE, article.dateline
    names = {photo.photo: photo.name for photo in article.photos}
    for block in article.body.lines:
        photo = _PHOTO.search(block.tags)
        if block.is_photo and photo is not None:
            yield PLACE, names.get(int(photo[1]), "")
        else:
            tag = CROSSHEAD if _SUBHEAD.search(block.tags) else BODY
            yield from ((tag, line.strip()) for line in block.text.splitlines() if line.strip())
    if article.byline:
        yield BYLINE, article.byline
    if article.continued:
        yield CONTINUED, article.continued


def as_text(article: ArticleText) -> str:
    """Return an article as tagged plain text, with one line per paragraph."""
    found: list[str] = []
    last = ""
    for tag, line in lines_of(article):
        if tag == BODY:
            # Only the first of a run of paragraphs has the tag.
            found += [] if last == BODY else [f"<{BODY}>"]
            found.append(_escaped(line))
        else:
            found.append(f"<{tag}>{clean(line)}")
        last = tag
    for photo in article.photos:
        found.append(f"<{PHOTO}>{photo.name}")
        found += [f"<{CAPTION}>{clean(photo.caption)}", f"<{CREDIT}>{clean(photo.credit)}"]
    return "\r\n".join(found) + "\r\n"


def _escaped(line: str) -> str:
    line = clean(line)
    return f"\\{line}" if line[:1] in {"<", "\\"} else line


def changed_lines(then: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    """Yield the removed (删) and added (增) paragraphs between two texts, one line each."""
    for row in compare_paragraphs(then, now):
        if row.kind == "same":
            continue
        if row.kind != "moved":
            yield from (f"删 {clean(then[place])}" for place in row.old)
        if row.kind != "left":
            yield from (f"增 {clean(now[place])}" for place in row.new)


def as_docx(article: ArticleText) -> bytes:
    """Return an article as a DOCX, with a paragraph style for each tag."""
    # Imported here: the library takes memory that most processes do not need.
    from docx import Document

    document = Document()
    document.core_properties.title = clean(" ".join(article.headline))[:200]
    document.core_properties.identifier = article.number
    document.core_properties.author = ""
    _add_styles(document)
    ids = {tag: document.styles[tag].style_id for tag in _SIZES}

    def add(tag: str, line: str) -> None:
        # By style id: the library searches all styles for each paragraph with a style name.
        add_paragraph(document, clean(line), ids[tag])

    for tag, line in lines_of(article):
        add(tag, line)
    for photo in article.photos:
        add(PLACE, f"{photo.name}　{photo.caption}　{photo.credit}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_styles(document: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for name, size in _SIZES.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        font = _HEAD_FONT if name in {HEADLINE, CROSSHEAD} else _FONT
        style.font.name, style.font.size = font, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        if name == BODY:
            style.paragraph_format.first_line_indent = Pt(2 * size)
