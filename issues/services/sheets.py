"""The pages as they were set: their pictures, and the areas that lead to the stories."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from articles.errors import Conflict, Invalid
from photos import folders
from photos.page_images import PageFiles, store_page
from press import services as press
from press.models import Edition, EditionPage

from ..models import Issue, Page, PageImage, Placement
from .rules import lock, may_on_issues, require, touch

#: An area is at least so wide and high, in per mille: a finger must meet it.
LEAST = 10
#: So many areas a page has at most.
MOST_AREAS = 100
_WHOLE = 1000


def may_set_sheets(issue: Issue, user: User) -> bool:
    """Return whether `user` may send pictures of pages: who places; once it is signed, who plans.

    The page as it was set is often ready after the signature only.
    """
    return may_on_issues("plan" if issue.state == Issue.State.SIGNED else "place", user)


def _require(issue: Issue, user: User | None) -> None:
    if user is not None:
        require("plan" if issue.state == Issue.State.SIGNED else "place", user)


def on_page(page: Page) -> list[Placement]:
    """Return what stands on a page and what goes on there, in order: what an area may lead to."""
    rows = Placement.objects.filter(Q(page=page) | Q(continued_on=page)).in_order()
    return sorted(rows, key=lambda row: (row.page_id != page.pk, row.page.number, row.position))


def mark_of(image: PageImage | None) -> str:
    """Return what changes whenever picture or areas of a page do."""
    if image is None:
        return ""
    says = json.dumps([image.folder, image.areas], sort_keys=True)
    return hashlib.sha256(says.encode()).hexdigest()[:16]


def set_image(
    page: Page, data: bytes, *, user: User | None, at: dt.datetime, number: int = 1
) -> PageImage:
    """Take a picture or a PDF (its page `number`) as the picture of `page`; areas stay.

    `user` None is the operator at the console. Raises Forbidden, Invalid.
    """
    _require(page.issue, user)
    files = _stored(data, number)
    return _put_all([(page, files)], user, at)[0]


def set_images(issue: Issue, data: bytes, *, user: User, at: dt.datetime) -> int:
    """Take page n of a PDF of the whole issue as the picture of page n; return how many were.

    Raises Forbidden, Invalid: then nothing is changed.
    """
    _require(issue, user)
    pages = list(issue.pages.all())
    first = _stored(data, 1)
    if not first.pages:
        folders.delete(first.folder)
        raise Invalid([_("This is no PDF. Send a picture for one page only.")])
    found = [first]
    try:
        found += [_stored(data, n) for n in range(2, min(first.pages, len(pages)) + 1)]
    except Invalid:
        for files in found:
            folders.delete(files.folder)
        raise
    return len(_put_all(list(zip(pages, found, strict=False)), user, at))


def _stored(data: bytes, number: int) -> PageFiles:
    try:
        return store_page(data, number)
    except ValidationError as error:
        raise Invalid(error.messages) from error


def _put_all(
    sent: Sequence[tuple[Page, PageFiles]], user: User | None, at: dt.datetime
) -> list[PageImage]:
    """Give pages of one issue their pictures; no file stays behind where that is refused."""
    with ExitStack() as undo:
        for _page, files in sent:
            undo.callback(folders.delete, files.folder)
        with transaction.atomic():
            issue = lock(sent[0][0].issue_id)
            # It may have been signed meanwhile.
            _require(issue, user)
            images = [_put(issue, page, files, user, at) for page, files in sent]
            touch(issue)
        undo.pop_all()
    return images


def _put(
    issue: Issue, page: Page, files: PageFiles, user: User | None, at: dt.datetime
) -> PageImage:
    old = PageImage.objects.filter(page=page).first()
    image = PageImage(page=page, areas=old.areas if old else [])
    image.pk = old.pk if old else None
    image.folder, image.sha256 = files.folder, files.sha256
    image.width, image.height, image.widths = files.width, files.height, files.widths
    image.has_pdf = files.has_pdf
    image.uploaded_by, image.uploaded_at = user, at
    image.save()
    _print_one(issue, page)
    if old is not None:
        transaction.on_commit(partial(folders.delete, old.folder))
    return image


def remove_image(page: Page, *, user: User, at: dt.datetime) -> None:
    """Take the picture of a page away with its areas. Raises Forbidden; Conflict without one."""
    with transaction.atomic():
        issue = lock(page.issue_id)
        _require(issue, user)
        image = PageImage.objects.filter(page=page).first()
        if image is None:
            raise Conflict(_("This page has no picture any more."))
        image.delete()
        _print_one(issue, page)
        touch(issue)
        transaction.on_commit(partial(folders.delete, image.folder))


def drop_images(pages: Iterable[Page]) -> None:
    """Delete the files of pages that are deleted, once that is sure."""
    for image in PageImage.objects.filter(page__in=list(pages)):
        transaction.on_commit(partial(folders.delete, image.folder))


def set_areas(
    page: Page, areas: Sequence[Mapping[str, int]], *, user: User, at: dt.datetime, seen: str
) -> PageImage:
    """Say where on a page's picture each article stands: {article, x, y, w, h} in per mille.

    `seen` is the `mark_of` the picture that the person looked at. Raises Forbidden; Conflict where
    it has changed since; Invalid for areas outside of the picture or of other articles.
    """
    with transaction.atomic():
        issue = lock(page.issue_id)
        _require(issue, user)
        image = PageImage.objects.filter(page=page).first()
        if image is None or mark_of(image) != seen:
            raise Conflict(_("Somebody has changed this page meanwhile. Please look again."))
        problems = list(_problems(page, areas))
        if problems:
            raise Invalid(problems)
        image.areas = [{key: area[key] for key in ("article", *"xywh")} for area in areas]
        image.save(update_fields=["areas"])
        _print_one(issue, page)
        touch(issue)
    return image


def _problems(page: Page, areas: Sequence[Mapping[str, int]]) -> list[str]:
    known = {placement.article_id for placement in on_page(page)}
    found = []
    if len(areas) > MOST_AREAS:
        found.append(_("A page has %(n)d areas at most.") % {"n": MOST_AREAS})
    for number, area in enumerate(areas, start=1):
        said = {"n": number}
        if area["article"] not in known:
            found.append(_("Area %(n)d: this article does not stand on this page.") % said)
        sides = ((area["x"], area["w"]), (area["y"], area["h"]))
        if any(start < 0 or size < LEAST or start + size > _WHOLE for start, size in sides):
            found.append(
                _("Area %(n)d must lie inside the picture, and be 10 ‰ wide and high at least.")
                % said
            )
    return found


def continue_on(placement: Placement, page: Page | None, *, user: User, at: dt.datetime) -> None:
    """Say that an article goes on on another page of its issue (下转); None: that it does not.

    Raises Forbidden, Invalid.
    """
    with transaction.atomic():
        issue = lock(placement.page.issue_id)
        _require(issue, user)
        if page is not None and (page.issue_id != issue.pk or page.pk == placement.page_id):
            raise Invalid([_("An article goes on on another page of its issue.")])
        if not Placement.objects.filter(pk=placement.pk).update(continued_on=page):
            raise Conflict(_("Somebody has moved this article meanwhile. Please look again."))
        if issue.edition is not None:
            _print_continued(issue, issue.edition)
        touch(issue)


def print_sheets(issue: Issue, edition: Edition) -> None:
    """Give an edition the pictures, areas and continued stories of its issue; six queries."""
    images = {image.page.number: image for image in _images(issue)}
    stories = _stories_of(issue)
    pages = list(edition.pages.all())
    for page in pages:
        _fill(page, images.get(page.number), stories)
    press.set_sheets(pages)
    _print_continued(issue, edition)


def _images(issue: Issue) -> list[PageImage]:
    return list(PageImage.objects.filter(page__issue=issue).select_related("page"))


def _stories_of(issue: Issue) -> dict[int, int]:
    """Return the ids of the stories in print of an issue's articles, by the ids of those."""
    rows = Placement.objects.filter(page__issue=issue).exclude(article__story=None)
    return dict(rows.values_list("article_id", "article__story_id"))


def _fill(page: EditionPage, image: PageImage | None, stories: Mapping[int, int]) -> None:
    if image is None:
        page.image, page.areas = {}, []
        return
    page.image = {
        "folder": image.folder,
        "token": image.folder.rpartition("/")[2],
        "width": image.width,
        "height": image.height,
        "widths": image.widths,
        "has_pdf": image.has_pdf,
    }
    page.areas = [
        {"story": stories[area["article"]], **{key: area[key] for key in "xywh"}}
        for area in image.areas
        if area["article"] in stories
    ]


def _print_one(issue: Issue, page: Page) -> None:
    """Bring the printed page to what its issue has, where it is printed already."""
    if issue.edition is None:
        return
    printed = issue.edition.pages.filter(number=page.number).first()
    if printed is not None:
        _fill(printed, PageImage.objects.filter(page=page).first(), _stories_of(issue))
        press.set_sheets([printed])


def _print_continued(issue: Issue, edition: Edition) -> None:
    pages: dict[int, Any] = {page.number: page for page in edition.pages.all()}
    rows = Placement.objects.filter(page__issue=issue, article__story__page__edition=edition)
    goes_on = {
        story: pages.get(number)
        for story, number in rows.values_list("article__story_id", "continued_on__number")
    }
    press.set_continued(goes_on)
