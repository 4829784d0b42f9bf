"""Rule: readers see only photos of visible stories, in fixed sizes."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.content import PhotoRow
from articles.selectors.body_html import desk_address
from photos.html import COLUMN
from photos.renditions import WHOLE
from photos.services import add_photo
from press.models import StoryPhoto
from press.services import withdraw_story
from tests.helpers import factories
from tests.helpers.odd_photos import photo

pytestmark = pytest.mark.usefixtures("store")

HOUR = dt.timedelta(hours=1)


def printed(now, count: int = 3, **more):
    """Return a published story with `count` photos."""
    rows = []
    for n in range(count):
        made = add_photo(data=photo(size=(900 + n, 600)), caption="", user=None, at=now)
        rows.append(PhotoRow(made.pk, f"第{n + 1}座闸", "叶知秋 摄", "闸门特写" if n == 0 else ""))
    return factories.make_story("水闸一组", now - HOUR, photos=tuple(rows), **more)


@pytest.fixture
def story(paper, now):
    return printed(now, kind="photo")


def public_files(story) -> list[str]:
    return [
        f"{one.get_absolute_url()}/w480.{kind}"
        for one in story.photos.all()
        for kind in ("avif", "webp")
    ]


def test_a_story_names_every_size_and_puts_the_first_photo_first(client, story):
    page = client.get(story.get_absolute_url()).content.decode()
    first = re.search(r"<picture>.*?</picture>", page, re.DOTALL)[0]
    assert re.findall(r"/w(\d+)\.avif", first) == ["320", "480", "800"]
    assert re.findall(r'width="(\d+)" height="(\d+)"', first) == [("800", "533")]
    assert 'alt="闸门特写"' in first
    assert 'fetchpriority="high"' in first
    assert "loading" not in first
    head = page[: page.index("</head>")]
    assert re.search(
        r'rel="preload" as="image" type="image/avif" imagesrcset="[^"]*w800.avif 800w"', head
    )
    assert page.count('loading="lazy"') == 2
    assert 'alt="第2座闸"' in page
    assert page.count("叶知秋 摄") == 3


def test_every_named_file_is_there(client, story):
    page = client.get(story.get_absolute_url()).content.decode()
    files = set(re.findall(r"/photos/\w+/[wc]\d+\.\w+", page))
    assert len(files) > 20
    for name in files:
        answer = client.get(name)
        assert answer.status_code == 200, name
        assert answer["Cache-Control"] == "public, max-age=31536000, s-maxage=60, immutable"
        assert answer["Content-Type"] == f"image/{name.rpartition('.')[2].replace('jpg', 'jpeg')}"
        assert "Set-Cookie" not in answer
        again = client.get(name, headers={"if-none-match": answer["ETag"]})
        assert again.status_code == 304


def test_a_gallery_leads_through_the_photos(client, story):
    base = f"{story.get_absolute_url()}photos/"
    page = client.get(f"{base}2/").content.decode()
    assert "第2座闸" in page
    assert f'href="{base}1/" rel="prev"' in page
    assert f'href="{base}3/" rel="next"' in page
    assert f'<link rel="canonical" href="http://testserver{story.get_absolute_url()}">' in page
    for number in ("0", "4", "99999999999999999999"):
        assert client.get(f"{base}{number}/").status_code == 404


def test_one_photo_is_not_counted(client, paper, now, story):
    one = printed(now, count=1, kind="photo")
    counted = '<p class="meta">'
    assert counted in client.get(f"{story.get_absolute_url()}photos/1/").content.decode()
    assert counted not in client.get(f"{one.get_absolute_url()}photos/1/").content.decode()


def test_photo_news_is_a_list_of_its_own(client, story, now):
    printed(now, 1)
    page = client.get("/photos/").content.decode()
    assert page.count("<picture>") == 1
    assert "3 张" in page


@pytest.mark.parametrize("count", [3, 300])
def test_a_list_of_many_photos_costs_the_same(client, story, count, paper, now, still_clock):
    row = story.photo_list[0]
    type(story).objects.update(photo_list=[row] * count)
    still_clock()
    with CaptureQueriesContext(connection) as queries:
        client.get(story.get_absolute_url())
    assert len(queries) <= 3
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{story.get_absolute_url()}photos/1/")
    assert len(queries) <= 3


def ask(client: Client, how: str, url: str) -> int:
    headers = {"range": "bytes=0-10"} if how == "range" else {}
    method = "get" if how == "range" else how
    return getattr(client, method)(url, headers=headers).status_code


@pytest.mark.parametrize("how", ["get", "head", "range"])
def test_a_photo_is_private_until_the_hour_and_again_when_withdrawn(client, story, now, how):
    files = public_files(story)
    assert {ask(client, how, url) for url in files} == {200}
    type(story).objects.update(release_at=now + HOUR)
    assert {ask(client, how, url) for url in files} == {404}
    type(story).objects.update(release_at=now - HOUR)
    story.refresh_from_db()
    withdraw_story(story, reason="人名有误", at=now)
    assert {ask(client, how, url) for url in files} == {404}
    assert client.get(f"{story.get_absolute_url()}photos/1/").status_code == 404


@pytest.mark.parametrize("how", ["get", "head", "range"])
def test_nobody_guesses_an_unpublished_file(client, desk, staff, now, how):
    made = add_photo(data=photo(), caption="", user=staff["reporter"], at=now)
    names = ["w120.jpg", "w120.avif", "original.jpg", "../w120.jpg", "%2e%2e/w120.jpg"]
    addresses = [
        *(f"/photos/{made.token}/{name}" for name in names),
        *(f"/photos/{made.token}/{made.version}/{name}" for name in names),
        f"/media/{made.file.name}",
        f"/{made.file.name}",
        f"/{made.folder}/w120.jpg",
        f"/static/{made.file.name}",
    ]
    assert {ask(client, how, url) for url in addresses} == {404}
    at_desk = f"{desk_address(made)}/w120.jpg"
    assert ask(client, how, at_desk) == 302
    assert ask(desk("editor"), how, at_desk) == 404
    assert ask(desk("reporter"), how, at_desk) == 200
    assert ask(desk("reporter"), how, f"{desk_address(made)}/original.jpg") == 404


def test_nginx_is_given_the_file_and_the_view_still_decides(client, story, settings, now):
    settings.PHOTO_ACCEL = "/protected"
    url = public_files(story)[0]
    answer = client.get(url)
    folder = StoryPhoto.objects.get(token=url.split("/")[2]).folder
    assert answer["X-Accel-Redirect"] == f"/protected/{folder}/w480.avif"
    assert answer.content == b""
    type(story).objects.update(release_at=now + HOUR)
    assert client.get(url).status_code == 404


#: Width in points and pixels per point of common phones.
PHONES = [(360, 2), (360, 3), (390, 3), (412, 2.625), (414, 2), (428, 3), (430, 3), (440, 3)]


@pytest.mark.parametrize(("width", "density"), PHONES)
def test_a_phone_takes_the_photo_of_800_pixels(width, density):
    """Rule: a lead photo is under 80 KB on a phone; a browser takes the first sufficient size."""
    for part in COLUMN.split(", "):
        condition = re.findall(r"\((max-width|min-resolution): ([\d.]+)(?:rem|dppx)\)", part)
        limits = {name: float(value) for name, value in condition}
        fits = width <= limits.get("max-width", 999) * 16
        if fits and density >= limits.get("min-resolution", 0):
            break
    number, unit = re.search(r"([\d.]+)(px|vw|rem)$", part).groups()
    points = float(number) * {"px": 1, "vw": width / 100, "rem": 16}[unit]
    assert next(made for made in WHOLE if made >= points * density) == 800
