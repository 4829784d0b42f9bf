"""Pictures: the photos of stories, and the paper's logo."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from paper.querysets import the_paper
from photos import serving
from photos.picture import NAME
from press.models import Story, StoryPhoto

#: Nothing ever changes under the address of a printed photo, so a browser keeps it; what several
#: people share asks again each minute, for a withdrawn photo is gone for all.
FOREVER = "public, max-age=31536000, s-maxage=60, immutable"


@require_safe
def photo(request: HttpRequest, token: str, name: str) -> HttpResponse | FileResponse:
    """A rendition of a photo in a visible story; with the story's withdrawal it is gone."""
    found = StoryPhoto.objects.filter(token=token, story__in=Story.objects.visible()).first()
    if found is None or not NAME.fullmatch(name):
        raise Http404
    path = f"{found.folder}/{name}"
    return serving.answer(request, path, version=f"{token}-{name}", cache=FOREVER)


@require_safe
def logo(request: HttpRequest) -> HttpResponse | FileResponse:
    """The paper's logo; a new one has a new file name, so the name tells it apart."""
    name = the_paper().logo.name
    if not name:
        raise Http404
    return serving.answer(request, name, version=name, cache="no-cache")
