"""Cutting Chinese text to a length, where word-based truncation does not work."""

_BREAKS = "。！？；，、"


def excerpt(text: str, chars: int, ellipsis: str = "…") -> str:
    """Return at most `chars` characters of `text`, white space folded, ending well.

    A cut prefers the last full stop in its second half, then any other punctuation; only a cut
    text gets the `ellipsis`, and a sentence that ends in a full stop does not.
    """
    flat = " ".join(text.split())
    if len(flat) <= chars:
        return flat
    head = flat[:chars]
    stop = max(head.rfind(mark) for mark in "。！？")
    if stop >= chars // 2:
        return head[: stop + 1]
    return head.rstrip(_BREAKS + " ") + ellipsis
