"""One article as the typesetters get it (交付排版): tagged plain text and DOCX; pure.

The tags are described in docs/handoff.md. A line of the text that itself begins like a tag, or
with a backslash, gets a backslash before it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from textkit import html

#: What neither XML nor a text editor takes.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PHOTO = re.compile(r'data-photo="(\d+)"')
_SUBHEAD = re.compile(r"<h[1-6]")
_FONT, _HEAD_FONT = "宋体", "黑体"
#: The tags of a text, in the order in which they come, and the size in points of their style.
KICKER, HEADLINE, SUBHEAD, BYLINE, BODY = "引题", "主题", "副题", "署名", "正文"
CROSSHEAD, PLACE, NUMBER, STATE = "小标题", "图片位置", "稿号", "状态"
DATELINE, CONTINUED, PHOTO, CAPTION, CREDIT = "电头", "转版", "图片", "图注", "摄影"
_SIZES = {KICKER: 14, HEADLINE: 22, SUBHEAD: 14, BYLINE: 10.5, BODY: 10.5, CROSSHEAD: 12}
_SIZES |= {PLACE: 10.5, NUMBER: 9, STATE: 9, DATELINE: 10.5, CONTINUED: 10.5}


@dataclass(frozen=True, slots=True)
class PhotoText:
    """A photo of an article: the name of its file, what stands under it, its id."""

    name: str
    caption: str
    credit: str
    photo: int


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What of an article is set, and under which number; `body` is the HTML of its text.

    `state` says what the typesetters must know: not signed, new, changed.
    """

    number: str
    state: str
    kicker: str
    headline: Sequence[str]
    subhead: str
    dateline: str
    body: str
    byline: str
    continued: str = ""
    photos: Sequence[PhotoText] = field(default=())


def clean(text: str) -> str:
    """Return `text` without the characters that no file takes."""
    return _CONTROL.sub("", text)


def lines_of(article: ArticleText) -> Iterator[tuple[str, str]]:
    """Yield (tag, line) of an article's text in order, photos and captions apart."""
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
    for block in html.to_blocks(article.body):
        photo = _PHOTO.search(block.tags)
        if photo is not None and block.text == html.PHOTO_BLOCK:
            yield PLACE, names.get(int(photo[1]), "")
        else:
            tag = CROSSHEAD if _SUBHEAD.search(block.tags) else BODY
            yield from ((tag, line.strip()) for line in block.text.splitlines() if line.strip())
    if article.byline:
        yield BYLINE, article.byline
    if article.continued:
        yield CONTINUED, article.continued


def as_text(article: ArticleText) -> str:
    """Return an article as tagged plain text, a line for each paragraph."""
    found: list[str] = []
    last = ""
    for tag, line in lines_of(article):
        if tag == BODY:
            # The tag stands before the first of a run of paragraphs.
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


def as_docx(article: ArticleText) -> bytes:
    """Return an article as a DOCX, each paragraph in the style that its tag names."""
    # Imported late: the library takes memory that most processes never need.
    from docx import Document

    document = Document()
    document.core_properties.title = clean(" ".join(article.headline))[:200]
    document.core_properties.identifier = article.number
    document.core_properties.author = ""
    _add_styles(document)
    for tag, line in lines_of(article):
        document.add_paragraph(clean(line), style=tag)
    for photo in article.photos:
        text = f"{photo.name}　{photo.caption}　{photo.credit}"
        document.add_paragraph(clean(text), style=PLACE)
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
