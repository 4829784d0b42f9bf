"""Jinja2 environment of the story view, which is rendered most often.

A crawler requests every story ever published once. Django's template engine takes ten times as
long; it renders all other views, of which there are few. See docs/decisions/0015-story-page.md.
"""

from __future__ import annotations

import datetime as dt
from operator import methodcaller
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined

from paper.humanize import iso
from photos.html import picture_html, preload
from press import byline
from press.models import Correction

from .seo import news_article
from .url_helpers import tag_address


def environment(**options: Any) -> Environment:
    """Return the Jinja2 environment for the templates under templates/jinja/."""
    options |= {
        "autoescape": True,
        "undefined": StrictUndefined,
        # A line with nothing but a tag leaves nothing in the page.
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    made = Environment(**options)  # noqa: S701 - it escapes
    made.globals["_"] = gettext
    # Filters rather than functions, because Jinja2 calls functions less directly.
    made.filters |= {
        "all_photos": all_photos,
        "byline_groups": byline.groups,
        "correction_label": correction_label,
        # Only for a body, which was sanitised and frozen at publication.
        "frozen": mark_safe,
        "iso": iso,
        "news_article": news_article,
        "parsed": dt.datetime.fromisoformat,
        "picture": picture_html,
        "preload": preload,
        "signature": byline.signature,
        "tag_address": tag_address,
        "url": methodcaller("get_absolute_url"),
    }
    return made


def correction_label(kind: str) -> str:
    """Return the label of a correction: 更新, 更正, 致歉."""
    return str(Correction.Kind(kind).label)


def all_photos(n: int) -> str:
    """Return the label of the link to all `n` photos of a story."""
    return ngettext("All %(n)s photos", "All %(n)s photos", n) % {"n": n}
