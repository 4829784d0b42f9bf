"""Body of an article as the desk shows it, with its photos."""

from __future__ import annotations

from django.urls import reverse

from photos.html import figure_html, row_of
from photos.models import Photo
from photos.services import credit_line

from ..content import Content, PhotoRow
from ..models import Article


def body_html(text: Article | Content, of: Article | None = None) -> str:
    """Return the body of an article or a revision; photos of other articles are left out.

    `of` is the article to which the revision belongs.
    """
    body, ids = text.body, text.body.photos
    if not ids:
        return body
    rows = _photo_rows(text)
    photos = Photo.objects.prefetch_related("credits__contributor").in_bulk(
        [pk for pk in ids if pk in rows]
    )

    def show(pk: int) -> str:
        photo = photos.get(pk)
        if photo is None:
            return ""
        row = rows[pk]
        credit = row.credit or credit_line(photo)
        return figure_html(row_of(photo, desk_address(photo, of)), row.caption, credit, row.alt)

    return body.place_photos(show)


def desk_address(photo: Photo, of: Article | None = None) -> str:
    """Return the base URL of the photo's renditions at the desk.

    `of` is an article that used the photo: users who see its record may see the photo too.
    """
    args = [photo.token, photo.version, "w0.jpg"]
    if of is not None:
        return reverse("admin:articles_record_photo", args=[of.pk, *args])[:-7]
    return reverse("admin:articles_photo", args=args)[:-7]


def _photo_rows(text: Article | Content) -> dict[int, PhotoRow]:
    """Return the caption, signed credit and description of the photos of `text`, by photo id."""
    if isinstance(text, Content):
        return {row.photo: row for row in text.photos}
    rows = text.article_photos.all()
    return {row.photo_id: PhotoRow(row.photo_id, row.caption, "", row.alt) for row in rows}
