"""HTTP responses with photo files, after a view has checked access."""

from __future__ import annotations

import mimetypes

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified


def answer(
    request: HttpRequest, path: str, *, version: str, cache: str
) -> HttpResponse | FileResponse:
    """Return the file at `path` in the storage, or 304 if the client has this `version`.

    `cache` is the Cache-Control header. Behind nginx (NEWSROOM_ACCEL) nginx sends the file itself.
    Raises Http404.
    """
    etag = f'"{version}"'
    headers = {"ETag": etag, "Cache-Control": cache, "X-Content-Type-Options": "nosniff"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers=headers)
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if settings.PHOTO_ACCEL:
        accel = {"X-Accel-Redirect": f"{settings.PHOTO_ACCEL}/{path}"}
        return HttpResponse(content_type=kind, headers=headers | accel)
    try:
        stream = default_storage.open(path, "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(stream, content_type=kind, headers=headers)
