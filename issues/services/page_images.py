"""Page images: the pictures of printed pages, and the areas that link to the stories."""

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
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.exceptions import Conflict, Invalid
from bylines.services import display_name
from notifications.models import NotificationEvent
from notifications.services import notify
from paper.permissions import Capability, people_who_may
from photos import storage
from photos.page_images import PageFiles, store_original, store_page
from press import services as press
from press.models import Edition, EditionPage

from ..models import Issue, IssueLogEntry, Page, PageImage, Placement
from .audit_log import log_edition
from .permissions import lock, may_on_issues, require, touch

#: Minimum width and height of an area, in per mille: a finger must be able to hit it.
LEAST = 10
#: Maximum number of areas on a page.
MOST_AREAS = 100
_WHOLE = 1000


def may_set_page_images(issue: Issue, user: User, at: dt.datetime) -> bool:
    """Return whether `user` may upload page images: who may place; once signed, who may plan.

    The final page is often ready only after the signature. Once the issue is out, readers see the
    image at once and nobody else checks it first, so only the chief may upload it.
    """
    return may_on_issues(_action(issue, at), user)


def _action(issue: Issue, at: dt.datetime) -> str:
    if issue.state != Issue.State.SIGNED:
        return "place"
    return "sign" if issue.release_at <= at else "plan"


def _require(issue: Issue, user: User | None, at: dt.datetime) -> None:
    if user is not None:
        require(_action(issue, at), user)


def stories_on_page(page: Page) -> list[Placement]:
    """Return the placements on a page, then those continued there; areas may link to both."""
    rows = Placement.objects.filter(Q(page=page) | Q(continued_on=page)).in_order()
    return sorted(rows, key=lambda row: (row.page_id != page.pk, row.page.number, row.position))


def page_image_version(image: PageImage | None) -> str:
    """Return a version that changes whenever the picture or the areas of a page change."""
    if image is None:
        return ""
    state = json.dumps([image.folder, image.areas], sort_keys=True)
    return hashlib.sha256(state.encode()).hexdigest()[:16]


def set_image(
    page: Page, data: bytes, *, user: User | None, at: dt.datetime, number: int = 1
) -> PageImage:
    """Store a picture or a PDF (its page `number`) as the image of `page`; areas stay.

    `user` None is the console operator. Raises Forbidden, Invalid.
    """
    _require(page.issue, user, at)
    files = _stored(data, number)
    return _put_all([(page, files)], data, user, at)[0]


def set_images(issue: Issue, data: bytes, *, user: User, at: dt.datetime) -> int:
    """Store the pages of a PDF of the whole issue as page images; return their number.

    Page n of the PDF becomes the image of page n. Raises Forbidden, Invalid; then nothing changes.
    """
    _require(issue, user, at)
    pages = list(issue.pages.all())
    first = _stored(data, 1)
    if not first.pages:
        storage.delete(first.folder)
        raise Invalid([_("This is not a PDF. A picture can be used for one page only.")])
    found = [first]
    try:
        found += [_stored(data, n) for n in range(2, min(first.pages, len(pages)) + 1)]
    except Invalid:
        for files in found:
            storage.delete(files.folder)
        raise
    return len(_put_all(list(zip(pages, found, strict=False)), data, user, at))


def _stored(data: bytes, number: int) -> PageFiles:
    try:
        return store_page(data, number)
    except ValidationError as error:
        raise Invalid(error.messages) from error


def _put_all(
    sent: Sequence[tuple[Page, PageFiles]], data: bytes, user: User | None, at: dt.datetime
) -> list[PageImage]:
    """Store the images of pages in one issue; delete their files if that fails.

    `data` is the uploaded file; a PDF is stored unchanged, once for all the pages.
    """
    with ExitStack() as undo:
        for _page, files in sent:
            undo.callback(storage.delete, files.folder)
        original = store_original(data) if sent[0][1].has_pdf else ""
        undo.callback(storage.delete_files, [original] if original else [])
        with transaction.atomic():
            issue = lock(sent[0][0].issue_id)
            # Check again: the issue may have been signed since.
            _require(issue, user, at)
            images = [_put(issue, page, files, original, user, at) for page, files in sent]
            _record_change(issue, [page.number for page, _files in sent], user, at)
        undo.pop_all()
    return images


def _put(
    issue: Issue,
    page: Page,
    files: PageFiles,
    original: str,
    user: User | None,
    at: dt.datetime,
) -> PageImage:
    old = PageImage.objects.filter(page=page).first()
    image = PageImage(page=page, areas=old.areas if old else [])
    image.pk = old.pk if old else None
    image.folder, image.sha256 = files.folder, files.sha256
    image.width, image.height, image.widths = files.width, files.height, files.widths
    image.has_pdf, image.pdf_form, image.original = files.has_pdf, files.pdf_form, original
    image.uploaded_by, image.uploaded_at = user, at
    image.save()
    _update_printed_page(issue, page)
    if old is not None:
        transaction.on_commit(partial(_delete_files, old))
    return image


def _delete_files(image: PageImage) -> None:
    """Delete the files of a replaced image, and its source PDF if no other page uses it."""
    storage.delete(image.folder)
    if image.original and not PageImage.objects.filter(original=image.original).exists():
        storage.delete_files([image.original])


def remove_image(page: Page, *, user: User, at: dt.datetime) -> None:
    """Remove the image of a page with its areas. Raises Forbidden; Conflict without one."""
    with transaction.atomic():
        issue = lock(page.issue_id)
        _require(issue, user, at)
        image = PageImage.objects.filter(page=page).first()
        if image is None:
            raise Conflict(_("This page no longer has a page image."))
        image.delete()
        _update_printed_page(issue, page)
        _record_change(issue, [page.number], user, at)
        transaction.on_commit(partial(_delete_files, image))


def drop_images(pages: Iterable[Page]) -> None:
    """Delete the files of deleted pages after the commit."""
    for image in PageImage.objects.filter(page__in=list(pages)):
        transaction.on_commit(partial(_delete_files, image))


def set_areas(
    page: Page, areas: Sequence[Mapping[str, int]], *, user: User, at: dt.datetime, seen: str
) -> PageImage:
    """Set the areas of the articles on a page image: {article, x, y, w, h} in per mille.

    `seen` is the `page_image_version` of the image that the user saw. Raises Forbidden; Conflict
    where it has changed since; Invalid for areas outside the picture or of other articles.
    """
    with transaction.atomic():
        issue = lock(page.issue_id)
        _require(issue, user, at)
        image = PageImage.objects.filter(page=page).first()
        if image is None or page_image_version(image) != seen:
            raise Conflict(_("Somebody has just changed this page. Please check again."))
        problems = list(_problems(page, areas))
        if problems:
            raise Invalid(problems)
        image.areas = [{key: area[key] for key in ("article", *"xywh")} for area in areas]
        image.save(update_fields=["areas"])
        _update_printed_page(issue, page)
        _record_change(issue, [page.number], user, at)
    return image


def _problems(page: Page, areas: Sequence[Mapping[str, int]]) -> list[str]:
    known = {placement.article_id for placement in stories_on_page(page)}
    found = []
    if len(areas) > MOST_AREAS:
        found.append(_("A page can have at most %(n)d areas.") % {"n": MOST_AREAS})
    for number, area in enumerate(areas, start=1):
        said = {"n": number}
        if area["article"] not in known:
            found.append(_("Area %(n)d: this article is not on this page.") % said)
        sides = ((area["x"], area["w"]), (area["y"], area["h"]))
        if any(start < 0 or size < LEAST or start + size > _WHOLE for start, size in sides):
            found.append(
                _("Area %(n)d must be inside the page image, and at least 10 ‰ wide and high.")
                % said
            )
    return found


def continue_on(placement: Placement, page: Page | None, *, user: User, at: dt.datetime) -> None:
    """Set the page of the same issue on which an article continues (下转); None for no page.

    Raises Forbidden, Invalid.
    """
    with transaction.atomic():
        issue = lock(placement.page.issue_id)
        _require(issue, user, at)
        if page is not None and (page.issue_id != issue.pk or page.pk == placement.page_id):
            raise Invalid([_("An article can continue only on another page of its issue.")])
        if not Placement.objects.filter(pk=placement.pk).update(continued_on=page):
            raise Conflict(_("Somebody has just moved this article. Please check again."))
        if issue.edition is not None:
            _update_continuations(issue, issue.edition)
        _record_change(issue, [placement.page.number], user, at)


def _record_change(issue: Issue, pages: Sequence[int], user: User | None, at: dt.datetime) -> None:
    """Record a change of pages by their numbers; if the issue is published, seal and log it."""
    if issue.edition is None:
        touch(issue)
    else:
        entry = log_edition(issue, "page", user=user, at=at, details={"numbers": list(pages)})
        _notify_chiefs(issue, entry, user, at)


def _notify_chiefs(issue: Issue, entry: IssueLogEntry, user: User | None, at: dt.datetime) -> None:
    """Notify the chiefs of a change after the signature; not for an archived issue."""
    if issue.is_archive or user is None:
        return
    chiefs = people_who_may(Capability.SIGN_ISSUES).exclude(pk=user.pk)
    notify(
        chiefs,
        NotificationEvent.PAGES,
        "pages",
        key=f"issue:{issue.pk}:page:{entry.pk}",
        data={
            "by": display_name(user),
            "number": issue.number,
            "pages": "、".join(map(str, entry.details["numbers"])),
        },
        url=reverse("admin:issues_issue_change", args=[issue.pk]),
        at=at,
    )


def publish_page_images(issue: Issue, edition: Edition) -> None:
    """Copy the images, areas and continuations of an issue to its edition; six queries."""
    images = {image.page.number: image for image in _images(issue)}
    stories = _stories_of(issue)
    pages = list(edition.pages.all())
    for page in pages:
        _fill_areas(page, images.get(page.number), stories)
    press.set_page_images(pages)
    _update_continuations(issue, edition)


def _images(issue: Issue) -> list[PageImage]:
    return list(PageImage.objects.filter(page__issue=issue).select_related("page"))


def _stories_of(issue: Issue) -> dict[int, int]:
    """Return the ids of an issue's published stories, by article id."""
    rows = Placement.objects.filter(page__issue=issue).exclude(article__story=None)
    return dict(rows.values_list("article_id", "article__story_id"))


def _fill_areas(page: EditionPage, image: PageImage | None, stories: Mapping[int, int]) -> None:
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
        "pdf_form": image.pdf_form,
    }
    page.areas = [
        {"story": stories[area["article"]], **{key: area[key] for key in "xywh"}}
        for area in image.areas
        if area["article"] in stories
    ]


def _update_printed_page(issue: Issue, page: Page) -> None:
    """Update the published page from its issue, if it is published."""
    if issue.edition is None:
        return
    printed = issue.edition.pages.filter(number=page.number).first()
    if printed is not None:
        _fill_areas(printed, PageImage.objects.filter(page=page).first(), _stories_of(issue))
        press.set_page_images([printed])


def _update_continuations(issue: Issue, edition: Edition) -> None:
    pages: dict[int, Any] = {page.number: page for page in edition.pages.all()}
    rows = Placement.objects.filter(page__issue=issue, article__story__page__edition=edition)
    goes_on = {
        story: pages.get(number)
        for story, number in rows.values_list("article__story_id", "continued_on__number")
    }
    press.set_continued(goes_on)
