"""The list of what was corrected."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from press.models import Correction

from ..paging import page_of
from ..shell import render_page


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """All corrections of stories in print, newest first, each with its story and its note."""
    page = page_of(
        Correction.objects.select_related("story", "story__page__edition").defer("story__body"),
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
        key="at",
    )
    now = timezone.now()
    # A story may be out hours before the issue that it stands in.
    entries = [(row, row.story.page_at(now)) for row in page.rows]
    context = {"title": _("Corrections"), "page": page, "entries": entries}
    return render_page(request, "reader/corrections.html", context)
