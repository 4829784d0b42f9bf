"""The engine of the story's page: Jinja2, for that page is made anew by the hundred thousand.

A crawler asks once for each story that there ever was. Django's engine takes ten times as long, and
stays for all other pages, of which there are few. See docs/decisions/0015-story-page.md.
"""

from __future__ import annotations

from operator import methodcaller
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined

from photos.picture import picture, preload
from press import byline
from press.models import Correction

from .addresses import tag_address
from .structured import iso, news_article


def environment(**options: Any) -> Environment:
    """Return Jinja's environment with what the templates under templates/jinja/ may use."""
    options |= {"autoescape": True, "undefined": StrictUndefined}
    made = Environment(**options)  # noqa: S701 - it escapes
    made.globals["_"] = gettext
    # Filters rather than functions, which Jinja calls in a roundabout way.
    made.filters |= {
        "all_photos": all_photos,
        "byline_groups": byline.groups,
        "correction_label": correction_label,
        # Of a body alone, which was sanitised and frozen when the story was printed.
        "frozen": mark_safe,
        "iso": iso,
        "news_article": news_article,
        "picture": picture,
        "preload": preload,
        "signature": byline.signature,
        "tag_address": tag_address,
        "url": methodcaller("get_absolute_url"),
    }
    return made


def correction_label(kind: str) -> str:
    """Return what a correction is called on the page: 更新, 更正, 致歉."""
    return str(Correction.Kind(kind).label)


def all_photos(n: int) -> str:
    """Return the words of the link to all photos of a story."""
    return ngettext("All %(n)s photos", "All %(n)s photos", n) % {"n": n}
