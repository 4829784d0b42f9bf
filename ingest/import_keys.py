"""Keys that identify imported stories, so that the same page twice creates nothing new."""

from __future__ import annotations

import hashlib

from textkit.tokens import plain

from .page_parser.parsed_page import ParsedStory


def import_key(story: ParsedStory) -> str:
    """Return the key that identifies a story: a hash of its heading and text as in the index.

    So the same text is known again in other widths, with other marks and invisible characters.
    """
    text = _text_of(story)
    return _sha256((plain(text) or text).replace(" ", ""))


def earlier_import_key(story: ParsedStory) -> str:
    """Return the key under which version 0.2.0 stored a story: a hash of the text as it was."""
    return _sha256("".join(_text_of(story).split()))


def _text_of(story: ParsedStory) -> str:
    return "\n".join([*story.headline, *story.all_paragraphs])


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
