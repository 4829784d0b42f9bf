"""Decoding of uploaded page texts, with messages for refusals."""

from django.utils.translation import gettext as _

from articles.exceptions import Invalid
from textkit.decode import MAX_BYTES, UnreadableText, decode_text


def read_upload(data: bytes) -> str:
    """Return the decoded text of `data`. Raises Invalid with a message that says what to do."""
    try:
        return decode_text(data)
    except UnreadableText as error:
        raise Invalid([explain(error.reason)]) from error


def explain(reason: str) -> str:
    """Return the message for the reason of an UnreadableText."""
    if reason == "empty":
        return _("There is no text. Paste the text of one page, or choose a file.")
    if reason == "too-large":
        return _("The text is larger than %(size)d MB. Send one newspaper page at a time.") % {
            "size": MAX_BYTES // 1024 // 1024
        }
    return _("This is not a text file. Save the page as plain text (.txt) and try again.")
