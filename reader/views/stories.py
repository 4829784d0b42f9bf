"""A story, and the notice of a withdrawn one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from press.models import Story

from ..base_context import public, render_page, story_frame
from ..story_page import render_story


@require_safe
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one story; 410 with the reason if it was withdrawn, 404 before its release."""
    page = render_story(pk, story_frame(request))
    return _gone(request, pk) if page is None else public(HttpResponse(page))


def _gone(request: HttpRequest, pk: int) -> HttpResponse:
    withdrawn = Story.objects.withdrawn().filter(pk=pk).first()
    if withdrawn is None:
        raise Http404(_("There is no such story."))
    return render_page(request, "reader/gone.html", {"story": withdrawn}, status=410)
