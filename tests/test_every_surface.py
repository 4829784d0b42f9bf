"""Rule: a second before its release nothing of an issue shows anywhere, at its release everything.

The addresses come from the URLconf: a new one that nobody thought of here fails.
"""

from __future__ import annotations

import datetime as dt

import pypdfium2 as pdfium
import pytest
from django.urls import reverse
from django.utils import timezone

from articles.content import PhotoRow
from issues import services
from issues.models import PageImage
from photos.services import add_photo
from press.models import Story
from reader.urls import urlpatterns

from . import factories
from .test_sheets import page_picture

HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)
CANARY = "琥珀色金丝雀"
#: What shows no story: the logo, corrections, which a new story has not, what installs the paper.
ELSEWHERE = {"logo", "corrections", "manifest", "worker"}


@pytest.fixture
def signed(staff, now):
    """A signed issue: its story has a photo, a town, a tag, a writer, a picture of its page."""
    issue = services.plan_issue(
        date=timezone.localdate(now) + dt.timedelta(days=1),
        user=staff["chief"],
        pages=[(1, "要闻"), (2, "镇街")],
        cutoff_at=now + HOUR,
        release_at=now + 9 * HOUR,
    )
    photo = add_photo(data=factories.picture(), caption="水闸", user=staff["reporter"], at=now)
    first, second = issue.pages.all()
    town = factories.Town.objects.get(slug="baisha")
    for page, kind in ((first, "story"), (second, "photo")):
        article = factories.make_in(
            "approved",
            staff["reporter"],
            now,
            headline=f"{CANARY}{page.number}",
            kind=kind,
            writer=CANARY,
            towns=(town.pk,),
            tags=(CANARY,),
            photos=(PhotoRow(photo.pk, CANARY, "张禾 摄"),),
        )
        services.place(article, page, user=staff["chief"], at=now)
    services.set_image(first, page_picture(), user=staff["editor"], at=now)
    (one,) = services.on_page(first)
    area = {"article": one.article_id, "x": 1, "y": 1, "w": 500, "h": 500}
    image = PageImage.objects.get()
    services.set_areas(first, [area], user=staff["editor"], at=now, seen=services.mark_of(image))
    services.close(issue, user=staff["head"], at=now)
    return services.sign(issue, user=staff["chief"], at=now)


def surfaces(signed) -> dict[str, str]:
    """The address of each kind of page on which the issue or its story shows."""
    story = Story.objects.get(page__number=1)
    key = (signed.date, signed.part)
    image = signed.edition.pages.get(number=1).image
    token = story.photos.get().token
    kinds: dict[str, list[object]] = {
        "front": [],
        "story": [story.pk],
        "gallery": [story.pk, 1],
        "photo_news": [],
        "photo": [token, f"w{story.photo_list[0]['widths'][0]}.webp"],
        "section": ["news"],
        "town": ["baisha"],
        "contributor": [story.byline[0]["id"]],
        "tag": [CANARY],
        "issues": [],
        "issue_year": [signed.date.year],
        "issue_month": [signed.date.year, signed.date.month],
        "issue": [key],
        "page": [key, 1],
        "page_image": [key, 1, image["token"], image["widths"][0]],
        "issue_pdf": [key],
        "page_pdf": [key, 1],
        "offline_list": [],
        "offline": [],
    }
    return {name: reverse(f"reader:{name}", args=args) for name, args in kinds.items()}


def shown(client, url: str) -> str:
    """What an address shows as text; "" where it answers 404."""
    answer = client.get(url)
    assert answer.status_code in {200, 404}, url
    if answer.status_code == 404:
        return ""
    if answer.headers["Content-Type"] == "application/pdf":
        document = pdfium.PdfDocument(b"".join(answer.streaming_content))
        return "".join(page.get_textpage().get_text_range() for page in document)
    if answer.streaming:
        return CANARY
    return str(answer.content.decode())


@pytest.mark.django_db
def test_at_its_release_and_not_a_second_before(client, signed, monkeypatch):
    urls = surfaces(signed)
    known = {pattern.name for pattern in urlpatterns}
    assert known == set(urls) | ELSEWHERE
    slug = signed.edition.get_absolute_url()
    _at(monkeypatch, signed.release_at - SECOND)
    for name, url in urls.items():
        text = shown(client, url)
        assert CANARY not in text, name
        assert slug not in text, name
    _at(monkeypatch, signed.release_at)
    for name, url in urls.items():
        text = shown(client, url)
        assert CANARY in text or slug in text, name


def _at(monkeypatch, moment: dt.datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
