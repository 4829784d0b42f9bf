"""The article form: its URLs and its data."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from articles.models import Article
from photos.models import Photo
from photos.services import add_photo
from tests.helpers import factories

ADD = "/desk/articles/article/add/"
FORM = {
    "kind": "story",
    "headline": "水闸通了电",
    "body": "第一段\n\n第二段",
    "body_format": "light",
    "byline": "通讯员 甲乙",
    "version": 0,
    "photos-TOTAL_FORMS": 1,
    "photos-INITIAL_FORMS": 0,
}


def change(article: Article) -> str:
    return f"/desk/articles/article/{article.pk}/change/"


def photo_file(name: str = "a.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or factories.picture(), content_type="image/jpeg")


def upload(user, at) -> Photo:
    return add_photo(data=factories.picture(), caption="", user=user, at=at)


def form(**more: object) -> dict[str, object]:
    """Return the data of a form without photos."""
    return {
        "kind": "story",
        "headline": "水闸",
        "body": "水闸换了。",
        "body_format": "light",
        "version": 0,
        "photos-TOTAL_FORMS": 0,
        "photos-INITIAL_FORMS": 0,
        **more,
    }
