"""The list of corrections."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from press.models import Correction

from ..base_context import render_page
from ..keyset_pagination import page_of


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """List the corrections of published stories, newest first, each with its story and note."""
    page = page_of(
        Correction.objects.select_related("story", "story__page__edition").defer("story__body"),
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
        key="at",
    )
    now = timezone.now()
    # A story may be out hours before its issue.
    entries = [(row, row.story.page_at(now)) for row in page.rows]
    context = {"title": _("Corrections"), "page": page, "entries": entries}
    return render_page(request, "reader/corrections.html", context)
