"""View of the print hand-off. The rules are in `services.handoff`."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.contrib.admin import site
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.exceptions import Forbidden, Invalid, Refusal
from articles.views.rendering import refuse
from paper.base_admin import DeskRequest

from .. import services
from ..models import Issue
from ..services import handoff

#: Size up to which a zip stays in memory; a larger one is written to disk.
_IN_MEMORY = 8 * 1024 * 1024


@require_http_methods(["GET", "HEAD", "POST"])
def screen(request: DeskRequest, pk: int) -> HttpResponse | FileResponse:
    """Show the last hand-off of each page; on POST create the zip of a `page`, or of all."""
    if not services.sees_issues(request.user):
        raise Http404
    issue = get_object_or_404(Issue, pk=pk)
    if not services.may_on_issues("handoff", request.user):
        return refuse(request, Forbidden(_("Your role does not allow this for issues.")))
    at = timezone.now()
    if request.method == "POST":
        return _zip(request, issue)
    context = {
        **site.each_context(request),
        "title": _("Print hand-off"),
        "issue": issue,
        "rows": handoff.states_of(list(issue.pages.all()), request.user, at),
    }
    return render(request, "issues/handoff.html", context)


def _zip(request: DeskRequest, issue: Issue) -> HttpResponse | FileResponse:
    pages = list(issue.pages.select_related("issue"))
    wanted = request.POST.get("page", "")
    if wanted:
        pages = [page for page in pages if str(page.number) == wanted]
    if not pages:
        raise Http404
    # Django closes it after the response has been sent.
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
    try:
        handoff.hand_over(pages, out, user=request.user, at=timezone.now())
    except Invalid as invalid:
        for problem in invalid.problems:
            messages.error(request, problem)
        return redirect("admin:issues_handoff", issue.pk)
    except Refusal as refusal:
        return refuse(request, refusal)
    out.seek(0)
    part = f"-{pages[0].number:02d}" if wanted else ""
    return FileResponse(out, as_attachment=True, filename=f"{issue.slug}{part}.zip")
