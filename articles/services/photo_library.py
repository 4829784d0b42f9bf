"""The photo library: which photos a user may see, found by day, writer, town and use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from bylines.models import Contributor
from paper.admin_log import note_change
from paper.humanize import day_start
from paper.permissions import Capability, may
from photos.models import Photo, PhotoCredit
from photos.querysets import PhotoQuerySet
from photos.services import credit_line, set_facts, set_focus
from press.models import StoryPhoto
from textkit.numbers import MAX_ID, parse_number

from ..content import Content, PhotoRow, content_of
from ..exceptions import Conflict, Forbidden
from ..models import Article, ArticlePhoto
from ..workflow.transitions import Actor, actor_of
from . import permissions, save_article

PER_PAGE = 40


@dataclass(frozen=True, slots=True)
class LibraryResult:
    """One page of the library; `older` is the cursor of the next one, or ""."""

    photos: list[Photo]
    older: str


def visible(actor: Actor, at: dt.datetime) -> PhotoQuerySet:
    """Return the photos that the user may see: their own, and those of visible articles."""
    photos = Photo.objects.all()
    if actor.may(Capability.SEE_EVERYTHING):
        return photos
    shown = ArticlePhoto.objects.filter(article__in=Article.objects.visible_to(actor, at))
    return photos.filter(Q(uploaded_by=actor.user) | Q(pk__in=shown.values("photo")))


def search(
    actor: Actor, at: dt.datetime, wanted: Mapping[str, Any], before: str = ""
) -> LibraryResult:
    """Return the photos that match `wanted` (cleaned data of `LibraryForm`), newest first.

    `before` is the cursor from `older`. Each photo is annotated with `is_printed` and `is_used`.
    """
    rows = _filtered(visible(actor, at), actor, wanted)
    place = _cursor(before)
    if place:
        rows = rows.filter(uploaded_at__lte=place[0]).exclude(
            uploaded_at=place[0], pk__gte=place[1]
        )
    found = list(rows.for_lists().order_by("-uploaded_at", "-id")[: PER_PAGE + 1])
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    older = f"{last.uploaded_at.timestamp():.6f}-{last.pk}" if last else ""
    return LibraryResult(found[:PER_PAGE], older)


def _filtered(rows: PhotoQuerySet, actor: Actor, wanted: Mapping[str, Any]) -> PhotoQuerySet:
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
    if wanted.get("use") == "retired":
        return rows.filter(is_active=False)
    return rows.filter(conditions.get(wanted.get("use", ""), Q()), is_active=True)


def _cursor(before: str) -> tuple[dt.datetime, int] | None:
    seconds, _dash, pk = before.partition("-")
    number = parse_number(pk, None, most=MAX_ID)
    if number is None:
        return None
    try:
        return dt.datetime.fromtimestamp(float(seconds), dt.UTC), number
    except (ValueError, OverflowError, OSError):
        return None


def may_change(photo: Photo, actor: Actor, at: dt.datetime) -> bool:
    """Return whether the user may change the caption and the focal point of the photo.

    Heads may. So may its uploader while no article uses it, and users who may edit every article
    that uses it, while none is published: the photo belongs to other users too.
    """
    if actor.may(Capability.MANAGE_PHOTOS):
        return True
    articles = list(Article.objects.filter(photos=photo).whole()[:50])
    if not articles:
        return photo.uploaded_by_id == actor.user.pk
    is_printed = photo.prints.exists()
    return not is_printed and all(permissions.can_edit(one, actor.user, at) for one in articles)


def require_in_use(photo: Photo) -> None:
    """Raise Conflict for a retired photo: no further article may use it."""
    if not photo.is_active:
        raise Conflict(_("This photo is out of use and cannot be added to further articles."))


def set_in_use(photo: Photo, is_active: bool, *, user: User, at: dt.datetime) -> None:
    """Retire a photo or bring it back; articles that use it keep it. Raises Forbidden."""
    if not may(user, Capability.MANAGE_PHOTOS):
        raise Forbidden(_("Only desk heads and the chief editor can take photos out of use."))
    if Photo.objects.filter(pk=photo.pk).exclude(is_active=is_active).update(is_active=is_active):
        label = _("in use again") if is_active else _("out of use")
        note_change(photo, label, by=user, at=at)


def require_change(photo: Photo, actor: Actor, at: dt.datetime) -> None:
    """Raise Forbidden where the user may not change the photo."""
    if not may_change(photo, actor, at):
        raise Forbidden(_("You can change only photos of articles that you can edit."))


def change_photo(photo: Photo, facts: Mapping[str, Any], *, user: User, at: dt.datetime) -> None:
    """Save caption, rights, source and focal point of a photo. Raises Forbidden, ValidationError.

    A published story keeps its printed caption, an article the caption that it was given.
    """
    require_change(photo, actor_of(user), at)
    set_facts(photo, facts["caption"], facts["source"], facts["rights"])
    if (facts["focus_x"], facts["focus_y"]) != (photo.focus_x, photo.focus_y):
        set_focus(photo, facts["focus_x"], facts["focus_y"])


def add_to_article(photo: Photo, article: Article, *, user: User, at: dt.datetime) -> None:
    """Append a photo of the library to an article's photos, with its credit.

    Does nothing for a photo that the article has already. Raises the exceptions of `save_article`,
    and Conflict for a retired photo.
    """
    require_in_use(photo)
    content = content_of(article)
    if photo.pk in {row.photo for row in content.photos}:
        return
    save_article(
        article, with_photo(content, photo), user=user, at=at, base_version=article.version
    )


def with_photo(content: Content, photo: Photo) -> Content:
    """Return `content` with one more photo, under its original caption."""
    row = PhotoRow(photo.pk, photo.caption, credit_line(photo))
    return replace(content, photos=(*content.photos, row))
