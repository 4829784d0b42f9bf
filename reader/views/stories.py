"""A story, and what is said of one that was withdrawn."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from press.models import Story
from press.near import near
from press.prepared import AT, PK, Written, once

from ..shell import render_page, render_story


@once
def _whole() -> Written[Story]:
    """Return the question for one story with what its page shows."""
    at_hand = ("section", "page__edition", "continued_on__edition")
    return Written(Story.objects.visible(AT).filter(pk=PK).order_by().select_related(*at_hand))


@require_safe
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """One story; 410 with the reason where it was withdrawn, 404 before its release."""
    now = timezone.now()
    found = next(iter(_whole().ask(at=now, pk=pk)), None)
    if found is None:
        return _gone(request, pk)
    context: dict[str, Any] = {
        "story": found,
        "edition": found.page.edition if found.page else None,
        **near(found, at=now)._asdict(),
    }
    return render_story(request, context)


def _gone(request: HttpRequest, pk: int) -> HttpResponse:
    withdrawn = Story.objects.withdrawn().filter(pk=pk).first()
    if withdrawn is None:
        raise Http404(_("There is no such story."))
    return render_page(request, "reader/gone.html", {"story": withdrawn}, status=410)
