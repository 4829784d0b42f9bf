"""The page cache: each public page is made once in an epoch of the press, by one who asks for it.

Nothing of an asker but address and language (which is in the address) has a say in a page: cookies
and unknown parameters are taken away before it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from django.db import Error
from django.http import HttpRequest, HttpResponse, QueryDict

from press.clock import Epoch, clock

from . import shared
from .addresses import canonical_query, is_public
from .keeping import Kept, answer, keep, key_of, site_of, store

_KEPT = {200, 301, 410}
#: One for each language and name of the paper.
_MOST_MODELS = 20


class PageCacheMiddleware:
    """Answer public pages from the cache, and keep what was made; the outermost of all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        if not is_public(request.path_info):
            return self.get_response(request)
        _make_anonymous(request)
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        try:
            epoch = clock.epoch()
        except Error:
            # Without the database nobody knows whether a page still holds.
            return self.get_response(request)
        request.epoch = epoch  # type: ignore[attr-defined]
        key = key_of(request.META)
        kept = store.get(epoch, key)
        if kept is None:
            with turn(epoch, key) as epoch:
                request.epoch = epoch  # type: ignore[attr-defined]
                kept = store.get(epoch, key) or store.fetch(epoch, key)
                if kept is None:
                    response = self.get_response(request)
                    if not _may_be_kept(response):
                        return response
                    kept = keep(response)
                    store.put(epoch, key, kept)
                    _take_as_model(request, epoch, kept)
        return _response(kept, request, epoch)


def _take_as_model(request: HttpRequest, epoch: Epoch, kept: Kept) -> None:
    """Let the front door make other stories of this epoch as this one was made (reader.quick)."""
    frame = getattr(request, "story_frame", None)
    if frame and kept.status == "200 OK":
        alike = (frame.is_english, site_of(request.META))
        epoch.keep("models", alike, lambda: (frame, kept.headers), most=_MOST_MODELS)


def _make_anonymous(request: HttpRequest) -> None:
    """Take away what one asker has and another has not."""
    request.META.pop("HTTP_COOKIE", None)
    request.COOKIES = {}
    query = request.META.get("QUERY_STRING", "")
    if query:
        request.META["QUERY_STRING"] = canonical_query(query)
        request.__dict__["GET"] = QueryDict(request.META["QUERY_STRING"])


def _may_be_kept(response: HttpResponse) -> bool:
    is_public_page = getattr(response, "is_public", False) and not response.streaming
    return is_public_page and response.status_code in _KEPT and not response.cookies


def _response(kept: Kept, request: HttpRequest, epoch: Epoch) -> HttpResponse:
    status, headers, body = answer(kept, request.META, epoch)
    response = HttpResponse(body, status=int(status[:3]))
    response.is_public = True  # type: ignore[attr-defined]
    del response.headers["Content-Type"]
    for name, value in headers:
        response.headers[name] = value
    return response


_turns: dict[str, tuple[Lock, int]] = {}
_guard = Lock()


@contextmanager
def turn(epoch: Epoch, key: str) -> Iterator[Epoch]:
    """Let one thread at a time make the page of `key`, and one process where they share pages.

    Gives the epoch to make it for: a new one where it began while this thread waited.
    """
    with _guard:
        lock, waiting = _turns.get(key, (Lock(), 0))
        _turns[key] = lock, waiting + 1
    try:
        with lock:
            epoch = clock.newest() or epoch
            if store.get(epoch, key):
                yield epoch
            else:
                with shared.turn(epoch, key):
                    yield epoch
    finally:
        with _guard:
            lock, waiting = _turns.pop(key)
            if waiting > 1:
                _turns[key] = lock, waiting - 1
