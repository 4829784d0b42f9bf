"""When, where and what as a story's first sentence: 11月25日，白沙镇水闸通了电."""

from __future__ import annotations

import html
import re

_END = re.compile(r"[。！？!?…”）)]$")


def lead_sentence(when: str, where: str, what: str) -> str:
    """Return the first sentence; empty where it is not said what happened."""
    when, where, what = (" ".join(part.split()) for part in (when, where, what))
    if not what:
        return ""
    # The place goes without a comma where the sentence goes on from it.
    place = "" if where and what.startswith(where) else where
    start = f"{when.rstrip('，,')}，" if when else ""
    return f"{start}{place}{what}{'' if _END.search(what) else '。'}"


def with_lead(body: str, when: str, where: str, what: str) -> str:
    """Return the HTML `body` with its first sentence before it, unless it stands there already."""
    sentence = lead_sentence(when, where, what)
    if not sentence:
        return body
    paragraph = f"<p>{html.escape(sentence, quote=False)}</p>"
    return body if body.startswith(paragraph) else f"{paragraph}\n{body}".strip()
