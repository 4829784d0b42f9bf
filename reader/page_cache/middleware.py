"""Page cache middleware: each public response is built once per content version, on request.

A response depends on URL and language (which is part of the URL) only. Cookies and unknown
parameters are removed from the request before the view runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from django.db import Error
from django.http import HttpRequest, HttpResponse, QueryDict

from press.content_version import ContentVersion, tracker

from ..url_helpers import canonical_query, is_public
from . import redis as redis_cache
from .store import CachedResponse, answer, freeze_response, key_of, store

_CACHED_STATUSES = {200, 301, 410}


class PageCacheMiddleware:
    """Serves public responses from the cache and stores new ones; the outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the cached response of the request, or build and store it."""
        if not is_public(request.path_info):
            return self.get_response(request)
        _remove_client_data(request)
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        try:
            content_version = tracker.content_version()
        except Error:
            # Without the database, the validity of a cached response is unknown.
            return self.get_response(request)
        request.content_version = content_version  # type: ignore[attr-defined]
        key = key_of(request.META)
        cached = store.get(content_version, key)
        if cached is None:
            with key_lock(content_version, key) as content_version:
                request.content_version = content_version  # type: ignore[attr-defined]
                cached = store.get(content_version, key) or store.fetch(content_version, key)
                if cached is None:
                    response = self.get_response(request)
                    if not _is_cacheable(response):
                        return response
                    cached = freeze_response(response)
                    store.put(content_version, key, cached)
        return _response(cached, request, content_version)


def _remove_client_data(request: HttpRequest) -> None:
    """Remove everything from the request that differs between clients."""
    request.META.pop("HTTP_COOKIE", None)
    request.COOKIES = {}
    query = request.META.get("QUERY_STRING", "")
    if query:
        request.META["QUERY_STRING"] = canonical_query(query)
        request.GET = QueryDict(request.META["QUERY_STRING"])


def _is_cacheable(response: HttpResponse) -> bool:
    is_public_page = getattr(response, "is_public", False) and not response.streaming
    return is_public_page and response.status_code in _CACHED_STATUSES and not response.cookies


def _response(
    cached: CachedResponse, request: HttpRequest, content_version: ContentVersion
) -> HttpResponse:
    status, headers, body = answer(cached, request.META, content_version)
    response = HttpResponse(body, status=int(status[:3]))
    response.is_public = True  # type: ignore[attr-defined]
    del response.headers["Content-Type"]
    for name, value in headers:
        response.headers[name] = value
    return response


_locks: dict[str, tuple[Lock, int]] = {}
_guard = Lock()


@contextmanager
def key_lock(content_version: ContentVersion, key: str) -> Iterator[ContentVersion]:
    """Let one thread, and one process if they share a cache, build the response of `key`.

    Yields the content version to build for: a newer one if it began while this thread waited.
    """
    with _guard:
        lock, waiting = _locks.get(key, (Lock(), 0))
        _locks[key] = lock, waiting + 1
    try:
        with lock:
            content_version = tracker.newest() or content_version
            if store.get(content_version, key):
                yield content_version
            else:
                with redis_cache.key_lock(content_version, key):
                    yield content_version
    finally:
        with _guard:
            lock, waiting = _locks.pop(key)
            if waiting > 1:
                _locks[key] = lock, waiting - 1
