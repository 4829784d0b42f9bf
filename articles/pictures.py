"""The body of an article as the desk shows it: sanitised, with its photos where they stand."""

from __future__ import annotations

from django.urls import reverse

from photos.models import Photo
from photos.picture import figure, row_of
from photos.services import credit_line
from textkit import html

from .content import Content, PhotoRow
from .models import Article


def body_html(text: Article | Content, of: Article | None = None) -> str:
    """Return the body of an article or of a revision; a photo that is not its own shows nothing.

    `of` is the article whose record the revision is in.
    """
    body = html.sanitise(text.body)
    ids = html.photos_in(body)
    if not ids:
        return body
    words = _words(text)
    photos = Photo.objects.prefetch_related("credits__contributor").in_bulk(
        [pk for pk in ids if pk in words]
    )

    def show(pk: int) -> str:
        photo = photos.get(pk)
        if photo is None:
            return ""
        row = words[pk]
        credit = row.credit or credit_line(photo)
        return figure(row_of(photo, desk_address(photo, of)), row.caption, credit, row.alt)

    return html.place_photos(body, show)


def desk_address(photo: Photo, of: Article | None = None) -> str:
    """Return the address of the photo's renditions for who may see it at the desk.

    `of` is an article that had it once: who may see its record sees the photo too.
    """
    args = [photo.token, photo.version, "w0.jpg"]
    if of is not None:
        return reverse("admin:articles_record_photo", args=[of.pk, *args])[:-7]
    return reverse("admin:articles_photo", args=args)[:-7]


def _words(text: Article | Content) -> dict[int, PhotoRow]:
    """Return caption, credit as signed and description of the photos of `text`, by their ids."""
    if isinstance(text, Content):
        return {row.photo: row for row in text.photos}
    rows = text.article_photos.all()
    return {row.photo_id: PhotoRow(row.photo_id, row.caption, "", row.alt) for row in rows}
