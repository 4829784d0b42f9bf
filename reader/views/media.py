"""Pictures: the photos of stories, and the paper's logo."""

from __future__ import annotations

import mimetypes

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from paper.querysets import the_paper
from press.models import Story, StoryPhoto


@require_safe
def photo(request: HttpRequest, token: str) -> HttpResponse | FileResponse:
    """The rendition of a photo in a visible story; with the story's withdrawal it is gone."""
    found = StoryPhoto.objects.filter(token=token, story__in=Story.objects.visible()).first()
    if found is None:
        raise Http404
    return _picture(request, found.path, found.token)


@require_safe
def logo(request: HttpRequest) -> HttpResponse | FileResponse:
    """The paper's logo; a new one has a new file name, so the name tells it apart."""
    name = the_paper().logo.name
    if not name:
        raise Http404
    return _picture(request, name, name)


def _picture(request: HttpRequest, path: str, version: str) -> HttpResponse | FileResponse:
    """Return the file, or 304 to who has this version. A cache asks again each time."""
    etag = f'"{version}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    try:
        stream = default_storage.open(path, "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    return FileResponse(stream, content_type=mimetypes.guess_type(path)[0], headers=headers)
