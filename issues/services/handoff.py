"""The print hand-off (交付排版): what of a page the typesetters get, and what changed since."""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from articles.content import Content, content_of, from_json
from articles.errors import Invalid
from articles.models import Article, Revision
from articles.states import State
from articles.workflow import actor_of
from bylines.models import Contributor
from photos.models import Photo
from textkit.html import to_paragraphs

from ..handoff_text import ArticleText, PhotoText, as_docx, as_text, clean
from ..models import Handoff, Issue, Page, Placement
from .rules import require

NEW, CHANGED, SAME, GONE = "new", "changed", "same", "gone"
#: Signed to the end: the text that is handed over is the one that is printed.
_SIGNED = frozenset({State.APPROVED, State.SCHEDULED, State.PUBLISHED})


@dataclass(frozen=True, slots=True)
class Piece:
    """One article of a page for the typesetters; `standing` is what it is since the last time."""

    placement: Placement
    content: Content
    is_signed: bool
    facts: dict[str, Any]
    standing: str

    @property
    def number(self) -> str:
        """Return the number that the article keeps for good, and that its files are named by."""
        return f"A{self.placement.article_id:06d}"


def pieces_of(page: Page, user: User, at: dt.datetime) -> tuple[list[Piece], int]:
    """Return the articles of a page as `user` sees them, and how many he may not see.

    Of a signed article it is the signed text, else the working copy as it stands.
    """
    placements = list(
        Placement.objects.filter(page=page)
        .in_order()
        .select_related("article__approved_revision")
        .prefetch_related("article__towns", "article__bylines")
    )
    ids = [placement.article_id for placement in placements]
    seen = Article.objects.visible_to(actor_of(user), at).filter(pk__in=ids)
    mine = set(seen.values_list("pk", flat=True))
    before = _last(page)
    found = [_piece(one, before, at) for one in placements if one.article_id in mine]
    return found, len(placements) - len(found)


def _last(page: Page) -> dict[str, Any]:
    last = Handoff.objects.filter(page=page).last()
    return dict(last.manifest) if last is not None else {}


def _piece(placement: Placement, before: Mapping[str, Any], at: dt.datetime) -> Piece:
    article = placement.article
    revision = article.approved_revision
    is_signed = article.status(at) in _SIGNED and revision is not None
    content = from_json(revision.content) if is_signed and revision else content_of(article)
    facts = _facts(placement, content)
    old = before.get(str(article.pk))
    is_same = old is not None and {**old, "title": ""} == {**facts, "title": ""}
    standing = NEW if old is None else SAME if is_same else CHANGED
    return Piece(placement, content, is_signed, facts, standing)


def _facts(placement: Placement, content: Content) -> dict[str, Any]:
    """Return what a hand-off remembers of an article, to tell the next time what has changed."""
    says = content.as_json()
    photos = says.pop("photos")
    over = placement.continued_on.number if placement.continued_on else None
    head = Revision.objects.filter(article=placement.article, sha256=content.sha256).first()
    return {
        "title": placement.article.title,
        "text": _sha([says, over]),
        "photos": [_sha(row) for row in photos],
        "revision": head.number if head else None,
    }


def _sha(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def gone_since(page: Page, pieces: Sequence[Piece]) -> list[str]:
    """Return the numbers and titles of what was handed over the last time and is not here now."""
    here = {str(piece.placement.article_id) for piece in pieces}
    all_here = {str(pk) for pk in page.placements.values_list("article", flat=True)}
    return [
        f"A{int(key):06d} {facts['title']}"
        for key, facts in _last(page).items()
        if key not in here | all_here
    ]


def hand_over(
    pages: Sequence[Page], out: IO[bytes], *, user: User, at: dt.datetime
) -> list[Handoff]:
    """Write the zip of `pages` into `out`, and note what was handed over.

    Raises Forbidden; Invalid where nothing stands on them.
    """
    require("place", user)
    handoffs = []
    with transaction.atomic(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for page in pages:
            pieces, hidden = pieces_of(page, user, at)
            if not pieces and len(pages) == 1:
                raise Invalid([_("There is nothing on this page to hand over.")])
            folder = f"{page.issue.slug}/{page.number:02d}"
            _write(archive, folder, page, pieces, hidden)
            manifest = _unseen(page, pieces)
            manifest |= {str(one.placement.article_id): one.facts for one in pieces}
            handoffs.append(Handoff(page=page, manifest=manifest, made_by=user, made_at=at))
        Handoff.objects.bulk_create(handoffs)
    return handoffs


def _unseen(page: Page, pieces: Sequence[Piece]) -> dict[str, Any]:
    """Return what others handed over of articles on the page that this person may not see."""
    here = {str(pk) for pk in page.placements.values_list("article", flat=True)}
    seen = {str(piece.placement.article_id) for piece in pieces}
    return {key: facts for key, facts in _last(page).items() if key in here - seen}


def _write(
    archive: zipfile.ZipFile, folder: str, page: Page, pieces: Sequence[Piece], hidden: int
) -> None:
    photos = Photo.objects.in_bulk({row.photo for one in pieces for row in one.content.photos})
    people = Contributor.objects.in_bulk(
        {row.contributor for one in pieces for row in one.content.bylines}
    )
    texts = [(piece, _text(piece, photos, people)) for piece in pieces]
    listed = "\r\n".join(_listing(page, texts, gone_since(page, pieces), hidden)) + "\r\n"
    archive.writestr(f"{folder}/目录.txt", "\ufeff" + listed)
    for piece, text in texts:
        archive.writestr(f"{folder}/{piece.number}.txt", "\ufeff" + as_text(text))
        archive.writestr(f"{folder}/{piece.number}.docx", as_docx(text))
        if piece.standing == CHANGED and (said := _changes(piece, page)):
            archive.writestr(f"{folder}/{piece.number}-改动.txt", "\ufeff" + said)
        for row in text.photos:
            with suppress(FileNotFoundError):
                _pack(archive, f"{folder}/{row.name}", str(photos[row.photo].file.name))


def _pack(archive: zipfile.ZipFile, name: str, stored: str) -> None:
    """Put an original photo into the zip as it is; it is packed already."""
    with default_storage.open(stored, "rb") as stream:
        archive.writestr(name, stream.read(), zipfile.ZIP_STORED)


def _text(
    piece: Piece, photos: Mapping[int, Photo], people: Mapping[int, Contributor]
) -> ArticleText:
    content = piece.content
    over = piece.placement.continued_on
    writers = [row for row in content.bylines if row.contributor in people]
    named = [f"{row.label or row.role} {people[row.contributor].name}" for row in writers]
    return ArticleText(
        number=piece.number,
        state="；".join(words_of(piece)),
        kicker=content.kicker,
        headline=content.headline.split("\n") if content.headline else [],
        subhead=content.subhead,
        dateline=content.dateline,
        body=content.body,
        byline=" ".join(named),
        continued=f"下转第{over.number}版" if over else "",
        photos=[
            PhotoText(
                f"{piece.number}-{n}.{photos[row.photo].extension}",
                row.caption,
                row.credit,
                row.photo,
            )
            for n, row in enumerate(content.photos, start=1)
            if row.photo in photos
        ],
    )


def words_of(piece: Piece) -> list[str]:
    """Return what the typesetters must know of an article, in the language of the paper."""
    words = {NEW: "新稿", CHANGED: "上次交付后有改动", SAME: ""}
    said = [words[piece.standing], "" if piece.is_signed else "未签发"]
    return [word for word in said if word]


def _listing(
    page: Page, texts: Sequence[tuple[Piece, ArticleText]], gone: Sequence[str], hidden: int
) -> Iterator[str]:
    issue = page.issue
    yield f"第{issue.number}期 {issue.date:%Y-%m-%d} 第{page.number}版 {page.name}"
    yield ""
    for piece, text in texts:
        title = clean(" ".join(text.headline) or piece.placement.article.title)
        facts = [f"{piece.placement.article.chars} 字", f"{len(text.photos)} 图"]
        facts += [piece.placement.column] if piece.placement.column else []
        facts += [text.continued] if text.continued else []
        yield f"{piece.number} {title}（{'，'.join(facts)}）{'；'.join(words_of(piece))}"
    yield from (f"{number_and_title} 已撤下" for number_and_title in gone)
    if hidden:
        yield f"另有 {hidden} 篇，交付人无权查看，未包含。"


def _changes(piece: Piece, page: Page) -> str:
    """Return the paragraphs that went and came since the last hand-over; "" where none did."""
    old = _last(page).get(str(piece.placement.article_id), {}).get("revision")
    before = Revision.objects.filter(article=piece.placement.article, number=old or 0).first()
    if before is None:
        return ""
    then, now = (_paragraphs(one) for one in (from_json(before.content), piece.content))
    rows = [row for row in difflib.ndiff(then, now) if row[:1] in {"-", "+"}]
    return "\r\n".join(f"{'删' if row[0] == '-' else '增'} {clean(row[2:])}" for row in rows)


def _paragraphs(content: Content) -> list[str]:
    head = [content.kicker, *content.headline.split("\n"), content.subhead, content.dateline]
    return [*(line for line in head if line), *to_paragraphs(content.body)]


@dataclass(frozen=True, slots=True)
class Standing:
    """A page's last hand-over, and how many of its articles have changed since."""

    page: Page
    last: Handoff | None
    changed: int


def standings(issue: Issue, user: User, at: dt.datetime) -> list[Standing]:
    """Return for each page of `issue` when it was handed over, and what has changed since."""
    found = []
    for page in issue.pages.all():
        last = Handoff.objects.filter(page=page).select_related("made_by").last()
        changed = 0
        if last is not None:
            pieces, _hidden = pieces_of(page, user, at)
            changed = sum(piece.standing != SAME for piece in pieces)
            changed += len(gone_since(page, pieces))
        found.append(Standing(page, last, changed))
    return found
