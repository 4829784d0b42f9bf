"""The body of an article as the desk shows it: sanitised, with its photos where they stand."""

from __future__ import annotations

from django.urls import reverse

from photos.models import Photo
from photos.services import credit_line
from textkit import html

from .content import Content
from .models import Article


def body_html(text: Article | Content) -> str:
    """Return the body of an article or of a revision; a photo that is not its own shows nothing."""
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
        caption, credit = words[pk]
        url = reverse("admin:articles_photo", args=[photo.token])
        size = photo.rendition_width, photo.rendition_height
        return html.figure(url, size, caption, credit or credit_line(photo))

    return html.place_photos(body, show)


def _words(text: Article | Content) -> dict[int, tuple[str, str]]:
    """Return (caption, credit as signed) of the photos of `text`, by their ids."""
    if isinstance(text, Content):
        return {row.photo: (row.caption, row.credit) for row in text.photos}
    return {row.photo_id: (row.caption, "") for row in text.article_photos.all()}
