"""WSGI wrapper that receives a complete request body before an application thread works on it.

The server (granian) reads a body while the application asks for it, without a time limit. A slow
body would block one of the few threads of the application. Here it blocks one of `BODY_THREADS`
threads that do nothing else. If all of those wait, the next request with a body is refused at
once, and requests without one are answered as before.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from textkit.numbers import parse_number

logger = logging.getLogger(__name__)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

#: Threads of a process that may wait for bodies, besides those of the application.
BODY_THREADS = 16
#: The largest body, as in the nginx configuration of docs/operations.md (client_max_body_size).
MOST_BYTES = 40 * 2**20
#: Bytes of a body that stay in memory; a larger body goes to a temporary file.
_IN_MEMORY = 2**20
_PIECE = 2**16
_RETRY_SECONDS = 5
_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

_TOO_LARGE = _(
    "Not saved: the request is larger than %(size)d MB. Go back: your text is still there. "
    "Send fewer or smaller photos."
)
_BUSY = _(
    "Not saved: the server is receiving too much data right now. Go back: your text is still "
    "there. Send it again in a few seconds."
)
_CUT = _(
    "Not saved: the request did not arrive complete. Go back: your text is still there. Send "
    "it again."
)

_NO_SPACE = _(
    "Not saved: the server cannot write, its disk may be full. Go back: your text is still "
    "there. Tell your administrator."
)


def receive_whole_bodies(application: Application, at_once: int = BODY_THREADS) -> Application:
    """Return `application` with complete bodies; up to `at_once` bodies arrive at one time."""
    slots = BoundedSemaphore(at_once)

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if length == "0":
            return application(environ, start_response)
        if not _takes_body(environ):
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(), "0"
            return application(environ, start_response)
        size = parse_number(length, None, most=MOST_BYTES)
        if size is None:
            return _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE, environ, start_response)
        if not slots.acquire(blocking=False):
            logger.warning("%d bodies are still arriving: a request was refused.", at_once)
            return _refuse(HTTPStatus.SERVICE_UNAVAILABLE, _BUSY, environ, start_response)
        try:
            body, received = _receive(environ["wsgi.input"], size)
        except OSError:
            logger.exception("A body could not be written to the folder for temporary files.")
            return _refuse(HTTPStatus.SERVICE_UNAVAILABLE, _NO_SPACE, environ, start_response)
        finally:
            slots.release()
        with body:
            if received < size:
                return _refuse(HTTPStatus.BAD_REQUEST, _CUT, environ, start_response)
            environ["wsgi.input"] = body
            return application(environ, start_response)

    return answer


def limited_to(threads: int, application: Application) -> Application:
    """Return `application` limited to `threads` threads at one time; the others wait."""
    slots = BoundedSemaphore(threads)

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        with slots:
            return application(environ, start_response)

    return answer


def _takes_body(environ: Environ) -> bool:
    """Return whether the request may have a body: only the desk has forms."""
    if environ["REQUEST_METHOD"] in _WITHOUT_BODY:
        return False
    return settings.HAS_DESK and environ["PATH_INFO"].startswith("/desk/")


def _receive(source: Any, length: int) -> tuple[SpooledTemporaryFile[bytes], int]:
    """Return the body and the number of bytes received."""
    body = SpooledTemporaryFile[bytes](max_size=_IN_MEMORY)
    received = 0
    while received < length:
        piece = source.read(min(_PIECE, length - received))
        if not piece:
            break
        body.write(piece)
        received += len(piece)
    body.seek(0)
    return body, received


def _refuse(
    status: HTTPStatus, message: Promise, environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    """Return a message in each language: the cookie with the user's language is not parsed."""
    messages = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            messages[code] = str(message) % {"size": MOST_BYTES // 2**20}
    response: HttpResponse
    if environ.get("HTTP_ACCEPT", "").startswith("application/json"):
        response = JsonResponse({"message": messages[settings.LANGUAGE_CODE]}, status=status)
    else:
        context = {"said": messages, "css": staticfiles_storage.url("desk/desk.css")}
        page = render_to_string("desk/refused.html", context)
        response = HttpResponse(page, status=status)
    response.headers["Cache-Control"] = "no-store"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(_RETRY_SECONDS)
    start_response(f"{status.value} {status.phrase}", list(response.items()))
    return [response.content]


def spare_threads() -> int:
    """Return the number of extra threads for bodies; the public site needs none."""
    return BODY_THREADS if settings.HAS_DESK else 0
