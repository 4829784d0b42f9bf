"""Rule: a story made at the front door is to the byte what Django's handler would have made."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from newsroom.demo import build
from press.models import Story
from press.services import stories as press
from reader import keeping, quick
from reader.front_door import front_door

from . import factories
from .test_page_cache import ask

HOUR = dt.timedelta(hours=1)


def _handler(environ, start_response):
    """In the place of Django's handler: says that it was asked."""
    start_response("200 OK", [])
    return [b"django"]


@pytest.fixture
def door():
    return front_door(_handler)


def model(client, url: str) -> None:
    """Let Django's handler make one story of this epoch, and no other page be kept."""
    keeping.store.clear()
    client.get(url)


@pytest.mark.parametrize("before", ["", "/en"])
def test_each_story_of_the_demo_is_the_same_either_way(client, db, door, now, before):
    build.build(now)
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


@pytest.mark.parametrize("fault", [OperationalError, KeyError])
def test_a_fault_is_told_by_the_handler(client, paper, door, now, monkeypatch, fault):
    stories = [factories.make_story(f"第{n}篇", now - HOUR) for n in range(2)]
    model(client, stories[0].get_absolute_url())

    def fail(*_args: object) -> None:
        raise fault

    monkeypatch.setattr(quick, "page_of", fail)
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
    page_of = quick.page_of

    def count(pk, frame):
        made.append(pk)
        return page_of(pk, frame)

    monkeypatch.setattr(quick, "page_of", count)
    ready, answers = threading.Barrier(200), []

    def reader() -> None:
        ready.wait()
        answers.append(ask(stories[1].get_absolute_url(), door)[2])
        connection.close()

    threads = [threading.Thread(target=reader) for _n in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert "第1篇" in answers[0].decode()
    assert 1 <= len(made) <= 2
