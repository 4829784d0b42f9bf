"""The revisions of an article: append one, replace a window's own, keep one aside."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from textkit.count import count_chars
from textkit.html import to_text

from ..content import Content
from ..errors import Hidden
from ..models import Article, Comment, LogEntry, Reading, Revision

#: A save that drops more 字 than this leaves the fuller text behind as a revision of its own.
MUCH = 50


@dataclass(frozen=True, slots=True)
class Save:
    """One send of one window: who, when, over which version, by itself or by hand.

    `tab` names the window (one rendering of the form) and `turn` counts its sends, so that two
    sends of one window are never taken for two people, nor the earlier for the later.
    """

    user: User | None
    at: dt.datetime
    base: int = 0
    auto: bool = False
    tab: str = ""
    turn: int = 0

    def is_own(self, revision: Revision) -> bool:
        """Return whether `revision` came from this window of this person."""
        mine = self.user is not None and revision.saved_by_id == self.user.pk
        return bool(self.tab) and revision.tab == self.tab and mine


def hold(article: Article) -> None:
    """Lock the row of `article` until the transaction ends, so that it is not deleted meanwhile.

    Raises Hidden where it is deleted already.
    """
    if Article.objects.select_for_update().filter(pk=article.pk).only("pk").first() is None:
        raise Hidden(_("The article was deleted meanwhile."))


def head_revision(article: Article) -> Revision | None:
    """Return the newest revision that is not a side revision."""
    return article.revisions.filter(is_side=False).order_by("-number").first()


def base_of(side: Revision) -> Revision | None:
    """Return the revision that a text kept aside began from; an older one where that is gone."""
    older = Revision.objects.filter(article=side.article_id, is_side=False, number__lt=side.number)
    return older.filter(base_version__lte=side.base_version).order_by("-number").first()


def known_version(article: Article, save: Save, head: Revision | None) -> int:
    """Return the version that the window may save over: `save.base`, or a later one of its own.

    An answer that was lost on the way, or a save by hand while one by itself was under way, leaves
    a window behind its own saves; nobody else's lie in between. `head` is the newest revision.
    """
    if head is None or save.base == article.version or not save.is_own(head):
        return save.base
    newer = article.revisions.filter(is_side=False, base_version__gt=save.base)
    others = newer.exclude(tab=save.tab, saved_by=save.user)
    is_last = head.base_version == article.version
    return article.version if is_last and not others.exists() else save.base


def is_overtaken(head: Revision | None, save: Save) -> bool:
    """Return whether a later send of the same window has arrived before this one."""
    if head is None or not save.is_own(head) or not save.turn:
        return False
    if save.auto:
        return save.turn < head.turn
    return save.turn <= head.turn and not head.is_auto


def came_twice(head: Revision | None, save: Save) -> bool:
    """Return whether this very send, by hand, has made the revision `head` before."""
    is_done = head is not None and save.is_own(head) and not head.is_auto
    return bool(is_done and head and save.turn and head.turn >= save.turn)


def put_revision(
    article: Article, content: Content, save: Save, head: Revision | None = None
) -> Revision:
    """Store `content` as the newest revision; it takes the place of this window's own `head`."""
    if head is not None and _gives_way(head, content, save):
        return _replace(head, content, save, article.version)
    return add_revision(
        article, content, user=save.user, at=save.at, auto=save.auto, tab=save.tab, turn=save.turn
    )


def put_aside(article: Article, content: Content, save: Save) -> Revision:
    """Keep `content` as a side revision; a window has one that its saves by itself renew."""
    sides = article.revisions.filter(is_side=True, saved_by=save.user)
    mine = sides.order_by("-number").first()
    if mine is not None and mine.sha256 == content.sha256:
        return mine
    own = sides.filter(tab=save.tab).order_by("-number").first()
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
        tab=save.tab,
        turn=save.turn,
    )


def settle(revision: Revision, save: Save) -> Revision:
    """Note that the same text was sent again: by hand it stays for good."""
    if revision.is_auto and not save.auto:
        revision.is_auto = False
    if save.is_own(revision):
        revision.turn = max(revision.turn, save.turn)
    revision.save(update_fields=["is_auto", "turn"])
    return revision


def _gives_way(revision: Revision, content: Content, save: Save) -> bool:
    """Return whether a save may take the place of `revision`: nothing that counts is lost by it."""
    return (
        revision.is_auto
        and save.is_own(revision)
        and not _loses_much(revision.content, content)
        and not is_referenced(revision)
    )


def _loses_much(old: dict[str, str], new: Content) -> bool:
    def length(headline: str, body: str) -> int:
        return count_chars(headline) + count_chars(to_text(body))

    return length(old["headline"], old["body"]) - length(new.headline, new.body) > MUCH


def is_referenced(revision: Revision) -> bool:
    """Return whether a signature, the log or a comment points at `revision`."""
    number, article = revision.number, revision.article_id
    return (
        Reading.objects.filter(revision=revision).exists()
        or Article.objects.filter(approved_revision=revision).exists()
        or LogEntry.objects.filter(revision=revision).exists()
        or Comment.objects.filter(article=article, revision_number=number).exists()
    )


def _replace(revision: Revision, content: Content, save: Save, version: int) -> Revision:
    revision.content, revision.sha256 = content.as_json(), content.sha256
    revision.is_auto, revision.turn = save.auto, save.turn
    revision.saved_at, revision.base_version = save.at, version
    revision.save(
        update_fields=["content", "sha256", "is_auto", "turn", "saved_at", "base_version"]
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
    tab: str = "",
    turn: int = 0,
) -> Revision:
    """Append `content` as the next revision of `article` and return it."""
    with transaction.atomic():
        # The row lock orders two appends; the unique number refuses what slips through.
        Article.objects.select_for_update().filter(pk=article.pk).first()
        last = article.revisions.aggregate(last=Max("number"))["last"] or 0
        return Revision.objects.create(
            article=article,
            number=last + 1,
            content=content.as_json(),
            sha256=content.sha256,
            is_side=is_side,
            is_auto=auto,
            tab=tab,
            turn=turn,
            base_version=article.version if base_version is None else base_version,
            saved_by=user,
            saved_at=at,
        )


def pin(article: Article, version: int, *, user: User, tab: str) -> None:
    """Keep for good the revision that a window of `user` begins from: it is a base now."""
    rows = article.revisions.filter(is_auto=True, is_side=False, base_version=version)
    rows.exclude(tab=tab, saved_by=user).update(is_auto=False)
