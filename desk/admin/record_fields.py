"""Formatting of texts, lists and JSON for the read-only admin; everything is escaped."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from textkit.body import Body

#: Placeholder of an empty value.
NOTHING = "—"


def pretty_json(value: Any) -> SafeString:
    """Return a value as indented JSON in a collapsed element."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    return format_html(
        '<details><summary>{}</summary><pre class="record-json">{}</pre></details>',
        _("Show as stored"),
        text,
    )


def body_text(source: str) -> SafeString | str:
    """Return the paragraphs of an HTML body as plain text."""
    lines = Body(source).paragraphs
    return format_html_join("", "<p>{}</p>", ((line,) for line in lines)) or NOTHING


def lines(texts: Iterable[object]) -> SafeString | str:
    """Return short texts, one per line."""
    return format_html_join("", "<div>{}</div>", ((text,) for text in texts)) or NOTHING


def links(found: Iterable[tuple[str, object]]) -> SafeString | str:
    """Return links for pairs of (URL, label), one per line."""
    return format_html_join("", '<div><a href="{}">{}</a></div>', found) or NOTHING


def code(text: str) -> SafeString | str:
    """Return a hash in a monospaced font."""
    return format_html("<code>{}</code>", text) if text else NOTHING


def chip(state: Any) -> SafeString:
    """Return a state, which has a value and a label, as a chip."""
    return format_html('<span class="chip chip-{}">{}</span>', state.value, state.label)


def moment(at: dt.datetime | None) -> str:
    """Return the local time to the minute."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else NOTHING
