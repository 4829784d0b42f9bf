"""Views that serve photo files at the desk to users who may see the article or its record."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from paper.base_admin import DeskRequest
from photos import responses
from photos.html import NAME
from photos.models import Photo

from ..forms import photo_rows
from ..services import permissions, photo_library
from ..workflow.transitions import actor_of
from .rendering import get_visible_article


def photo(request: DeskRequest, token: str, version: int, name: str) -> HttpResponse | FileResponse:
    """Serve a rendition of a photo that the user may see in the library."""
    seen = photo_library.visible(actor_of(request.user), timezone.now())
    return _rendition(request, get_object_or_404(seen, token=token, version=version), name)


def photo_of_record(
    request: DeskRequest, pk: int, token: str, version: int, name: str
) -> HttpResponse | FileResponse:
    """Serve a rendition of a photo in an article's revisions to users who may see its record."""
    at = timezone.now()
    article = get_visible_article(request, pk, at)
    found = get_object_or_404(Photo, token=token, version=version)
    is_allowed = permissions.may(article, "history", request.user, at)
    if not is_allowed or found.pk not in photo_rows.named_in_record(article):
        raise Http404
    return _rendition(request, found, name)


def _rendition(request: DeskRequest, found: Photo, name: str) -> HttpResponse | FileResponse:
    if not NAME.fullmatch(name):
        raise Http404
    # The URL contains the version, so its content never changes.
    cache = "private, max-age=86400, immutable"
    path = f"{found.folder}/{name}"
    return responses.answer(request, path, version=path, cache=cache)
