"""Photos with credits, as the photo library lists them."""

from __future__ import annotations

from articles.content import PhotoRow
from articles.models import Article
from bylines.services import match_or_create
from photos.models import Photo
from photos.services import add_photo, credit_line, set_credits
from tests.helpers import factories
from tests.helpers.odd_photos import photo


def add(user, at, caption: str, *, by: str = "叶知秋", width: int = 120) -> Photo:
    made = add_photo(data=photo(size=(width, 80)), caption=caption, user=user, at=at)
    set_credits(made, [(match_or_create(by, "摄影")[0], "摄影", "通讯员")])
    return made


def in_article(made: Photo, state: str, author, at, **more) -> Article:
    row = PhotoRow(made.pk, made.caption, credit_line(made))
    return factories.make_in(state, author, at, photos=(row,), **more)
