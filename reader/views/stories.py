"""A story, and what is said of one that was withdrawn."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from press.models import Story

from ..shell import render_page


@require_safe
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """One story; 410 with the reason where it was withdrawn, 404 before its release."""
    at_hand = ("section", "page__edition", "continued_on__edition")
    found = Story.objects.visible().select_related(*at_hand).filter(pk=pk).first()
    if found is None:
        return _gone(request, pk)
    context: dict[str, Any] = {
        "story": found,
        "edition": found.page.edition if found.page else None,
    }
    context |= _neighbours(found)
    return render_page(request, "reader/story.html", context, of_issue=True)


def _neighbours(story: Story) -> dict[str, Story | None]:
    """Return the story before and after this one in its issue, by page and place."""
    if story.page is None:
        return {"previous": None, "next": None}
    rows = list(
        Story.objects.visible()
        .filter(page__edition=story.page.edition_id)
        .order_by("page__number", "position", "id")
        .only("id", "headline", "summary")
    )
    place = next((i for i, row in enumerate(rows) if row.pk == story.pk), 0)
    return {
        "previous": rows[place - 1] if place else None,
        "next": rows[place + 1] if place + 1 < len(rows) else None,
    }


def _gone(request: HttpRequest, pk: int) -> HttpResponse:
    withdrawn = Story.objects.withdrawn().filter(pk=pk).first()
    if withdrawn is None:
        raise Http404(_("There is no such story."))
    return render_page(request, "reader/gone.html", {"story": withdrawn}, status=410)
