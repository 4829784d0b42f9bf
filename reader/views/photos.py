"""Photo news as a list, and the photos of one story as a gallery."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from press.models import Story

from ..base_context import render_page, site
from ..keyset_pagination import page_of


@require_safe
def photo_news(request: HttpRequest) -> HttpResponse:
    """List the stories that consist of photos with captions, newest first."""
    stories = Story.objects.for_lists().filter(kind=Story.Kind.PHOTO)
    page = page_of(
        stories, before=request.GET.get("before", ""), after=request.GET.get("after", "")
    )
    return render_page(request, "reader/photos.html", {"title": _("Photo news"), "page": page})


@require_safe
def gallery(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show one photo of a story in full size, with links to the others; numbers begin at 1."""
    story = get_object_or_404(Story.objects.visible().for_lists(), pk=pk)
    photos = story.photo_list
    if not 1 <= number <= len(photos):
        raise Http404(_("There is no such photo."))
    base = f"{story.get_absolute_url()}photos/"
    context: dict[str, Any] = {
        # The canonical URL is the story's, so that search engines do not index each photo.
        "address": site(request) + story.get_absolute_url(),
        "story": story,
        "photo": photos[number - 1],
        "number": number,
        "total": len(photos),
        "previous": f"{base}{number - 1}/" if number > 1 else "",
        "next": f"{base}{number + 1}/" if number < len(photos) else "",
        "thumbs": [(f"{base}{n}/", photo) for n, photo in enumerate(photos, start=1)],
    }
    return render_page(request, "reader/gallery.html", context)
