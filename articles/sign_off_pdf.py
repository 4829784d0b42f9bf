"""PDF of the sign-off sheet: A4, with an embedded font, so that it prints the same everywhere."""

from __future__ import annotations

import io
import unicodedata
from bisect import bisect
from collections.abc import Sequence
from functools import cache, partial
from typing import Any
from xml.sax.saxutils import escape

from django.utils import timezone
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    HRFlowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from press.fonts import BUNDLED

from .numbered_canvas import numbered_canvas
from .selectors.sign_off_sheet import SheetRow, Signature, SignedRound, SignOffSheet

FONT = "NewsroomSheet"
MARGIN = 16 * mm
WIDTH = A4[0] - 2 * MARGIN
#: Padding that reportlab adds inside its page frame.
_PADDING = 6
#: Horizontal padding of a cell, in points: the widest of our tables.
_INSET = 12
#: Maximum number of lines of a metadata value or a name.
_FACT, _NAME = 8, 3
_GREY, _LINE, _RED = (
    colors.HexColor("#555555"),
    colors.HexColor("#888888"),
    colors.HexColor("#a6192e"),
)


@cache
def _font() -> TTFont:
    """Return the font, loaded once per process; only the characters in use go into a PDF."""
    font = TTFont(FONT, str(BUNDLED))
    pdfmetrics.registerFont(font)
    return font


def printable(text: str) -> str:
    """Return `text` with each character that the font lacks as 〓 and its code point."""
    known = _font().face.charToGlyph
    return "".join(char if char == "\n" or ord(char) in known else _stand_in(char) for char in text)


def _stand_in(char: str) -> str:
    if unicodedata.category(char) in {"Cc", "Cf", "Mn"}:
        return ""
    return f"〓(U+{ord(char):04X})"


def _style(size: float, leading: float = 1.4, **more: Any) -> ParagraphStyle:
    _font()
    return ParagraphStyle(
        f"s{size}", fontName=FONT, fontSize=size, leading=size * leading, wordWrap="CJK", **more
    )


def _text(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(printable(text)).replace("\n", "<br/>"), style)


def _cell(text: str, style: ParagraphStyle, width: float, most: int = 30) -> Paragraph:
    """Return `text` for a cell of `width` millimetres, cut to `most` lines.

    A row cannot break across pages: a row taller than a page would fail the whole document.
    """
    end = _("… (full text in the system)")

    def lines(count: int) -> int:
        cut = text[:count] + end if count < len(text) else text
        return round(_text(cut, style).wrap(width * mm - _INSET, A4[1])[1] / style.leading)

    if lines(len(text)) <= most:
        return _text(text, style)
    return _text(text[: bisect(range(len(text)), most, key=lines) - 1] + end, style)


def render(sheet: SignOffSheet) -> bytes:
    """Return the PDF of `sheet`: usually one page; further pages repeat the heading."""
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN - _PADDING,
        rightMargin=MARGIN - _PADDING,
        topMargin=15 * mm,
        bottomMargin=16 * mm,
        title=f"{_('Sign-off sheet')} {sheet.article.title}",
        author=sheet.paper.name,
        lang="zh-CN",
        initialFontName=FONT,
    )
    story = [*_heading(sheet), *_facts(sheet), *_signed(sheet), *_record(sheet), *_proof(sheet)]
    document.build(story, canvasmaker=numbered_canvas(partial(_frame, sheet)))
    return out.getvalue()


def _frame(sheet: SignOffSheet, canvas: Canvas, pages: int) -> None:
    canvas.setFillColor(_GREY)
    canvas.setFont(FONT, 7.5)
    number = canvas.getPageNumber()
    printed = timezone.localtime(sheet.at).strftime("%Y-%m-%d %H:%M:%S")
    canvas.drawString(MARGIN, 9 * mm, printable(_("Created %(time)s") % {"time": printed}))
    footer = _("Page %(n)d of %(m)d") % {"n": number, "m": pages}
    canvas.drawRightString(A4[0] - MARGIN, 9 * mm, printable(footer))
    if number > 1:
        running = (
            f"{sheet.paper.name} {_('Sign-off sheet')}  {sheet.article.pk}  {sheet.article.title}"
        )
        canvas.drawString(MARGIN, A4[1] - 10 * mm, printable(running[:60]))


def _heading(sheet: SignOffSheet) -> list[Flowable]:
    centred = {"alignment": TA_CENTER}
    article = sheet.article
    lines: list[Flowable] = [
        _text(sheet.paper.name, _style(11, textColor=_GREY, **centred)),
        _text(_("Sign-off sheet"), _style(20, 1.3, spaceAfter=2 * mm, **centred)),
        HRFlowable(width="100%", thickness=1, color=_GREY, spaceAfter=3 * mm),
    ]
    lines += (
        [_text(article.kicker, _style(10, textColor=_RED, **centred))] if article.kicker else []
    )
    lines.append(_text("\n".join(sheet.headline), _style(15, 1.3, **centred)))
    lines += [_text(article.subhead, _style(10, **centred))] if article.subhead else []
    return [*lines, Spacer(0, 4 * mm)]


def _facts(sheet: SignOffSheet) -> list[Flowable]:
    label, value = _style(8, textColor=_GREY), _style(9)
    cells: list[list[Any]] = [
        [_text(name, label), _cell(text or "—", value, 69, _FACT)] for name, text in sheet.facts
    ]
    if len(cells) % 2:
        cells.append(["", ""])
    rows = [a + b for a, b in zip(cells[::2], cells[1::2], strict=True)]
    return [_table(rows, [20, 69, 20, 69]), Spacer(0, 4 * mm)]


def _table(
    rows: Sequence[Sequence[Any]], widths: Sequence[float], *more: Any, **kwargs: Any
) -> Table:
    """Return a ruled table; `widths` are in millimetres."""
    look = [
        ("FONTNAME", (0, 0), (-1, -1), FONT),
        ("GRID", (0, 0), (-1, -1), 0.4, _LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        *more,
    ]
    return Table(rows, [width * mm for width in widths], style=look, **kwargs)


def _signed(sheet: SignOffSheet) -> list[Flowable]:
    """Return the signatures by round, and the archive mark where there is one."""
    mark = [_text(sheet.archive, _style(9, textColor=_RED)), Spacer(0, 3 * mm)]
    found: list[Flowable] = mark if sheet.archive else []
    for one in sheet.rounds:
        found += [_text(one.label, _style(9, spaceAfter=1 * mm))] if one.label else []
        found += _round(one, is_last=one is sheet.rounds[-1])
    return found


def _round(one: SignedRound, *, is_last: bool) -> list[Flowable]:
    """Return the signatures of a round side by side, with lines for handwriting in the last."""
    if not one.signatures:
        return []
    width = WIDTH / mm / len(one.signatures)
    columns = [_signature(signature, width) for signature in one.signatures]
    if not is_last:
        return [_table([columns], [width] * len(columns)), Spacer(0, 3 * mm)]
    hand = [_text(_("Handwritten signature:"), _style(8, textColor=_GREY)) for _column in columns]
    look = (
        ("TOPPADDING", (0, 0), (-1, 0), 4),
        ("LEFTPADDING", (0, 0), (-1, -1), 7),
        ("BOTTOMPADDING", (0, 1), (-1, 1), 13 * mm),
        ("LINEBELOW", (0, 0), (-1, 0), 0.4, colors.white),
    )
    return [_table([columns, hand], [width] * len(columns), *look), Spacer(0, 4 * mm)]


def _signature(signature: Signature, width: float) -> list[Flowable]:
    row = signature.row
    cell: list[Flowable] = [_text(signature.label, _style(9, textColor=_GREY))]
    if row is None:
        waits = _("waiting") if signature.is_now else _("not signed")
        return [*cell, _text(waits, _style(11, textColor=_GREY))]
    cell.append(_cell(f"{row.name}  {row.roles}", _style(12, 1.5), width, _NAME))
    cell.append(_text(_time(row), _style(8.5)))
    cell.append(_text(f"#{row.revision}  {row.short}", _style(7.5, textColor=_GREY)))
    return [*cell, _cell(row.note, _style(8.5), width)] if row.note else cell


def _time(row: SheetRow) -> str:
    return timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M:%S")


def _record(sheet: SignOffSheet) -> list[Flowable]:
    small, grey = _style(8, 1.35), _style(7.5, 1.35, textColor=_GREY)
    heads = ("", _("Time"), _("Transition"), _("By"), _("Revision"), _("Note"))
    rows = [[_text(head, grey) for head in heads]]
    rows += [
        [
            _text(str(row.number), grey),
            _text(_time(row), small),
            _text(row.transition, small),
            _cell(f"{row.name} {row.roles}", small, 33, _FACT),
            _text(f"#{row.revision} {row.short}" if row.revision else "", grey),
            _cell(row.note, small, 55),
        ]
        for row in sheet.rows
    ]
    return [_table(rows, [8, 32, 20, 33, 30, 55], repeatRows=1), Spacer(0, 3 * mm)]


def _proof(sheet: SignOffSheet) -> list[Flowable]:
    """Return the full hashes, the seal of the last row, and the result of the verification."""
    tiny = _style(7, 1.45)
    lines = [f"#{number}  SHA-256  {sha256}" for number, sha256 in sheet.hashes]
    lines.append(f"{_('Last seal')}  {sheet.article.chain or '—'}")
    colour = _RED if sheet.broken else colors.black
    verdict = _text(sheet.verdict, _style(9, textColor=colour, spaceBefore=1 * mm))
    *whole, seal = [_text(line, tiny) for line in lines]
    return [*whole, KeepTogether([seal, verdict])]
