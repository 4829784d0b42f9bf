"""What the import of a page refuses, in words."""

from django.utils.translation import gettext as _

from articles.errors import Invalid
from textkit.decode import MAX_BYTES, UnreadableText, decode_text


def read_upload(data: bytes) -> str:
    """Return the text in `data`; raise Invalid with a sentence that says what to do."""
    try:
        return decode_text(data)
    except UnreadableText as error:
        raise Invalid([explain(error.reason)]) from error


def explain(reason: str) -> str:
    """Return the sentence for the reason of an UnreadableText."""
    if reason == "empty":
        return _("There is no text. Paste or choose the text of one page.")
    if reason == "too-large":
        return _("The text is larger than %(size)d MB. One newspaper page is enough at a time.") % {
            "size": MAX_BYTES // 1024 // 1024
        }
    return _("This is no text file. Save the page as plain text (.txt) and try again.")
