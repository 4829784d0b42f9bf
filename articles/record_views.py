"""The record of an article on screen and paper: the comparison of revisions, the sign-off sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib.admin import site
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paper.admin_base import DeskRequest

from .comparing import compare_revisions, last_signed
from .errors import Forbidden
from .models import Article, Revision
from .screen import find, refuse
from .services import rules
from .sheet import sheet_of


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """Return the addresses under an article; `wrap` asks for the desk's login."""
    return [
        path("<int:pk>/compare/", wrap(compare), name="articles_article_compare"),
        path("<int:pk>/sheet/", wrap(sheet), name="articles_article_sheet"),
        path("<int:pk>/sheet.pdf", wrap(sheet_pdf), name="articles_article_sheet_pdf"),
    ]


def _forbidden(request: DeskRequest, article: Article, at: dt.datetime) -> HttpResponse | None:
    """Return the refusal where the person sees the article, but not its record."""
    if rules.may(article, "history", request.user, at):
        return None
    return refuse(request, Forbidden(_("Your role does not allow this on this article.")))


@require_safe
def compare(request: DeskRequest, pk: int) -> HttpResponse:
    """Show what lies between two revisions: `?old=3&new=7`, or since the person's own signature."""
    at = timezone.now()
    article = find(request, pk, at)
    if refusal := _forbidden(request, article, at):
        return refusal
    revisions = list(article.revisions.select_related("saved_by").defer("content"))
    line = [revision for revision in revisions if not revision.is_side]
    signed = last_signed(article, request.user)
    new = _chosen(request, "new", revisions, line[0])
    earlier = [revision for revision in line if revision.number < new.number]
    before = signed if signed in earlier and new == line[0] else next(iter(earlier), new)
    old = _chosen(request, "old", revisions, before)
    context = {
        **site.each_context(request),
        "title": _("Compare"),
        "article": article,
        "revisions": revisions,
        "old": old,
        "new": new,
        "shortcuts": _shortcuts(article, line, signed),
        "comparison": compare_revisions(article, old, new) if old != new else None,
        "view": "inline" if request.GET.get("view") == "inline" else "",
    }
    return render(request, "articles/compare.html", context)


def _chosen(
    request: DeskRequest, name: str, revisions: list[Revision], default: Revision
) -> Revision:
    """Return the revision whose number the address names. Raises Http404."""
    raw = request.GET.get(name)
    if raw is None:
        return default
    for revision in revisions:
        if str(revision.number) == raw:
            return revision
    raise Http404(_("There is no such revision."))


def _shortcuts(
    article: Article, line: list[Revision], signed: Revision | None
) -> list[tuple[str, Revision, Revision]]:
    """Return what is asked for most: in words, from which revision, to which."""
    last = line[0]
    found = [
        (_("Since you last passed it"), signed),
        (_("Since it was last signed for print"), article.approved_revision),
        (_("Since the revision before"), line[1] if len(line) > 1 else None),
        (_("From first to last"), line[-1] if len(line) > 2 else None),
    ]
    return [(words, old, last) for words, old in found if old is not None and old != last]


@require_safe
def sheet(request: DeskRequest, pk: int) -> HttpResponse:
    """Show the sign-off sheet of an article; the browser prints it on A4."""
    at = timezone.now()
    article = find(request, pk, at)
    if refusal := _forbidden(request, article, at):
        return refusal
    context = {
        **site.each_context(request),
        "title": _("Sign-off sheet"),
        "article": article,
        "sheet": sheet_of(article, at=at),
    }
    return render(request, "articles/sheet.html", context)


@require_safe
def sheet_pdf(request: DeskRequest, pk: int) -> HttpResponse:
    """Send the sign-off sheet as a PDF, to keep."""
    # Read late: the PDF library takes 0.2 s that most processes never need.
    from .sheet_pdf import render as render_pdf

    at = timezone.now()
    article = find(request, pk, at)
    if refusal := _forbidden(request, article, at):
        return refusal
    found = sheet_of(article, at=at)
    answer = HttpResponse(render_pdf(found), content_type="application/pdf")
    answer["Content-Disposition"] = str(content_disposition_header(True, found.file_name))
    return answer
