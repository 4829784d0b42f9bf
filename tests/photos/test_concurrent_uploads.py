"""Rule: many concurrent uploads do not slow down readers; a refused photo is sent again."""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from articles.models import Article
from photos import services
from photos.models import Photo
from photos.sandbox import client
from photos.services import UploadLimit, add_photo, set_focus
from tests.helpers.odd_photos import photo

pytestmark = pytest.mark.django_db

ADD = "/desk/articles/article/add/"
UPLOAD = "/desk/articles/article/photos/"


@pytest.fixture
def full():
    """Occupy all slots for photos; closing it frees them."""
    with ExitStack() as others:
        for _n in range(client.MAX_CONCURRENT):
            others.enter_context(client.sandbox_slot())
        yield others


def sent() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", photo())


def test_photos_leave_half_of_the_threads_to_readers(settings):
    assert client.MAX_CONCURRENT <= settings.SERVER_THREADS / 2


def test_a_photo_without_room_is_put_off_at_once_and_taken_later(desk, full):
    client = desk("correspondent")
    answer = client.post(UPLOAD, {"file": sent(), "key": "k"})
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer.json()["busy"]
    assert not Photo.objects.exists()
    full.close()
    assert client.post(UPLOAD, {"file": sent(), "key": "k"}).json()["photo"]


def test_a_form_with_a_photo_without_room_says_so_and_loses_no_word(desk, full):
    fields = {
        "headline": "水闸今天落下",
        "body": "正文还在",
        "body_format": "light",
        "kind": "story",
        "version": 0,
        "photos-TOTAL_FORMS": 1,
        "photos-INITIAL_FORMS": 0,
        "photos-0-file": sent(),
        "photos-0-caption": "图说还在",
    }
    page = desk("correspondent").post(ADD, fields)
    assert page.status_code == 400
    rows = page.context["photos"].forms
    assert str(services.REFUSALS["busy"]) in rows[0].errors["file"]
    for words in ("水闸今天落下", "正文还在", "图说还在"):
        assert words in page.content.decode()
    assert not Article.objects.exists()


def test_a_focal_point_without_room_is_put_off_too(now, staff):
    made = add_photo(data=photo(), caption="", user=None, at=now)
    with ExitStack() as others:
        for _n in range(client.MAX_CONCURRENT):
            others.enter_context(client.sandbox_slot())
        with pytest.raises(UploadLimit):
            set_focus(made, 10, 10)
    made.refresh_from_db()
    assert (made.version, made.focus_x) == (1, 50)


def test_room_is_given_back_after_a_photo_that_is_refused(now):
    for _n in range(client.MAX_CONCURRENT + 1):
        with pytest.raises(ValidationError) as refusal:
            add_photo(data=b"%PDF", caption="", user=None, at=now)
        assert not isinstance(refusal.value, UploadLimit)


def test_one_person_sends_so_many_photos_within_an_hour(desk, staff, now, monkeypatch):
    monkeypatch.setattr(services, "MAX_AN_HOUR", 2)
    mine, other = staff["correspondent"], staff["reporter"]
    for minutes in (70, 10, 9):
        at = now - dt.timedelta(minutes=minutes)
        add_photo(data=photo(), caption="", user=mine, at=at)
    with pytest.raises(ValidationError, match="2"):
        add_photo(data=photo(), caption="", user=mine, at=now)
    assert add_photo(data=photo(), caption="", user=other, at=now)
    assert add_photo(data=photo(), caption="", user=mine, at=now + dt.timedelta(minutes=52))


def test_a_photo_sent_after_the_session_has_ended_is_told_so(desk):
    """Rule: a JSON response, not a login page, so that the form can say so and keep the photo."""
    answer = Client().post(UPLOAD, {"file": sent()})
    assert (answer.status_code, Photo.objects.count()) == (401, 0)
    assert answer.json()["message"]
