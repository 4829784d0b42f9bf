"""The front door: a kept page is answered before Django wakes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import Error

from press.clock import clock

from . import quick
from .addresses import is_public
from .keeping import answer, key_of, store

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def front_door(application: Application) -> Application:
    """Return the WSGI `application` with the pages that are kept before it."""

    def answer_or_ask(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in {"GET", "HEAD"} and is_public(environ["PATH_INFO"]):
            try:
                epoch = clock.epoch()
            except Error:
                return application(environ, start_response)
            key = key_of(environ)
            kept = store.get(epoch, key)
            if kept is None:
                kept, epoch = quick.story(environ, epoch, key)
            if kept:
                status, headers, body = answer(kept, environ, epoch)
                start_response(status, headers)
                return [body]
        return application(environ, start_response)

    return answer_or_ask
