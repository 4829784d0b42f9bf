"""Messages for users about refused uploads: why a file is refused, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

#: By the codes of `photos.exceptions.PhotoRefused`.
REFUSALS = {
    "empty": _("The file is empty. Please choose the photo again."),
    "too-many-bytes": _("The photo is larger than 30 MB. Please choose a smaller one."),
    "too-many-pixels": _("The photo has more than 50 megapixels. Please resize it and try again."),
    "too-much-work": _(
        "The photo takes too long to process. Please save it as an ordinary JPEG and upload it "
        "again."
    ),
    "damaged": _("This file is not a readable photo. Please upload a JPEG, PNG, WebP or HEIC."),
    "other": _("This file is not a readable photo. Please upload a JPEG, PNG, WebP or HEIC."),
    "cut-off": _("The photo is incomplete: a part of the file is missing. Please upload it again."),
    "tail": _(
        "This file contains another file after the photo. Please open the photo on your "
        "phone, save it again (a crop is enough), and upload that."
    ),
    "shape": _(
        "This is a line, not a photo: one side is more than 50 times as long as the other. Please "
        "crop it and upload it again."
    ),
    "stopped": _(
        "The server was interrupted while it processed this photo, so the photo is not stored yet. "
        "Please send it again. If this repeats, make the photo smaller first."
    ),
    "moving": _("This is an animated picture. Please upload one still photo."),
    "gif": _("This is a GIF. Please upload the photo as JPEG, PNG, WebP or HEIC."),
    "tiff": _("This is a TIFF. Please upload the photo as JPEG, PNG, WebP or HEIC."),
    "bmp": _("This is a BMP. Please upload the photo as JPEG, PNG, WebP or HEIC."),
    "pdf": _("This is a PDF. Please upload the photo itself, as JPEG, PNG, WebP or HEIC."),
    "eps": _("This is an EPS drawing. Please upload the photo as JPEG, PNG, WebP or HEIC."),
    "svg": _("This is an SVG drawing. Please upload the photo as JPEG, PNG, WebP or HEIC."),
    "busy": _(
        "The server is busy with other photos, so this one was not accepted yet. Your text is "
        "still here. Please choose the photo again and send it in a few seconds."
    ),
    "busy-crop": _(
        "The server is busy with other photos, so the crop was not updated yet. Please save "
        "again in a few seconds."
    ),
    "too-many": _(
        "You have uploaded %(n)d photos within the last hour, which is the limit for one "
        "person. Please continue in an hour."
    ),
    "video": _("This is a video. Please upload a photo."),
}

_NO_PAGE = _("This file is not a readable picture or PDF. Upload a JPEG, PNG, WebP or PDF.")
_NO_PAGE_SHAPE = _(
    "This does not have the shape of a newspaper page: one side is more than three times as "
    "long as the other."
)
#: The same for the image of a newspaper page, which may be a PDF.
PAGE_REFUSALS = {
    **REFUSALS,
    "other": _NO_PAGE,
    "damaged": _NO_PAGE,
    "too-many-bytes": _("The file is larger than 30 MB. Please choose a smaller one."),
    "too-much-work": _(
        "This page takes too long to render. Please simplify it and export it again."
    ),
    "busy": _("The server is busy with other pictures. Please try again in a few seconds."),
    "stopped": _(
        "The server was interrupted while it processed this file, so the file is not stored yet. "
        "Please send it again."
    ),
    "pdf-locked": _("This PDF is protected by a password. Please upload one without a password."),
    "pdf-damaged": _("This PDF cannot be read. Please export it again."),
    "pdf-pages": _("This PDF has more than 100 pages. Please upload those of one issue."),
    "pdf-layers": _(
        "This PDF has hidden layers. Please merge its layers, or delete the hidden ones, and export"
        " it again."
    ),
    "pdf-no-page": _("This PDF has no such page."),
    "page-shape": _NO_PAGE_SHAPE,
    "shape": _NO_PAGE_SHAPE,
}
