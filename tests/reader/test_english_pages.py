"""Rule: a page in English says what is English in English, and what is Chinese is marked as such."""

from __future__ import annotations

import datetime as dt
import re

import lxml.html
import pytest
from django.urls import reverse

from newsroom.demo import build
from paper.models import Section
from press.models import Edition, Story
from tests.helpers import factories

HAN = re.compile(r"[\u3400-\u9fff]")
#: Called in Chinese on both: a name in its own language.
LANGUAGE_NAMES = {"中文"}


@pytest.fixture
def demo(db, now):
    build.build(now)


def addresses() -> list[str]:
    story = Story.objects.visible().exclude(photo_list=[]).latest("pk")
    placed = Story.objects.visible().exclude(places=[]).latest("pk")
    tagged = Story.objects.visible().exclude(tag_names=[]).latest("pk")
    corrected = Story.objects.visible().exclude(corrections=[]).latest("pk")
    edition = Edition.objects.visible().latest("date")
    day = edition.date
    return [
        *(reverse(f"reader:{name}") for name in ("homepage", "towns", "archive", "corrections")),
        *(reverse(f"reader:{name}") for name in ("about", "photo_news", "issues", "search")),
        *(one.get_absolute_url() for one in (story, tagged, corrected, story.section, edition)),
        *(place["url"] for place in placed.places),
        reverse("reader:gallery", args=[story.pk, 1]),
        reverse("reader:contributor", args=[story.byline[0]["id"]]),
        reverse("reader:tag", args=[tagged.tag_names[0]]),
        reverse("reader:page", args=[(day, 1), 1]),
        reverse("reader:archive_day", args=[day.year, day.month, day.day]),
        reverse("reader:issue_month", args=[day.year, day.month]),
        "/search/?q=水",
        "/search/?q=水利",
        "/nowhere/",
    ]


def unmarked(page: str) -> list[str]:
    """Return the Chinese that a voice would read as English."""
    found = []
    for element in lxml.html.fromstring(page).find("body").iter():
        if not isinstance(element.tag, str) or element.tag in {"script", "style"}:
            continue
        ways = [element, *element.iterancestors()]
        if any(one.get("aria-hidden") == "true" for one in ways):
            continue
        own = (element.text or "", ways)
        after = [(child.tail or "", ways) for child in element]
        for text, above in [own, *after]:
            language = next((one.get("lang") for one in above if one.get("lang")), "")
            if HAN.search(text) and not language.lower().startswith("zh"):
                found.append(text.strip())
    return [text for text in found if text not in LANGUAGE_NAMES]


def test_what_is_chinese_is_marked_as_chinese(client, demo):
    found = {url: unmarked(client.get("/en" + url).content.decode()) for url in addresses()}
    assert {url: texts for url, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    "body",
    [
        "<p><strong>导语</strong>正文在后。</p>",
        '<p>2026 <a href="https://example.cn/">链接</a>正文在后。</p>',
        "<p>A<br>第二行</p>",
        "<ul><li><strong>甲</strong>：说明</li></ul>",
    ],
)
def test_a_text_is_chinese_whatever_it_begins_with(client, paper, now, body):
    story = factories.make_story("标题", now - dt.timedelta(hours=1), body=body)
    assert unmarked(client.get("/en" + story.get_absolute_url()).content.decode()) == []


def test_an_address_in_a_text_stays_as_it_is(client, paper, now):
    body = '<p>写 href="/stories/9/" 即可</p>'
    story = factories.make_story("标题", now - dt.timedelta(hours=1), body=body)
    assert '写 href="/stories/9/"' in client.get("/en" + story.get_absolute_url()).content.decode()


def test_sections_and_days_are_in_english(client, demo):
    for url in addresses():
        page = client.get("/en" + url).content.decode()
        for section in Section.objects.exclude(english_name=""):
            for tag in ("a", "option", "h1"):
                found = re.search(rf">\s*{section.name}\s*</{tag}>", page)
                assert not found, (url, section.name)
        assert "农历" not in page.replace("农历", "", page.count('class="folio')), url


def test_a_chinese_page_marks_nothing(client, demo):
    page = client.get("/").content.decode()
    assert 'lang="zh-Hans"' not in page


def test_every_feed_that_a_page_announces_is_there(client, demo):
    for url in addresses():
        page = client.get(url).content.decode()
        for feed in re.findall(r'type="application/[a-z]+\+(?:xml|json)"[^>]*href="([^"]+)"', page):
            assert client.get(feed.removeprefix("http://testserver")).status_code == 200, url
