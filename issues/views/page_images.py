"""Views of page images: pictures and areas at the desk. The rules are in `services`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import site
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from articles.exceptions import Conflict, Forbidden, Invalid, Refusal
from articles.views.rendering import refuse
from paper.base_admin import DeskRequest
from photos import responses
from photos.validation import MAX_BYTES
from press import pdf

from .. import services
from ..models import Issue, Page, PageImage
from ..selectors.board import seen_articles

#: Widths of the picture at the desk, in order of preference.
_SHOWN = (1600, 800)
_KEYS = ("article", "x", "y", "w", "h")


@require_http_methods(["GET", "HEAD", "POST"])
def page_image_screen(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """Show a page image with its areas; upload or remove the picture, or save the areas."""
    page = _page(request, pk, number)
    if request.method != "POST":
        return _screen(request, page, _rows_of(page))
    if not services.may_set_page_images(page.issue, request.user, timezone.now()):
        return refuse(request, Forbidden(_("Your role does not allow this for issues.")))
    do = {"upload": _upload, "remove": _remove}.get(request.POST.get("then", ""), _save_areas)
    try:
        said = do(request, page)
    except Invalid as invalid:
        return _screen(request, page, _typed(request), invalid.problems, status=400)
    except Refusal as refusal:
        # The drawn areas stay on the screen; only the version that they were drawn on is stale.
        return _screen(request, page, _typed(request), [str(refusal)], status=refusal.status)
    messages.success(request, said)
    return redirect("admin:issues_page_image", pk, number)


def _page(request: HttpRequest, pk: int, number: int) -> Page:
    if not services.sees_issues(request.user):
        raise Http404
    issue = get_object_or_404(Issue, pk=pk)
    pages = Page.objects.select_related("issue__edition", "image")
    return get_object_or_404(pages, issue=issue, number=number)


def _image(page: Page) -> PageImage | None:
    return getattr(page, "image", None)


def _upload(request: DeskRequest, page: Page) -> str:
    file = request.FILES.get("file")
    if file is None or isinstance(file, list):
        raise Invalid([_("Choose a picture or a PDF first.")])
    if (file.size or 0) > MAX_BYTES:
        raise Invalid([_("The file is larger than 30 MB. Please choose a smaller one.")])
    data, at = file.read(), timezone.now()
    if request.POST.get("whole"):
        count = services.set_images(page.issue, data, user=request.user, at=at)
        message = ngettext(
            "%(n)d page now has a page image.", "%(n)d pages now have page images.", count
        )
        return message % {"n": count}
    services.set_image(page, data, user=request.user, at=at)
    return _("The page image is uploaded. Now draw the position of each article.")


def _remove(request: DeskRequest, page: Page) -> str:
    services.remove_image(page, user=request.user, at=timezone.now())
    return _("The page image has been removed.")


def _save_areas(request: DeskRequest, page: Page) -> str:
    rows = [row for row in _typed(request) if any(row[key] for key in "xywh")]
    try:
        areas = [{key: int(row[key]) for key in _KEYS} for row in rows]
    except ValueError as error:
        raise Invalid([_("Give each area four whole numbers, or leave them all empty.")]) from error
    services.set_areas(
        page, areas, user=request.user, at=timezone.now(), seen=request.POST.get("seen", "")
    )
    return _("The areas are saved.")


def _typed(request: DeskRequest) -> list[dict[str, Any]]:
    """Return the areas in the form data, one per row, as text."""
    columns = [[text[:18] for text in request.POST.getlist(f"area-{key}")[:200]] for key in _KEYS]
    return [dict(zip(_KEYS, row, strict=True)) for row in zip(*columns, strict=False)]


def _rows_of(page: Page) -> list[dict[str, Any]]:
    image = _image(page)
    return [dict(area) for area in image.areas] if image else []


def _screen(
    request: DeskRequest,
    page: Page,
    rows: list[dict[str, Any]],
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    image = _image(page)
    placements = services.stories_on_page(page)
    drawn = {str(row["article"]) for row in rows}
    missing = [
        {"article": one.article_id} for one in placements if str(one.article_id) not in drawn
    ]
    seen = seen_articles(placements, request.user, timezone.now())
    titles = {
        str(one.article_id): one.title_for(is_seen=one.article_id in seen) for one in placements
    }
    context = {
        **site.each_context(request),
        "title": _("Page image of page %(number)d") % {"number": page.number},
        "issue": page.issue,
        "page": page,
        "pages": page.issue.pages.all(),
        "image": image,
        "shown": _shown(image) if image else 0,
        "seen": services.page_image_version(image),
        "placements": placements,
        "rows": [_named(row, titles) for row in [*rows, *missing]],
        "problems": problems or [],
        "may": services.may_set_page_images(page.issue, request.user, timezone.now()),
    }
    return render(request, "issues/page_images.html", context, status=status)


def _named(row: dict[str, Any], titles: dict[str, str]) -> dict[str, Any]:
    return {**row, "title": titles.get(str(row["article"]), _("no longer on this page"))}


def _shown(image: PageImage) -> int:
    widths: list[int] = image.widths
    return next((width for width in _SHOWN if width in widths), max(widths))


@require_safe
def picture(request: DeskRequest, pk: int, number: int, width: int) -> HttpResponse | FileResponse:
    """Serve the picture of a page in one width, at the desk only."""
    image = _image(_page(request, pk, number))
    if image is None or width not in image.widths:
        raise Http404
    path = f"{image.folder}/w{width}.webp"
    return responses.answer(request, path, version=f"{image.folder}-{width}", cache="private")


@require_safe
def original(request: DeskRequest, pk: int, number: int) -> HttpResponse | FileResponse:
    """Serve the uploaded PDF of a page as a download to users who may replace it.

    It may contain scripts, so the browser does not open it.
    """
    page = _page(request, pk, number)
    if not services.may_set_page_images(page.issue, request.user, timezone.now()):
        return refuse(request, Forbidden(_("Your role does not allow this for issues.")))
    image = _image(page)
    if image is None or not image.original:
        raise Http404
    name = f"{page.issue.slug}-{number:02d}-sent.pdf"
    answer = responses.answer(request, image.original, version=image.original, cache="private")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
def archive_pdf(request: DeskRequest, pk: int) -> HttpResponse | FileResponse:
    """Serve a signed issue as PDF for the archive; before its release as it will come out."""
    if not services.sees_issues(request.user):
        raise Http404
    issue = get_object_or_404(Issue.objects.select_related("edition"), pk=pk)
    if not services.may_on_issues("plan", request.user):
        return refuse(request, Forbidden(_("Your role does not allow this for issues.")))
    if issue.edition is None:
        return refuse(
            request, Conflict(_("Sign the issue first: the PDF shows what is published."))
        )
    try:
        name = pdf.issue_pdf(issue.edition, at=max(timezone.now(), issue.edition.release_at))
    except pdf.Busy:
        message = _("Another PDF is being created. Please try again in a few seconds.")
        return refuse(request, Conflict(message))
    except pdf.PdfFailed:
        message = _("This server cannot create PDFs. Ask the operator to install: %(names)s")
        return refuse(request, Conflict(message % {"names": pdf.PACKAGES}))
    answer = responses.answer(request, name, version=name, cache="private, no-cache")
    answer.headers["Content-Disposition"] = f'attachment; filename="{issue.slug}.pdf"'
    return answer
