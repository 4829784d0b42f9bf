"""Print hand-off (交付排版): the files of a page for layout, and the changes since."""

from __future__ import annotations

import datetime as dt
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
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from articles.content import Content, from_json
from articles.exceptions import Invalid
from articles.models import Article, Revision
from articles.workflow.states import State
from articles.workflow.transitions import actor_of
from bylines.models import Contributor
from photos.models import Photo

from ..handoff_text import ArticleText, PhotoText, as_docx, as_text, changed_lines, clean
from ..models import Handoff, Page, Placement
from .permissions import require

NEW, CHANGED, SAME, GONE = "new", "changed", "same", "gone"
#: States with a final signature: the exported text is the published text.
_SIGNED = frozenset({State.APPROVED, State.SCHEDULED, State.PUBLISHED})


@dataclass(frozen=True, slots=True)
class HandoffArticle:
    """One article of a page for layout; `standing` is its change since the last hand-off."""

    placement: Placement
    content: Content
    is_signed: bool
    facts: dict[str, Any]
    standing: str

    @property
    def number(self) -> str:
        """Return the permanent number of the article, from which its file names are derived."""
        return f"A{self.placement.article_id:06d}"


@dataclass(frozen=True, slots=True)
class PageState:
    """A page since its last hand-off: what `user` may see of it, and what is hidden."""

    page: Page
    last: Handoff | None
    pieces: list[HandoffArticle]
    hidden: frozenset[str]

    @property
    def before(self) -> dict[str, Any]:
        """Return the content of the last hand-off, by article."""
        return dict(self.last.manifest) if self.last is not None else {}

    @property
    def gone(self) -> list[str]:
        """Return the numbers and titles of handed-off articles that are no longer here."""
        here = {str(piece.placement.article_id) for piece in self.pieces} | self.hidden
        rows = [(key, facts) for key, facts in self.before.items() if key not in here]
        return [f"A{int(key):06d} {facts['title']}" for key, facts in rows]

    @property
    def changed(self) -> int:
        """Return the number of articles that have changed since; 0 before the first hand-off."""
        if self.last is None:
            return 0
        return sum(piece.standing != SAME for piece in self.pieces) + len(self.gone)

    @property
    def manifest(self) -> dict[str, Any]:
        """Return the manifest of a hand-off now; hidden articles keep their previous entries."""
        hidden = {key: facts for key, facts in self.before.items() if key in self.hidden}
        return hidden | {str(one.placement.article_id): one.facts for one in self.pieces}


def states_of(pages: Sequence[Page], user: User, at: dt.datetime) -> list[PageState]:
    """Return the pages as `user` sees them, in a fixed number of queries.

    For a signed article this is the signed text, otherwise the newest revision.
    """
    rows = Placement.objects.filter(page__in=pages).in_order()
    heads = Revision.objects.filter(article=OuterRef("article"), is_side=False)
    newest = Subquery(heads.order_by("-number").values("pk")[:1])
    placements: list[Any] = list(
        rows.select_related("article__approved_revision").annotate(head=newest)
    )
    revisions = Revision.objects.in_bulk([one.head for one in placements if one.head])
    wanted = [one.article_id for one in placements]
    seen = Article.objects.visible_to(actor_of(user), at).filter(pk__in=wanted)
    mine = set(seen.values_list("pk", flat=True))
    last = {
        one.page_id: one for one in Handoff.objects.filter(page__in=pages).select_related("made_by")
    }
    found = []
    for page in pages:
        here = [one for one in placements if one.page_id == page.pk]
        state = PageState(
            page,
            last.get(page.pk),
            [],
            frozenset(str(one.article_id) for one in here if one.article_id not in mine),
        )
        shown = [one for one in here if one.article_id in mine]
        state.pieces.extend(_piece(one, revisions[one.head], state.before, at) for one in shown)
        found.append(state)
    return found


def _piece(
    placement: Placement, head: Revision, before: Mapping[str, Any], at: dt.datetime
) -> HandoffArticle:
    signed = placement.article.approved_revision
    is_signed = placement.article.status(at) in _SIGNED and signed is not None
    revision = signed if is_signed and signed is not None else head
    facts = _facts(placement, revision)
    old = before.get(str(placement.article_id))
    is_same = old is not None and all(old[key] == facts[key] for key in ("text", "photos"))
    standing = NEW if old is None else SAME if is_same else CHANGED
    return HandoffArticle(placement, from_json(revision.content), is_signed, facts, standing)


def _facts(placement: Placement, revision: Revision) -> dict[str, Any]:
    """Return the data of an article that a hand-off stores, to detect later changes."""
    says = dict(revision.content)
    photos = says.pop("photos")
    over = placement.continued_on.number if placement.continued_on else None
    return {
        "title": placement.article.title,
        "text": _sha([says, over]),
        "photos": [_sha(row) for row in photos],
        "revision": revision.number,
    }


def _sha(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def hand_over(
    pages: Sequence[Page], out: IO[bytes], *, user: User, at: dt.datetime
) -> list[Handoff]:
    """Write the zip of `pages` into `out`, and store what was handed off.

    Raises Forbidden; Invalid where nothing is placed on them.
    """
    require("handoff", user)
    handoffs = []
    with transaction.atomic(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for state in states_of(pages, user, at):
            if not state.pieces and len(pages) == 1:
                raise Invalid([_("This page has nothing to hand off.")])
            _write(archive, state)
            handoffs.append(
                Handoff(page=state.page, manifest=state.manifest, made_by=user, made_at=at)
            )
        Handoff.objects.bulk_create(handoffs)
    return handoffs


def _write(archive: zipfile.ZipFile, state: PageState) -> None:
    pieces = state.pieces
    folder = f"{state.page.issue.slug}/{state.page.number:02d}"
    photos = Photo.objects.in_bulk({row.photo for one in pieces for row in one.content.photos})
    people = Contributor.objects.in_bulk(
        {row.contributor for one in pieces for row in one.content.bylines}
    )
    texts = [(piece, _text(piece, photos, people)) for piece in pieces]
    listed = "\r\n".join(_listing(state, texts)) + "\r\n"
    archive.writestr(f"{folder}/目录.txt", "\ufeff" + listed)
    for piece, text in texts:
        archive.writestr(f"{folder}/{piece.number}.txt", "\ufeff" + as_text(text))
        archive.writestr(f"{folder}/{piece.number}.docx", as_docx(text))
        if piece.standing == CHANGED and (said := _changes(piece, state)):
            archive.writestr(f"{folder}/{piece.number}-改动.txt", "\ufeff" + said)
        for row in text.photos:
            with suppress(FileNotFoundError):
                _pack(archive, f"{folder}/{row.name}", str(photos[row.photo].file.name))


def _pack(archive: zipfile.ZipFile, name: str, stored: str) -> None:
    """Add an original photo to the zip without compression, as it is compressed already."""
    with default_storage.open(stored, "rb") as stream:
        archive.writestr(name, stream.read(), zipfile.ZIP_STORED)


def _text(
    piece: HandoffArticle, photos: Mapping[int, Photo], people: Mapping[int, Contributor]
) -> ArticleText:
    content = piece.content
    over = piece.placement.continued_on
    writers = [row for row in content.bylines if row.contributor in people]
    named = [f"{row.label or row.role} {people[row.contributor].name}" for row in writers]
    return ArticleText(
        number=piece.number,
        state="；".join(changes_message(piece)),
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


def changes_message(piece: HandoffArticle) -> list[str]:
    """Return the notes about an article for the layout editors, in the language of the paper."""
    labels = {NEW: "新稿", CHANGED: "上次交付后有改动", SAME: ""}
    said = [labels[piece.standing], "" if piece.is_signed else "未签发"]
    return [word for word in said if word]


def _listing(
    state: PageState, texts: Sequence[tuple[HandoffArticle, ArticleText]]
) -> Iterator[str]:
    page, issue = state.page, state.page.issue
    yield f"第{issue.number}期 {issue.date:%Y-%m-%d} 第{page.number}版 {page.name}"
    yield ""
    for piece, text in texts:
        title = clean(" ".join(text.headline) or piece.placement.article.title)
        facts = [f"{piece.placement.article.chars} 字", f"{len(text.photos)} 图"]
        facts += [piece.placement.column] if piece.placement.column else []
        facts += [text.continued] if text.continued else []
        yield f"{piece.number} {title}（{'，'.join(facts)}）{'；'.join(changes_message(piece))}"
    yield from (f"{number_and_title} 已撤下" for number_and_title in state.gone)
    if state.hidden:
        yield f"另有 {len(state.hidden)} 篇，交付人无权查看，未包含。"


def _changes(piece: HandoffArticle, state: PageState) -> str:
    """Return the removed and added paragraphs since the last hand-off, "" without any."""
    old = state.before.get(str(piece.placement.article_id), {}).get("revision")
    before = Revision.objects.filter(article=piece.placement.article, number=old or 0).first()
    if before is None:
        return ""
    then, now = (_paragraphs(one) for one in (from_json(before.content), piece.content))
    return "\r\n".join(changed_lines(then, now))


def _paragraphs(content: Content) -> list[str]:
    head = [content.kicker, *content.headline.split("\n"), content.subhead, content.dateline]
    return [*(line for line in head if line), *content.body.paragraphs]
