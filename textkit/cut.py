"""Chinese text on one line, and cut to a length, where word-based truncation does not work."""

import re

_BREAKS = "。！？；，、"


#: A space that only joined two paragraphs: Chinese sets none behind its marks. Quotes are Latin's
#: too, so there what follows must be Chinese.
_JOINT = re.compile(
    "(?<=[\u3001-\u303f\uff01-\uff65]) |(?<=[”’…—]) (?=[“‘…—\u3000-\u9fff\uff00-\uffef])"
)

#: Something shorter is an exclamation rather than a sentence.
_SENTENCE = re.compile(".{6,}?[。！？]+[”’」』）]*")


def flat(text: str) -> str:
    """Return `text` on one line, white space folded, none of it behind a Chinese mark.

    Lines of verse, which end without one, stay apart.
    """
    return _JOINT.sub("", " ".join(text.split()))


def first_sentence(text: str) -> str:
    """Return the first sentence of `text`, without its full stop: what can stand as a headline."""
    line = flat(text)
    found = _SENTENCE.match(line)
    return (found[0] if found else line).removesuffix("。")


def excerpt(text: str, chars: int, ellipsis: str = "…") -> str:
    """Return at most `chars` characters of `text`, white space folded, ending well.

    A cut prefers the last full stop in its second half, then any other punctuation; only a cut
    text gets the `ellipsis`, and a sentence that ends in a full stop does not.
    """
    line = flat(text)
    if len(line) <= chars:
        return line
    head = line[:chars]
    stop = max(head.rfind(mark) for mark in "。！？")
    if stop >= chars // 2:
        return head[: stop + 1]
    return head.rstrip(_BREAKS + " ") + ellipsis
