"""Builder for a story's lead sentence from when, where and what: 11月25日，白沙镇水闸通了电."""

from __future__ import annotations

import html
import re

from textkit.body import Body

_END = re.compile(r"[。！？!?…”）)]$")


def lead_sentence(when: str, where: str, what: str) -> str:
    """Return the lead sentence; "" where `what` is empty."""
    when, where, what = (" ".join(part.split()) for part in (when, where, what))
    # Dictation ends each field with a full stop.
    when, where = (part.rstrip("，,。、") for part in (when, where))
    if not what:
        return ""
    # No comma follows the place where the sentence continues from it.
    place = "" if where and what.startswith(where) else where
    start = f"{when}，" if when else ""
    return f"{start}{place}{what}{'' if _END.search(what) else '。'}"


def with_lead(body: Body, when: str, where: str, what: str) -> Body:
    """Return `body` with the lead sentence prepended, unless it is there already."""
    sentence = lead_sentence(when, where, what)
    if not sentence:
        return body
    paragraph = Body.from_html(f"<p>{html.escape(sentence, quote=False)}</p>")
    return body if body.startswith(paragraph) else Body(f"{paragraph}\n{body}".strip())
