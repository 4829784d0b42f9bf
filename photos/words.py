"""Why a file is not taken as a photo, and what to do, in sentences for the person who sent it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

#: By the codes of `photos.checking.Refused`.
REFUSALS = {
    "empty": _("The file is empty. Please choose the photo again."),
    "too-many-bytes": _("The photo is larger than 30 MB. Please send a smaller one."),
    "too-many-pixels": _("The photo has more than 50 megapixels. Please make it smaller."),
    "too-much-work": _("The photo takes too long to read. Please send it as an ordinary JPEG."),
    "damaged": _("This file is no photo that can be read. Please send a JPEG, PNG, WebP or HEIC."),
    "other": _("This file is no photo that can be read. Please send a JPEG, PNG, WebP or HEIC."),
    "cut-off": _("The photo is cut off: a part of the file is missing. Please send it again."),
    "tail": _(
        "A second file hangs behind this photo. Please open the photo on your phone, save it anew"
        " (a crop will do), and send that."
    ),
    "several": _(
        "This file holds several pictures in one, as 3D and HDR cameras make them. Please open the"
        " photo on your phone, save it anew (a crop will do), and send that."
    ),
    "moving": _("This is a moving picture. Please send one still photo."),
    "gif": _("This is a GIF. Please send the photo as JPEG, PNG, WebP or HEIC."),
    "tiff": _("This is a TIFF. Please send the photo as JPEG, PNG, WebP or HEIC."),
    "bmp": _("This is a BMP. Please send the photo as JPEG, PNG, WebP or HEIC."),
    "pdf": _("This is a PDF. Please send the photo itself, as JPEG, PNG, WebP or HEIC."),
    "eps": _("This is an EPS drawing. Please send the photo as JPEG, PNG, WebP or HEIC."),
    "svg": _("This is an SVG drawing. Please send the photo as JPEG, PNG, WebP or HEIC."),
    "busy": _(
        "So many photos are being worked on that this one was not taken yet. What you typed stays"
        " here; please choose the photo again and send it in a few seconds."
    ),
    "busy-crop": _(
        "So many photos are being worked on that the crop was not made anew yet. Please save again"
        " in a few seconds."
    ),
    "too-many": _(
        "You have sent %(n)d photos within the last hour, which is as many as one person can."
        " Please go on in an hour."
    ),
    "video": _("This is a video. Please send a photo."),
}

_NO_PAGE = _("This file is no picture or PDF that can be read. Send a JPEG, PNG, WebP or PDF.")
#: The same for the picture of a newspaper page, which may be a PDF.
PAGE_REFUSALS = {
    **REFUSALS,
    "other": _NO_PAGE,
    "damaged": _NO_PAGE,
    "too-many-bytes": _("The file is larger than 30 MB. Please send a smaller one."),
    "too-much-work": _("This page takes too long to draw. Please export it anew, more simply."),
    "busy": _("The server is at work on other pictures. Please send it again in a few seconds."),
    "pdf-locked": _("This PDF is locked by a password. Please send one that opens without."),
    "pdf-damaged": _("This PDF cannot be read. Please export it anew."),
    "pdf-pages": _("This PDF has more than 100 pages. Please send those of one issue."),
    "pdf-no-page": _("This PDF has no such page."),
    "page-shape": _("This has not the shape of a page: it is more than three times as long."),
}
