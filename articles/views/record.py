"""Views of an article's record: revisions, their comparison, and the sign-off sheet."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.admin import site
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from paper.base_admin import DeskRequest
from textkit.numbers import parse_number

from .. import services
from ..content import from_json
from ..exceptions import Forbidden, Refusal
from ..models import Article, Revision
from ..selectors.revision_diff import compare_revisions, last_signed
from ..selectors.sign_off_sheet import sign_off_sheet
from ..services import permissions
from .rendering import ARTICLE_SCREEN, get_visible_article, refuse


def _forbidden(request: DeskRequest, article: Article, at: dt.datetime) -> HttpResponse | None:
    """Return a refusal where the user may see the article, but not its record."""
    if permissions.may(article, "history", request.user, at):
        return None
    return refuse(request, Forbidden(_("Your role does not allow this on this article.")))


@require_safe
def compare(request: DeskRequest, pk: int) -> HttpResponse:
    """Show the differences of two revisions: `?old=3&new=7`, or since the user's own signature."""
    at = timezone.now()
    article = get_visible_article(request, pk, at)
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
    return render(request, "articles/revision_diff.html", context)


def _chosen(
    request: DeskRequest, name: str, revisions: list[Revision], default: Revision
) -> Revision:
    """Return the revision whose number the query string names. Raises Http404."""
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
    """Return the most common comparisons: label, old and new revision."""
    last = line[0]
    found = [
        (_("Since your last approval"), signed),
        (_("Since the last final approval"), article.approved_revision),
        (_("Since the previous revision"), line[1] if len(line) > 1 else None),
        (_("From first to latest revision"), line[-1] if len(line) > 2 else None),
    ]
    return [(label, old, last) for label, old in found if old is not None and old != last]


@require_safe
def sheet(request: DeskRequest, pk: int) -> HttpResponse:
    """Show the sign-off sheet of an article; the browser prints it on A4."""
    at = timezone.now()
    article = get_visible_article(request, pk, at)
    if refusal := _forbidden(request, article, at):
        return refusal
    context = {
        **site.each_context(request),
        "title": _("Sign-off sheet"),
        "article": article,
        "sheet": sign_off_sheet(article, at=at),
    }
    return render(request, "articles/sign_off_sheet.html", context)


@require_safe
def sheet_pdf(request: DeskRequest, pk: int) -> HttpResponse:
    """Serve the sign-off sheet as a PDF download."""
    # Imported here: the PDF library takes 0.2 s that most processes do not need.
    from ..sign_off_pdf import render as render_pdf

    at = timezone.now()
    article = get_visible_article(request, pk, at)
    if refusal := _forbidden(request, article, at):
        return refusal
    found = sign_off_sheet(article, at=at)
    answer = HttpResponse(render_pdf(found), content_type="application/pdf")
    answer["Content-Disposition"] = str(content_disposition_header(True, found.file_name))
    return answer


@require_safe
def revision(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """Show one revision as it was saved."""
    at = timezone.now()
    article = get_visible_article(request, pk, at)
    forbidden = _forbidden(request, article, at)
    if forbidden:
        return forbidden
    found = get_object_or_404(article.revisions.select_related("saved_by"), number=number)
    head = services.head_revision(article)
    context = {
        **site.each_context(request),
        "title": _("Revision %(n)d") % {"n": number},
        "article": article,
        "revision": found,
        "content": from_json(found.content),
        "may_restore": head is not None
        and permissions.can_edit(article, request.user, at)
        and found.sha256 != head.sha256,
    }
    return render(request, "articles/revision.html", context)


@require_POST
def restore_revision(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """Save an earlier revision as the newest one."""
    at = timezone.now()
    article = get_visible_article(request, pk, at)
    found = get_object_or_404(article.revisions, number=number)
    version = parse_number(request.POST.get("version", ""), 0)
    try:
        saved = services.restore_revision(article, found, user=request.user, at=at, version=version)
    except Refusal as refusal:
        return refuse(request, refusal)
    messages.success(
        request,
        _("Revision %(old)d is the text again, as revision %(new)d.")
        % {"old": number, "new": saved.number},
    )
    return redirect(ARTICLE_SCREEN, pk)
