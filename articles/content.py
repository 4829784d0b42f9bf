"""The whole content of an article as one value: what is saved, compared, hashed and signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from photos.services import credit_line
from textkit import html
from textkit.paste import mend

from .models import Article
from .parts import photos_of


@dataclass(frozen=True, slots=True)
class BylineRow:
    """One contributor in the byline, by id, with role and what is printed where that says more."""

    contributor: int
    role: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """One photo of the article, by id, with its caption; `credit` is as printed when saved.

    `alt` says what is seen, for who does not see it, where the caption does not.
    """

    photo: int
    caption: str = ""
    credit: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything of an article that a reader of a reading signs.

    `headline` has a line for each line as set; `body` is HTML as `textkit.html` keeps it; `section`
    and `towns` are ids; rows are in printed order.
    """

    kind: str = "story"
    kicker: str = ""
    headline: str = ""
    subhead: str = ""
    dateline: str = ""
    body: str = ""
    unit: str = ""
    section: int | None = None
    towns: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    bylines: tuple[BylineRow, ...] = ()
    photos: tuple[PhotoRow, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the content as plain JSON values."""
        return asdict(self)

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the content as a revision stores it."""
        return sha256_of(self.as_json())


def sha256_of(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of `data` as canonical JSON: sorted keys, UTF-8, no blanks."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def from_json(data: Mapping[str, Any]) -> Content:
    """Return the content that `Content.as_json` gave."""
    return Content(
        **{
            **data,
            "towns": tuple(data["towns"]),
            "tags": tuple(data["tags"]),
            "bylines": tuple(BylineRow(**row) for row in data["bylines"]),
            "photos": tuple(PhotoRow(**row) for row in data["photos"]),
        }
    )


def tidy(content: Content) -> Content:
    """Return `content` as the house keeps it: HTML sanitised, lines trimmed, no name twice."""
    lines = (" ".join(line.split()) for line in content.headline.splitlines())
    rows: dict[tuple[int, str], BylineRow] = {}
    for row in content.bylines:
        rows.setdefault((row.contributor, row.role), row)
    return replace(
        content,
        kicker=" ".join(content.kicker.split()),
        headline="\n".join(line for line in lines if line),
        subhead=" ".join(content.subhead.split()),
        dateline=" ".join(content.dateline.split()),
        unit=" ".join(content.unit.split()),
        body=html.sanitise(mend(content.body), [row.photo for row in content.photos]),
        towns=tuple(sorted(set(content.towns))),
        tags=tuple(sorted({tag.strip() for tag in content.tags if tag.strip()})),
        bylines=tuple(rows.values()),
    )


def content_of(article: Article) -> Content:
    """Return the content of the desk's working copy as it stands in the database."""
    return Content(
        kind=article.kind,
        kicker=article.kicker,
        headline=article.headline,
        subhead=article.subhead,
        dateline=article.dateline,
        body=article.body,
        unit=article.unit,
        section=article.section_id,
        towns=tuple(sorted(town.pk for town in article.towns.all())),
        tags=tuple(sorted(tag.name for tag in article.tags.all())),
        bylines=tuple(
            BylineRow(row.contributor_id, row.role, row.label) for row in article.bylines.all()
        ),
        photos=tuple(
            PhotoRow(row.photo_id, row.caption, credit_line(row.photo), row.alt)
            for row in photos_of(article)
        ),
    )
