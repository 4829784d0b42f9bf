"""Limits on the length of an article, beyond which saving is slow and nobody can read it."""

from __future__ import annotations

import re

from django.utils.text import slugify
from django.utils.translation import gettext as _

from textkit import html, markup
from textkit.nesting import count_blocks

#: Paragraphs, items, cells and lines of a body; the longest report of a paper has some hundreds.
MAX_BLOCKS = 3_000
#: Tags, their equivalents in light markup, and characters that HTML escapes (&lt;).
MAX_MARKS = 6_000
#: Characters of a tag; the column has room for 100, and a duplicate slug gets a number.
MAX_TAG = 60
#: Unicode categories of invisible characters: controls, formats, surrogates.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_MARK = re.compile(r"<[a-z]|\*\*|\]\(|\\|&", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z]", re.IGNORECASE)
_BOLD = re.compile(r"</?b[\s>]", re.IGNORECASE)


def excess_of(body: str, *, is_light: bool = False) -> str:
    """Return a message that `body`, HTML or light markup, is too large, "" if it is not.

    Looks at the source only, so that nothing large is parsed.
    """
    # Each <b> becomes <strong>.
    if len(body) + 5 * len(_BOLD.findall(body)) > html.MAX_LENGTH:
        return _(
            "The text is longer than 500,000 characters. Please split it into several articles."
        )
    blocks = markup.count_blocks(body) if is_light else count_blocks(body)
    if blocks > MAX_BLOCKS or _count_marks(body) > MAX_MARKS:
        return _(
            "The text has more than 3,000 paragraphs, lines and cells, or 6,000 marks such as "
            "bold, links, & or <. Please split it into several articles."
        )
    return ""


def escaped_markup_message(code: str) -> str:
    """Return the message that refuses a text in which readers would see the HTML tag `code`."""
    return _(
        "The text contains “%(code)s”, a sign of a web page's code, which readers would see. "
        "Please delete it, or confirm below the text that it is meant as code."
    ) % {"code": code}


def _count_marks(body: str) -> int:
    tags = len(_TAG.findall(body))
    bare = sum(max(0, body.count(sign) - tags) for sign in "<>")
    return len(_MARK.findall(body)) + bare


def is_long_tag(tag: str) -> bool:
    """Return whether `tag` or its slug (which decomposes ligatures) is too long."""
    return max(len(tag), len(slugify(tag, allow_unicode=True))) > MAX_TAG


def is_lost_tag(tag: str) -> bool:
    """Return whether a browser would resolve a part of the URL of `tag` as a parent (“..”)."""
    return any(part in {".", ".."} for part in re.split(r"[/\\]", tag))


def too_large() -> str:
    """Return the message for a request whose body is too large."""
    return _(
        "Not saved: the text exceeds the limit of 8 MB. Remove pictures that were pasted into "
        "it, or split it into several articles."
    )
