"""Bytes of unknown origin to text: UTF-8, UTF-16 with its mark, or the GB encodings."""

from __future__ import annotations

import codecs

MAX_BYTES = 2 * 1024 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnreadableText(ValueError):
    """The bytes are no text that can be read; `reason` is empty, too-large or binary."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def decode_text(data: bytes) -> str:
    """Return the text in `data` with Unix line ends.

    Raises UnreadableText for nothing but white space, for more than MAX_BYTES, and for what is
    no text in UTF-8, UTF-16 (with its byte order mark) or GB 18030.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableText("too-large")
    text = _decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    if not text.strip():
        raise UnreadableText("empty")
    if "\0" in text or _share_of_control(text) > 0.02:
        raise UnreadableText("binary")
    return text


def _decode(data: bytes) -> str:
    encodings = ["utf-16"] if data.startswith(_UTF16) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableText("binary")


def _share_of_control(text: str) -> float:
    control = sum(1 for char in text if char < " " and char not in "\n\t\f\v")
    return control / len(text)
