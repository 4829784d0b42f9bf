"""Rule: of an issue nothing shows anywhere before its release, everything at it, nothing withdrawn.

The addresses come from the URLconf: a new one that nobody thought of here fails.
"""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote

import pypdfium2 as pdfium
import pytest
from django.urls import reverse
from django.utils import timezone

from articles.content import PhotoRow
from articles.models import Article
from articles.services import withdraw
from issues import services
from issues.models import PageImage
from photos.services import add_photo
from press.models import Story
from reader.sitemaps import BLOCK, LISTS
from reader.urls import urlpatterns
from tests.helpers import factories
from tests.issues.test_page_images import page_picture

HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)
CANARY = "琥珀色金丝雀"
#: What shows no story: the logo, corrections, which a new story has not, what machines are told.
ELSEWHERE = {"logo", "icon", "corrections", "robots", "llms", "about", "manifest", "worker"}


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
    (one,) = services.stories_on_page(first)
    area = {"article": one.article_id, "x": 1, "y": 1, "w": 500, "h": 500}
    image = PageImage.objects.get()
    services.set_areas(
        first, [area], user=staff["editor"], at=now, seen=services.page_image_version(image)
    )
    services.close(issue, user=staff["head"], at=now)
    return factories.sign_issue(issue, user=staff["chief"], at=now)


def surfaces(signed) -> dict[str, str]:
    """The address of each kind of page on which the issue or its story shows."""
    story = Story.objects.get(page__number=1)
    key = (signed.date, signed.part)
    # The archive goes by the day of release.
    out = timezone.localdate(signed.release_at)
    image = signed.edition.pages.get(number=1).image
    token = story.photos.get().token
    kinds: dict[str, list[object]] = {
        "homepage": [],
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
        "archive": [],
        "archive_year": [out.year],
        "archive_month": [out.year, out.month],
        "archive_day": [out.year, out.month, out.day],
        "towns": [],
        "feed": ["rss"],
        "section_feed": ["news", "atom"],
        "town_feed": ["baisha", "json"],
        "contributor_feed": [story.byline[0]["id"], "rss"],
        "tag_feed": [CANARY, "atom"],
        "sitemap_index": [],
        "sitemap_stories": [story.pk // BLOCK],
        "sitemap_news": [],
        "offline_list": [],
        "offline": [],
    }
    urls = {name: reverse(f"reader:{name}", args=args) for name, args in kinds.items()}
    # What is asked for stands on the page that answers: two characters are no canary.
    urls |= {name: f"{reverse(f'reader:{name}')}?q={CANARY[:2]}" for name in ("search", "suggest")}
    lists = {name: reverse("reader:sitemap", args=[name]) for name in LISTS}
    return urls | lists


def signs_of(signed) -> list[str]:
    """What tells of the issue or its story: their words and addresses."""
    story = Story.objects.get(page__number=1)
    person = story.byline[0]["id"]
    return [
        CANARY,
        quote(CANARY),
        signed.edition.get_absolute_url(),
        reverse("reader:issue_month", args=[signed.date.year, signed.date.month]),
        f"<loc>http://testserver{story.get_absolute_url()}",
        f"<loc>http://testserver/contributors/{person}/",
        "/sitemaps/stories-",
    ]


def shown(client, url: str) -> str:
    """What an address shows as text; "" where it answers 404."""
    answer = client.get(url)
    assert answer.status_code in {200, 404, 410}, url
    if answer.status_code == 404:
        return ""
    if answer.headers["Content-Type"] == "application/pdf":
        document = pdfium.PdfDocument(b"".join(answer.streaming_content))
        return "".join(page.get_textpage().get_text_range() for page in document)
    if answer.streaming:
        return CANARY
    return str(answer.content.decode())


@pytest.mark.django_db
def test_at_its_release_and_not_a_second_before_and_not_withdrawn(
    client, signed, staff, monkeypatch
):
    urls = surfaces(signed)
    known = {pattern.name for pattern in urlpatterns}
    assert known | set(LISTS) == set(urls) | ELSEWHERE | {"sitemap"}
    signs = signs_of(signed)
    asked = {**urls, **{f"{name} in English": f"/en{url}" for name, url in urls.items()}}
    # Twice: the second time from the cache, if there was anything to keep.
    _at(monkeypatch, signed.release_at - SECOND)
    for name, url in [*asked.items()] * 2:
        text = shown(client, url)
        assert not [sign for sign in signs if sign in text], name
    _at(monkeypatch, signed.release_at)
    for name, url in [*asked.items()] * 2:
        text = shown(client, url)
        assert [sign for sign in signs if sign in text], (name, text[:300])
    for article in Article.objects.filter(headline__startswith=CANARY):
        withdraw(article, user=staff["chief"], reason="待核实", at=signed.release_at + SECOND)
    _at(monkeypatch, signed.release_at + SECOND)
    for name, url in [*asked.items()] * 2:
        text = shown(client, url)
        assert CANARY not in text, name
        assert quote(CANARY) not in text, name


def _at(monkeypatch, moment: dt.datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
