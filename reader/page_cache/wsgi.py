"""WSGI wrapper that serves cached responses without entering Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import Error

from press.content_version import tracker

from ..url_helpers import is_public
from .store import answer, key_of, store

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def cached_application(application: Application) -> Application:
    """Return the WSGI `application` wrapped by the page cache."""

    def serve(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in {"GET", "HEAD"} and is_public(environ["PATH_INFO"]):
            try:
                content_version = tracker.content_version()
            except Error:
                return application(environ, start_response)
            cached = store.get(content_version, key_of(environ))
            if cached:
                status, headers, body = answer(cached, environ, content_version)
                start_response(status, headers)
                return [body]
        return application(environ, start_response)

    return serve
