"""Revisions of an article: append one, replace a window's own, save a conflict copy."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from textkit.body import Body
from textkit.char_count import count_chars

from ..content import Content, from_json
from ..exceptions import Hidden
from ..models import Article, Comment, LogEntry, Review, Revision

#: A save that drops more 字 than this leaves the fuller text behind as a separate revision.
LARGE_CHANGE = 50


@dataclass(frozen=True, slots=True)
class RevisionSave:
    """One save request of one window: user, time, base version, automatic or manual.

    `window_id` identifies the window (one rendering of the form) and `sequence` counts its
    requests. So two requests of one window are never taken for two users, nor an earlier one for a
    later one.
    """

    user: User | None
    at: dt.datetime
    base: int = 0
    auto: bool = False
    window_id: str = ""
    sequence: int = 0

    def is_own(self, revision: Revision) -> bool:
        """Return whether `revision` came from this window of this user."""
        mine = self.user is not None and revision.saved_by_id == self.user.pk
        return bool(self.window_id) and revision.window_id == self.window_id and mine


def lock_article(article: Article) -> None:
    """Lock the row of `article` until the transaction ends, so that it cannot be deleted.

    Raises Hidden where it is deleted already.
    """
    if Article.objects.select_for_update().filter(pk=article.pk).only("pk").first() is None:
        raise Hidden(_("The article has just been deleted."))


def head_revision(article: Article) -> Revision | None:
    """Return the newest revision that is not a side revision."""
    return article.revisions.filter(is_side=False).order_by("-number").first()


def signed_content(article: Article) -> tuple[Revision, Content]:
    """Return the newest revision, which a review signs, and its content."""
    revision = head_revision(article)
    assert revision is not None, "an article is created with its first revision"
    return revision, from_json(revision.content)


def base_of(side: Revision) -> Revision | None:
    """Return the revision on which a conflict copy is based; an older one where that is gone."""
    older = Revision.objects.filter(article=side.article_id, is_side=False, number__lt=side.number)
    return older.filter(base_version__lte=side.base_version).order_by("-number").first()


def known_version(article: Article, save: RevisionSave, head: Revision | None) -> int:
    """Return the version that the window may save over: `save.base`, or its own later one.

    After a lost response, or a manual save during an autosave, a window is behind its own saves.
    Its later version is valid if no save of another user lies in between. `head` is the newest
    revision.
    """
    if head is None or save.base == article.version or not save.is_own(head):
        return save.base
    newer = article.revisions.filter(is_side=False, base_version__gt=save.base)
    others = newer.exclude(window_id=save.window_id, saved_by=save.user)
    is_last = head.base_version == article.version
    return article.version if is_last and not others.exists() else save.base


def is_overtaken(head: Revision | None, save: RevisionSave) -> bool:
    """Return whether a later request of the same window has arrived before this one."""
    if head is None or not save.is_own(head) or not save.sequence:
        return False
    if save.auto:
        return save.sequence < head.sequence
    return save.sequence <= head.sequence and not head.is_auto


def is_duplicate_save(head: Revision | None, save: RevisionSave) -> bool:
    """Return whether this same manual save has created the revision `head` before."""
    is_done = head is not None and save.is_own(head) and not head.is_auto
    return bool(is_done and head and save.sequence and head.sequence >= save.sequence)


def save_revision(
    article: Article, content: Content, save: RevisionSave, head: Revision | None = None
) -> Revision:
    """Store `content` as the newest revision, replacing this window's own `head` if possible."""
    if head is not None and _gives_way(head, content, save):
        return _replace(head, content, save, article.version)
    return add_revision(
        article,
        content,
        user=save.user,
        at=save.at,
        auto=save.auto,
        window_id=save.window_id,
        sequence=save.sequence,
    )


def save_conflict_copy(article: Article, content: Content, save: RevisionSave) -> Revision:
    """Store `content` as a side revision; autosaves of one window replace the same one."""
    sides = article.revisions.filter(is_side=True, saved_by=save.user)
    mine = sides.order_by("-number").first()
    if mine is not None and mine.sha256 == content.sha256:
        return mine
    own = sides.filter(window_id=save.window_id).order_by("-number").first()
    if own is not None and _gives_way(own, content, save):
        return _replace(own, content, save, own.base_version)
    return add_revision(
        article,
        content,
        user=save.user,
        at=save.at,
        is_side=True,
        base_version=save.base,
        auto=save.auto,
        window_id=save.window_id,
        sequence=save.sequence,
    )


def confirm_revision(revision: Revision, save: RevisionSave) -> Revision:
    """Record that the same text was sent again; a manual save makes the revision permanent."""
    if revision.is_auto and not save.auto:
        revision.is_auto = False
    if save.is_own(revision):
        revision.sequence = max(revision.sequence, save.sequence)
    revision.save(update_fields=["is_auto", "sequence"])
    return revision


def _gives_way(revision: Revision, content: Content, save: RevisionSave) -> bool:
    """Return whether a save may replace `revision` without losing anything that counts."""
    return (
        revision.is_auto
        and save.is_own(revision)
        and not _loses_much(revision.content, content)
        and not is_referenced(revision)
    )


def _loses_much(old: dict[str, str], new: Content) -> bool:
    def length(headline: str, body: str) -> int:
        return count_chars(headline) + count_chars(Body(body).text)

    return length(old["headline"], old["body"]) - length(new.headline, new.body) > LARGE_CHANGE


def is_referenced(revision: Revision) -> bool:
    """Return whether a signature, the log or a comment refers to `revision`."""
    number, article = revision.number, revision.article_id
    return (
        Review.objects.filter(revision=revision).exists()
        or Article.objects.filter(approved_revision=revision).exists()
        or LogEntry.objects.filter(revision=revision).exists()
        or Comment.objects.filter(article=article, revision_number=number).exists()
    )


def _replace(revision: Revision, content: Content, save: RevisionSave, version: int) -> Revision:
    revision.content, revision.sha256 = content.as_json(), content.sha256
    revision.is_auto, revision.sequence = save.auto, save.sequence
    revision.saved_at, revision.base_version = save.at, version
    revision.save(
        update_fields=["content", "sha256", "is_auto", "sequence", "saved_at", "base_version"]
    )
    return revision


def add_revision(
    article: Article,
    content: Content,
    *,
    user: User | None,
    at: dt.datetime,
    is_side: bool = False,
    base_version: int | None = None,
    auto: bool = False,
    window_id: str = "",
    sequence: int = 0,
) -> Revision:
    """Append `content` as the next revision of `article` and return it."""
    with transaction.atomic():
        # The row lock orders simultaneous appends; the unique constraint rejects the rest.
        Article.objects.select_for_update().filter(pk=article.pk).first()
        last = article.revisions.aggregate(last=Max("number"))["last"] or 0
        return Revision.objects.create(
            article=article,
            number=last + 1,
            content=content.as_json(),
            sha256=content.sha256,
            is_side=is_side,
            is_auto=auto,
            window_id=window_id,
            sequence=sequence,
            base_version=article.version if base_version is None else base_version,
            saved_by=user,
            saved_at=at,
        )


def pin(article: Article, version: int, *, user: User, window_id: str) -> None:
    """Make the revision on which a window of `user` is based permanent."""
    rows = article.revisions.filter(is_auto=True, is_side=False, base_version=version)
    rows.exclude(window_id=window_id, saved_by=user).update(is_auto=False)
