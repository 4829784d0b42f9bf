"""Rule: a story built in the WSGI wrapper equals, to the byte, what Django's handler would have made."""

from __future__ import annotations

import datetime as dt
import json

import lxml.html
import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from newsroom.demo import build
from paper.models import Section
from press.content_version import tracker
from press.models import Change, Story
from press.services import stories as press
from reader.page_cache import store as page_store
from reader.page_cache import story_shortcut
from reader.page_cache.wsgi import cached_application
from tests.helpers import factories
from tests.helpers.concurrency import all_at_once
from tests.helpers.wsgi_requests import ask

HOUR = dt.timedelta(hours=1)


def _handler(environ, start_response):
    """In the place of Django's handler: says that it was asked."""
    start_response("200 OK", [])
    return [b"django"]


@pytest.fixture
def door():
    return cached_application(_handler)


def model(client, url: str) -> None:
    """Let Django's handler render one story of this content version, and cache no other page."""
    page_store.store.clear()
    client.get(url)


@pytest.mark.parametrize("before", ["", "/en"])
def test_each_story_of_the_demo_is_the_same_either_way(client, db, door, now, before):
    build.build(now)
    # Last-Modified comes with the second after the last change, which may be this one.
    Change.objects.update(at=now - dt.timedelta(minutes=1))
    urls = [before + story.get_absolute_url() for story in Story.objects.visible().order_by("pk")]
    assert len(urls) > 20
    usual = {url: (client.get(url), ask(url, door)) for url in urls}
    model(client, urls[0])
    for url, (answer, kept) in usual.items():
        status, headers, body = ask(url, door)
        assert (status, body) == ("200 OK", answer.content), url
        assert headers == kept[1]
        assert {**headers, "ETag": ""} == {**dict(answer.items()), "ETag": ""}


def test_a_story_is_there_from_its_release_until_it_is_withdrawn(
    client, paper, door, now, monkeypatch
):
    first = factories.make_story("第一篇", now - HOUR)
    story = factories.make_story("第二篇", now + HOUR)
    url = story.get_absolute_url()
    model(client, first.get_absolute_url())
    assert ask(url, door)[2] == b"django"
    monkeypatch.setattr(timezone, "now", lambda: now + HOUR)
    model(client, first.get_absolute_url())
    assert "第二篇" in ask(url, door)[2].decode()
    press.withdraw_story(story, reason="待核实", at=now + HOUR)
    model(client, first.get_absolute_url())
    assert ask(url, door)[2] == b"django"


def test_a_new_epoch_asks_the_handler_first(client, paper, door, now):
    stories = [factories.make_story(f"第{n}篇", now - HOUR) for n in range(3)]
    model(client, stories[0].get_absolute_url())
    assert b"django" not in ask(stories[1].get_absolute_url(), door)[2]
    factories.make_story("又一篇", now - HOUR)
    assert ask(stories[2].get_absolute_url(), door)[2] == b"django"


@pytest.mark.parametrize(
    "other",
    [
        {"HTTP_HOST": "elsewhere.example"},
        {"wsgi.url_scheme": "https"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"QUERY_STRING": "q=水"},
        {"REQUEST_METHOD": "POST"},
    ],
)
def test_who_asks_otherwise_goes_the_usual_way(client, paper, door, now, other):
    """Another host, for one, which the handler may refuse."""
    stories = [factories.make_story(f"第{n}篇", now - HOUR) for n in range(2)]
    model(client, stories[0].get_absolute_url())
    url = stories[1].get_absolute_url()
    assert ask(url, door, **other)[2] == b"django"
    assert ask("/en" + url, door)[2] == b"django"
    assert ask(url[:-1], door)[2] == b"django"
    assert b"django" not in ask(url, door)[2]


@pytest.mark.parametrize(
    "odd",
    [
        *("//stories/{}/", "/stories//{}/", "/stories/{}//", "/stories/{}/\n", "/stories/0{}/"),
        *(
            "/stories/+{}/",
            "/stories/ {}/",
            "/stories/{}/\0",
            "/en/en/stories/{}/",
            "/EN/stories/{}/",
        ),
        *("/stories%2F{}/", "/stories/9{}9999999999/", "/stories/²{}/", "/stories/{};a=b/"),
    ],
)
def test_an_odd_address_is_the_handlers(client, paper, door, now, odd):
    stories = [factories.make_story(f"第{n}篇", now - HOUR) for n in range(2)]
    for before in ("", "/en"):
        model(client, before + stories[0].get_absolute_url())
    assert ask(odd.format(stories[1].pk), door)[2] == b"django"


NASTY = [
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</script><b>", "<!--", "]]>"),
    *("\u2028", "' onfocus=a b='", "{{ 7*7 }}{% raw %}", "%(n)s%s%", "&lt;b&gt;", "⟦main⟧", "main"),
]


@pytest.mark.parametrize("before", ["", "/en"])
@pytest.mark.parametrize("bad", NASTY)
def test_no_word_of_a_story_becomes_a_part_of_the_page(client, paper, door, now, bad, before):
    """The page has the same elements and attributes as with a plain word in its place."""
    first, story = (factories.make_story(f"第{n}篇", now - HOUR) for n in range(2))
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
        model(client, before + first.get_absolute_url())
        page = ask(before + story.get_absolute_url(), door)[2].decode()
        pages[word] = lxml.html.fromstring(page)
    shapes = [
        [(one.tag, sorted(set(one.keys()) - {"lang"})) for one in page.iter()]
        for page in pages.values()
    ]
    assert shapes[0] == shapes[1]
    machines = json.loads(pages[bad].find(".//script[@type='application/ld+json']").text)
    assert machines["keywords"] == [bad]
    assert pages[bad].find(".//meta[@property='og:title']").get("content") == f"{bad} {bad}"


@pytest.mark.parametrize("name", ["⟦要闻⟧", "⟦main⟧", "main"])
def test_a_section_may_be_named_as_a_place_of_the_frame(client, paper, now, name):
    story = factories.make_story("一篇", now - HOUR)
    Section.objects.filter(slug="literature").update(name=name)
    assert name in client.get(story.get_absolute_url()).content.decode()


def test_names_of_the_paper_do_not_fill_the_memory(client, paper, now, settings):
    """Whoever asks chooses the port, and whether a name has capitals."""
    settings.ALLOWED_HOSTS = ["paper.example.cn"]
    story = factories.make_story("一篇", now - HOUR)
    settings.PRESS_LOOK_SECONDS = 60
    for port in range(1, 60):
        host = {"host": f"paper.example.cn:{port}"}
        assert client.get(story.get_absolute_url(), headers=host).status_code == 200
    cache = tracker.newest().cache
    assert 1 <= len(cache["story_responses"]) <= 20
    assert 1 <= len(cache["story_frames"]) <= 20


@pytest.mark.parametrize("fault", [OperationalError, KeyError])
def test_a_fault_is_told_by_the_handler(client, paper, door, now, monkeypatch, fault):
    stories = [factories.make_story(f"第{n}篇", now - HOUR) for n in range(2)]
    model(client, stories[0].get_absolute_url())

    def fail(*_args: object) -> None:
        raise fault

    monkeypatch.setattr(story_shortcut, "render_story", fail)
    assert ask(stories[1].get_absolute_url(), door)[2] == b"django"


def test_the_language_of_the_thread_is_left_alone(client, paper, door, now):
    from django.utils.translation import get_language

    stories = [factories.make_story(f"第{n}篇", now - HOUR) for n in range(2)]
    model(client, "/en" + stories[0].get_absolute_url())
    before = get_language()
    page = ask("/en" + stories[1].get_absolute_url(), door)[2].decode()
    assert 'lang="en"' in page
    assert get_language() == before


def test_what_stories_share_is_asked_for_once_in_an_epoch(
    client, paper, door, now, still_clock, django_assert_num_queries
):
    stories = [factories.make_story(f"第{n}篇", now - HOUR, tags=("水利",)) for n in range(12)]
    other = factories.make_story("另一篇", now - HOUR, tags=("旧闻",))
    still_clock()
    model(client, stories[0].get_absolute_url())
    for story, queries in ((other, 2), (stories[1], 1), (stories[2], 1)):
        with django_assert_num_queries(queries):
            page = ask(story.get_absolute_url(), door)[2].decode()
    assert page.count("第") >= 7


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_hundred_who_ask_at_once_make_it_once(door, monkeypatch):
    factories.make_paper()
    hour_ago = timezone.now() - HOUR
    stories = [factories.make_story(f"第{n}篇", hour_ago) for n in range(2)]
    model(Client(), stories[0].get_absolute_url())
    made: list[int] = []
    render_story = story_shortcut.render_story

    def count(pk, frame):
        made.append(pk)
        return render_story(pk, frame)

    monkeypatch.setattr(story_shortcut, "render_story", count)
    answers = all_at_once(200, lambda: ask(stories[1].get_absolute_url(), door)[2])
    assert len(set(answers)) == 1
    assert "第1篇" in answers[0].decode()
    assert 1 <= len(made) <= 2
