"""A story made at the front door, as Django's handler has made another one in the same epoch.

What the handler and its middlewares put around a story is the same for all of an epoch: the first
one is the model, and the next ones need no handler. What is anything but a story that readers see
now goes the usual way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import Error
from django.utils import translation
from jinja2 import TemplateError

from press.clock import Epoch

from .addresses import ENGLISH
from .caching import turn
from .keeping import Kept, kept_of, site_of, store
from .story_page import Frame, page_of

_FAULTS = (
    *(Error, TemplateError, LookupError, TypeError, ValueError, AttributeError),
    *(ArithmeticError, AssertionError, RuntimeError),
)
_STORY = re.compile(rf"({ENGLISH})?/stories/([1-9]\d{{0,8}})/")


def story(environ: Mapping[str, Any], epoch: Epoch, key: str) -> tuple[Kept | None, Epoch]:
    """Return the page of a story, made and kept, and the epoch it is of; None: ask the handler."""
    address = _STORY.fullmatch(environ["PATH_INFO"])
    if not address or environ.get("QUERY_STRING"):
        return None, epoch
    alike = (bool(address[1]), site_of(environ))
    with turn(epoch, key) as epoch:
        frame, headers = epoch.notes.get("models", {}).get(alike, (None, None))
        kept = store.get(epoch, key) or store.fetch(epoch, key)
        if kept is None and frame is not None:
            page = _page(int(address[2]), frame)
            if page:
                kept = kept_of(200, headers, page)
                store.put(epoch, key, kept)
        return kept, epoch


def _page(pk: int, frame: Frame) -> bytes:
    """Return the page of a story, or nothing."""
    try:
        with translation.override("en" if frame.is_english else settings.LANGUAGE_CODE):
            return (page_of(pk, frame) or "").encode()
    except _FAULTS:
        # The handler meets the same, says it to the reader and to the log.
        return b""
