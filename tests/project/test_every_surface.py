"""Rule: an issue is visible nowhere before its release; withdrawn stories are visible nowhere.

The URLs come from the URLconf, so a new one without a sample fails.
"""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote

import pypdfium2 as pdfium
import pytest
from django.urls import reverse

from articles.models import Article
from articles.services import withdraw
from press.models import Story
from reader.sitemaps import LISTS
from reader.urls import urlpatterns
from tests.helpers.canary_issue import CANARY, sign_canary_issue, surfaces

HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)
#: URLs that show no story: the logo, corrections (a new story has none), files for programs.
ELSEWHERE = {"logo", "icon", "corrections", "robots", "llms", "about", "manifest", "worker"}


@pytest.fixture
def signed(staff, now):
    return sign_canary_issue(staff, now)


def signs_of(signed) -> list[str]:
    """Return the words and URLs that reveal the issue or its story."""
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
    """Return the text of a URL; "" for a 404."""
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
    # Twice: the second time from the cache, if the response is cached.
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
