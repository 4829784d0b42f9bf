"""Decoding of bytes in an unknown encoding: UTF-8, UTF-16 with a byte order mark, or GB 18030."""

from __future__ import annotations

import codecs

from .characters import clean_text
from .gb18030 import decode_gb18030

MAX_BYTES = 2 * 1024 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnreadableText(ValueError):
    """The bytes are not readable text; `reason` is empty, too-large or binary."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def decode_text(data: bytes) -> str:
    """Return the text in `data` with usual characters (`clean_text`) and Unix line ends.

    Raises UnreadableText for white space alone, for more than MAX_BYTES, and for bytes that are no
    text in UTF-8, UTF-16 (with its byte order mark) or GB 18030.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableText("too-large")
    text = _decode(data)
    if "\0" in text or _share_of_control(text) > 0.02:
        raise UnreadableText("binary")
    clean = clean_text(text)
    if not clean.strip():
        raise UnreadableText("empty")
    return clean


def _decode(data: bytes) -> str:
    is_utf16 = data.startswith(_UTF16)
    try:
        return data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        if is_utf16:
            raise UnreadableText("binary") from error
    try:
        text = decode_gb18030(data)
    except UnicodeDecodeError as error:
        raise UnreadableText("binary") from error
    if _is_of_another_encoding(text):
        raise UnreadableText("binary")
    return text


def _is_of_another_encoding(text: str) -> bool:
    """Return whether many characters are unknown: Big5 read as GB 18030 is half private use."""
    unknown = sum(1 for char in text if "\ue000" <= char <= "\uf8ff")
    return unknown > 2 and unknown > 0.05 * len(text)


def _share_of_control(text: str) -> float:
    control = sum(1 for char in text if char < " " and char not in "\n\r\t\f\v")
    return control / max(1, len(text))
