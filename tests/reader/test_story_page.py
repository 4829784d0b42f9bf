"""Rule: a story's page is put together from a shared frame and nothing of a text becomes markup."""

from __future__ import annotations

import datetime as dt
import json

import lxml.html
import pytest
from django.test import Client
from django.utils import timezone

from paper.models import Section
from press.content_version import tracker
from press.models import Story
from reader.views import stories as story_view
from tests.helpers import factories
from tests.helpers.concurrency import all_at_once

HOUR = dt.timedelta(hours=1)


NASTY = [
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</script><b>", "<!--", "]]>"),
    *("\u2028", "' onfocus=a b='", "{{ 7*7 }}{% raw %}", "%(n)s%s%", "&lt;b&gt;", "⟦main⟧", "main"),
]


@pytest.mark.parametrize("before", ["", "/en"])
@pytest.mark.parametrize("bad", NASTY)
def test_no_word_of_a_story_becomes_a_part_of_the_page(client, paper, now, bad, before):
    """The page has the same elements and attributes as with a plain word in its place."""
    story = factories.make_story("第一篇", now - HOUR)
    pages = {}
    for word in ("字" * len(bad), bad):
        photo = {"url": "/photos/a", "width": 40, "height": 30, "widths": [40], "crops": [40]}
        photo |= {"caption": word, "credit": word, "alt": word, "placed": False}
        note = {"kind": "update", "note": word, "at": "2026-01-01T00:00:00+08:00"}
        Story.objects.filter(pk=story.pk).update(
            **dict.fromkeys(("kicker", "subhead", "dateline", "summary"), word),
            headline=f"{word}\n{word}",
            tag_names=[word],
            byline=[{"id": 1, "name": word, "role": word, "label": word}],
            places=[{"name": word, "url": "/towns/x/"}],
            photo_list=[photo, photo],
            corrections=[note],
        )
        page = client.get(before + story.get_absolute_url()).content.decode()
        pages[word] = lxml.html.fromstring(page)
    shapes = [
        [(one.tag, sorted(set(one.keys()) - {"lang"})) for one in page.iter()]
        for page in pages.values()
    ]
    assert shapes[0] == shapes[1]
    linked_data = json.loads(pages[bad].find(".//script[@type='application/ld+json']").text)
    assert linked_data["keywords"] == [bad]
    assert pages[bad].find(".//meta[@property='og:title']").get("content") == f"{bad} {bad}"


@pytest.mark.parametrize("name", ["⟦要闻⟧", "⟦main⟧", "main"])
def test_a_section_may_be_named_as_a_placeholder_of_the_frame(client, paper, now, name):
    story = factories.make_story("一篇", now - HOUR)
    Section.objects.filter(slug="literature").update(name=name)
    assert name in client.get(story.get_absolute_url()).content.decode()


def test_host_names_do_not_fill_the_memory(client, paper, now, settings):
    """The client chooses the port and the case of the host name."""
    settings.ALLOWED_HOSTS = ["paper.example.cn"]
    story = factories.make_story("一篇", now - HOUR)
    settings.PRESS_LOOK_SECONDS = 60
    for port in range(1, 60):
        host = {"host": f"paper.example.cn:{port}"}
        assert client.get(story.get_absolute_url(), headers=host).status_code == 200
    assert 1 <= len(tracker.newest().cache["story_frames"]) <= 20


def test_a_story_of_another_language_or_host_has_its_own_frame(client, paper, now, settings):
    settings.ALLOWED_HOSTS = ["testserver", "localhost"]
    story = factories.make_story("一篇", now - HOUR)
    url = story.get_absolute_url()
    chinese, english = client.get(url).content.decode(), client.get("/en" + url).content.decode()
    assert '<html lang="zh-hans"' in chinese
    assert '<html lang="en"' in english
    assert f"http://testserver{url}" in chinese
    other = client.get(url, headers={"host": "localhost"}).content.decode()
    assert f"http://localhost{url}" in other
    assert "testserver" not in other


def test_what_stories_share_is_read_once_per_content_version(
    client, paper, now, still_clock, django_assert_num_queries
):
    stories = [factories.make_story(f"第{n}篇", now - HOUR, tags=("水利",)) for n in range(12)]
    other = factories.make_story("另一篇", now - HOUR, tags=("旧闻",))
    still_clock()
    client.get(stories[0].get_absolute_url())
    for story, queries in ((other, 2), (stories[1], 1), (stories[2], 1)):
        with django_assert_num_queries(queries):
            page = client.get(story.get_absolute_url()).content.decode()
    assert page.count("第") >= 7


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_hundred_simultaneous_requests_build_a_story_once(monkeypatch):
    factories.make_paper()
    story = factories.make_story("第一篇", timezone.now() - HOUR)
    built: list[int] = []
    render_story = story_view.render_story

    def count(pk, frame):
        built.append(pk)
        return render_story(pk, frame)

    monkeypatch.setattr(story_view, "render_story", count)
    answers = all_at_once(200, lambda: Client().get(story.get_absolute_url()).content)
    assert len(set(answers)) == 1
    assert "第一篇" in answers[0].decode()
    assert 1 <= len(built) <= 2
