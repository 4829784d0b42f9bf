"""Image views: the photos of stories, and the paper's logo."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from paper.querysets import get_paper
from photos import responses
from photos.html import NAME
from press.models import Story, StoryPhoto

#: The content under a published photo's URL never changes, so browsers cache it. Shared caches
#: revalidate each minute, because a withdrawn photo must disappear for everybody.
FOREVER = "public, max-age=31536000, s-maxage=60, immutable"


@require_safe
def photo(request: HttpRequest, token: str, name: str) -> HttpResponse | FileResponse:
    """Return a rendition of a photo in a visible story; 404 once the story is withdrawn."""
    found = StoryPhoto.objects.filter(token=token, story__in=Story.objects.visible()).first()
    if found is None or not NAME.fullmatch(name):
        raise Http404
    path = f"{found.folder}/{name}"
    return responses.answer(request, path, version=f"{token}-{name}", cache=FOREVER)


@require_safe
def logo(request: HttpRequest) -> HttpResponse | FileResponse:
    """Return the paper's logo; a new logo has a new file name, which serves as its version."""
    name = get_paper().logo.name
    if not name:
        raise Http404
    return responses.answer(request, name, version=name, cache="no-cache")
