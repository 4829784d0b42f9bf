"""The photo library: which photos a person may see, found by day, person, town and use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from bylines.models import Contributor
from paper.times import day_start
from photos.models import Photo, PhotoCredit
from photos.querysets import PhotoQuerySet
from photos.services import credit_line, set_facts, set_focus
from press.models import StoryPhoto

from .content import Content, PhotoRow, content_of
from .errors import Forbidden
from .models import Article, ArticlePhoto
from .services import rules, save_article
from .workflow import Actor, Role, actor_of

PER_PAGE = 40


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of the library; `older` is the place of the next one, or empty."""

    photos: list[Photo]
    older: str


def visible(actor: Actor, at: dt.datetime) -> PhotoQuerySet:
    """Return the photos that the person may see: his own, and those of articles he may open."""
    photos = Photo.objects.all()
    if actor.has(Role.ADMINISTRATOR):
        return photos
    shown = ArticlePhoto.objects.filter(article__in=Article.objects.visible_to(actor, at))
    return photos.filter(Q(uploaded_by=actor.user) | Q(pk__in=shown.values("photo")))


def search(actor: Actor, at: dt.datetime, wanted: Mapping[str, Any], before: str = "") -> Shelf:
    """Return the photos that fit `wanted` (clean data of `LibraryForm`), newest first.

    `before` is the place that a page gave as `older`. Each says whether it is printed and used.
    """
    rows = _fitting(visible(actor, at), actor, wanted)
    place = _place(before)
    if place:
        rows = rows.filter(uploaded_at__lte=place[0]).exclude(
            uploaded_at=place[0], pk__gte=place[1]
        )
    found = list(rows.for_lists().order_by("-uploaded_at", "-id")[: PER_PAGE + 1])
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    older = f"{last.uploaded_at.timestamp():.6f}-{last.pk}" if last else ""
    return Shelf(found[:PER_PAGE], older)


def _fitting(rows: PhotoQuerySet, actor: Actor, wanted: Mapping[str, Any]) -> PhotoQuerySet:
    rows = rows.annotate(
        is_printed=Exists(StoryPhoto.objects.filter(photo=OuterRef("pk"))),
        is_used=Exists(ArticlePhoto.objects.filter(photo=OuterRef("pk"))),
    )
    if wanted.get("q"):
        rows = rows.filter(caption__icontains=wanted["q"])
    if wanted.get("writer"):
        people = Contributor.objects.filter(name__icontains=wanted["writer"])
        signed = PhotoCredit.objects.filter(contributor__in=people)
        rows = rows.filter(pk__in=signed.values("photo"))
    if wanted.get("town"):
        placed = ArticlePhoto.objects.filter(article__towns=wanted["town"])
        rows = rows.filter(pk__in=placed.values("photo"))
    if wanted.get("since"):
        rows = rows.filter(uploaded_at__gte=day_start(wanted["since"]))
    if wanted.get("until"):
        rows = rows.filter(uploaded_at__lt=day_start(wanted["until"] + dt.timedelta(days=1)))
    conditions = {
        "printed": Q(is_printed=True),
        "waiting": Q(is_used=True, is_printed=False),
        "unused": Q(is_used=False, is_printed=False),
        "own": Q(uploaded_by=actor.user),
    }
    return rows.filter(conditions.get(wanted.get("use", ""), Q()))


def _place(before: str) -> tuple[dt.datetime, int] | None:
    seconds, _dash, pk = before.partition("-")
    try:
        return dt.datetime.fromtimestamp(float(seconds), dt.UTC), min(int(pk), 2**63 - 1)
    except (ValueError, OverflowError, OSError):
        return None


def may_change(photo: Photo, actor: Actor, at: dt.datetime) -> bool:
    """Return whether the person may say what the photo shows, and where its middle is.

    The heads; its sender, as long as it stands in no article; and who may edit every article that
    it stands in, as long as none is printed: it is others' photo too.
    """
    if actor.has(Role.HEAD, Role.CHIEF):
        return True
    articles = list(Article.objects.filter(photos=photo).whole()[:50])
    if not articles:
        return photo.uploaded_by_id == actor.user.pk
    is_printed = photo.prints.exists()
    return not is_printed and all(rules.can_edit(one, actor.user, at) for one in articles)


def require_change(photo: Photo, actor: Actor, at: dt.datetime) -> None:
    """Raise Forbidden where the person may not change the photo."""
    if not may_change(photo, actor, at):
        raise Forbidden(_("You can change a photo of an article that you can edit."))


def change_photo(photo: Photo, facts: Mapping[str, Any], *, user: User, at: dt.datetime) -> None:
    """Save caption, rights, source and focal point of a photo. Raises Forbidden, ValidationError.

    A story keeps what it was printed with, an article the caption that it was given.
    """
    require_change(photo, actor_of(user), at)
    set_facts(photo, facts["caption"], facts["source"], facts["rights"])
    if (facts["focus_x"], facts["focus_y"]) != (photo.focus_x, photo.focus_y):
        set_focus(photo, facts["focus_x"], facts["focus_y"])


def add_to_article(photo: Photo, article: Article, *, user: User, at: dt.datetime) -> None:
    """Put a photo of the library at the end of an article's photos; its credit goes with it.

    Raises what `save_article` raises; a photo that stands there already changes nothing.
    """
    content = content_of(article)
    if photo.pk in {row.photo for row in content.photos}:
        return
    save_article(
        article, with_photo(content, photo), user=user, at=at, base_version=article.version
    )


def with_photo(content: Content, photo: Photo) -> Content:
    """Return `content` with one more photo, under the caption that it came with."""
    row = PhotoRow(photo.pk, photo.caption, credit_line(photo))
    return replace(content, photos=(*content.photos, row))
