"""Value object for the whole content of an article, which is saved, compared, hashed and signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from photos.services import credit_line
from textkit.body import EMPTY, Body, escaped_markup
from textkit.characters import clean_line, clean_text
from textkit.digest import sha256_of
from textkit.tag_names import tag_name

from .models import Article


@dataclass(frozen=True, slots=True)
class BylineRow:
    """One contributor in the byline: id, role, and the printed label where it says more."""

    contributor: int
    role: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """One photo of the article: id, caption, and the credit as printed at the time of the save.

    `alt` describes the photo for users who cannot see it, where the caption does not.
    """

    photo: int
    caption: str = ""
    credit: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything of an article that a reviewer signs.

    `headline` has one line for each printed line. `body` is what was typed until `tidy` has made
    it a `Body`.
    `section`, `genre` and `towns` are ids. Rows are in printed order.
    """

    kind: str = "story"
    kicker: str = ""
    headline: str = ""
    subhead: str = ""
    dateline: str = ""
    body: Body = EMPTY
    unit: str = ""
    section: int | None = None
    genre: int | None = None
    towns: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    bylines: tuple[BylineRow, ...] = ()
    photos: tuple[PhotoRow, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the content as plain JSON values."""
        return asdict(self)

    @property
    def escaped_markup(self) -> str:
        """Return the first HTML tag that readers would see in a printed text, or ""."""
        lines = [self.kicker, self.headline, self.subhead, self.dateline, self.unit]
        captions = [text for row in self.photos for text in (row.caption, row.alt)]
        return escaped_markup("\n".join([*lines, self.body.text, *captions]))

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the content, as stored in a revision."""
        return sha256_of(self.as_json())


def from_json(data: Mapping[str, Any]) -> Content:
    """Return the content that `Content.as_json` serialised."""
    return Content(
        **{
            **data,
            "body": Body(data["body"]),
            "towns": tuple(data["towns"]),
            "tags": tuple(data["tags"]),
            "bylines": tuple(BylineRow(**row) for row in data["bylines"]),
            "photos": tuple(PhotoRow(**row) for row in data["photos"]),
        }
    )


def tidy(content: Content) -> Content:
    """Return `content` normalised: HTML sanitised, lines clean, duplicate names removed."""
    lines = (clean_line(line) for line in clean_text(content.headline).split("\n"))
    rows: dict[tuple[int, str], BylineRow] = {}
    for row in content.bylines:
        rows.setdefault((row.contributor, row.role), row)
    return replace(
        content,
        kicker=clean_line(content.kicker),
        headline="\n".join(line for line in lines if line),
        subhead=clean_line(content.subhead),
        dateline=clean_line(content.dateline),
        unit=clean_line(content.unit),
        body=Body.from_html(content.body, [row.photo for row in content.photos]),
        towns=tuple(sorted(set(content.towns))),
        tags=tuple(sorted({tag_name(tag) for tag in content.tags} - {""})),
        bylines=tuple(rows.values()),
        photos=tuple(_clean_photo(row) for row in content.photos),
    )


def _clean_photo(row: PhotoRow) -> PhotoRow:
    """Return the row with clean captions; their line breaks stay."""
    return replace(row, caption=clean_text(row.caption), alt=clean_text(row.alt))


def content_of(article: Article) -> Content:
    """Return the content of the desk's working copy as stored in the database."""
    return Content(
        kind=article.kind,
        kicker=article.kicker,
        headline=article.headline,
        subhead=article.subhead,
        dateline=article.dateline,
        body=article.body,
        unit=article.unit,
        section=article.section_id,
        genre=article.genre_id,
        towns=tuple(sorted(town.pk for town in article.towns.all())),
        tags=tuple(sorted(tag.name for tag in article.tags.all())),
        bylines=tuple(
            BylineRow(row.contributor_id, row.role, row.label) for row in article.bylines.all()
        ),
        photos=tuple(
            PhotoRow(row.photo_id, row.caption, credit_line(row.photo), row.alt)
            for row in article.ordered_photos()
        ),
    )
