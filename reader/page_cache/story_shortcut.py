"""Story responses built in the WSGI wrapper, without entering Django's request handler.

Everything that the handler and its middleware add to a story is the same for all stories of a
content version. The first story supplies this frame; the next ones need no handler. Any URL that is
not a visible story is left to the handler.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import Error
from django.utils import translation
from jinja2 import TemplateError

from press.content_version import ContentVersion

from ..story_page import Frame, render_story
from ..url_helpers import ENGLISH
from .middleware import key_lock
from .store import CachedResponse, cached_response, site_of, store

_FAULTS = (
    *(Error, TemplateError, LookupError, TypeError, ValueError, AttributeError),
    *(ArithmeticError, AssertionError, RuntimeError),
)
_STORY = re.compile(rf"({ENGLISH})?/stories/([1-9]\d{{0,8}})/")


def story(
    environ: Mapping[str, Any], content_version: ContentVersion, key: str
) -> tuple[CachedResponse | None, ContentVersion]:
    """Return the response of a story and its content version; None leaves it to the handler."""
    address = _STORY.fullmatch(environ["PATH_INFO"])
    if not address or environ.get("QUERY_STRING"):
        return None, content_version
    alike = (bool(address[1]), site_of(environ))
    with key_lock(content_version, key) as content_version:
        frame, headers = content_version.cache.get("story_responses", {}).get(alike, (None, None))
        cached = store.get(content_version, key) or store.fetch(content_version, key)
        if cached is None and frame is not None:
            page = _page(int(address[2]), frame)
            if page:
                cached = cached_response(200, headers, page)
                store.put(content_version, key, cached)
        return cached, content_version


def _page(pk: int, frame: Frame) -> bytes:
    """Return the page of a story, or b"" if the handler must answer."""
    try:
        with translation.override("en" if frame.is_english else settings.LANGUAGE_CODE):
            return (render_story(pk, frame) or "").encode()
    except _FAULTS:
        # The handler meets the same error, answers the client and logs it.
        return b""
