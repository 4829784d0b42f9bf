"""Truncation of Chinese text, for which word-based truncation does not work."""

import re

from .han import HAN

_BREAKS = "。！？；，、"


#: A space that only joined two paragraphs: Chinese has none after punctuation. Quotation marks also
#: occur in Latin text, so after them a Chinese character must follow.
_JOINT = re.compile(
    f"(?<=[\u3001-\u303f\uff01-\uff65]) |(?<=[”’…—]) (?=[“‘…—{HAN}\u3000-\u33ff\uff00-\uffef])"
)

#: A shorter match is an exclamation rather than a sentence.
_SENTENCE = re.compile(".{6,}?[。！？]+[”’」』）]*")


def single_line(text: str) -> str:
    """Return `text` on one line, with white space collapsed and none after Chinese punctuation.

    Lines of verse, which have no punctuation at the end, stay separated by a space.
    """
    return _JOINT.sub("", " ".join(text.split()))


def first_sentence(text: str) -> str:
    """Return the first sentence of `text` without its full stop, for use as a headline."""
    line = single_line(text)
    found = _SENTENCE.match(line)
    return (found[0] if found else line).removesuffix("。")


def excerpt(text: str, chars: int, ellipsis: str = "…") -> str:
    """Return at most `chars` characters of `text`, with white space collapsed.

    The text is cut at the last full stop in its second half, or else at `chars` with trailing
    punctuation removed. `ellipsis` is added only to a text that was cut and does not end in a full
    stop.
    """
    line = single_line(text)
    if len(line) <= chars:
        return line
    head = line[:chars]
    stop = max(head.rfind(mark) for mark in "。！？")
    if stop >= chars // 2:
        return head[: stop + 1]
    return head.rstrip(_BREAKS + " ") + ellipsis
