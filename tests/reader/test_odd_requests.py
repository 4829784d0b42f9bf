"""Rule: no request, however odd, breaks a public page or has a say in what others get."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bylines.models import Contributor
from paper.services import move_address
from press import services as press
from press.content_version import ContentVersion
from press.search_index import PRESS
from reader import base_context
from reader.page_cache import middleware
from reader.page_cache import redis as redis_cache
from reader.page_cache import store as page_store
from reader.search_form import terms_of
from reader.url_helpers import tag_address
from search.timeline import TimelineQuery
from tests.helpers import factories

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    "since",
    [
        "Mon, 01 Jan 2020 00:00:00 +99999999999999999999",
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
    ],
)
def test_a_date_that_no_calendar_has_is_no_date(client, paper, since, monkeypatch):
    monkeypatch.setattr("reader.page_cache.store._SETTLE_SECONDS", -1)
    assert "Last-Modified" in client.get("/").headers
    assert client.get("/", headers={"If-Modified-Since": since}).status_code == 200


def test_a_search_from_a_day_far_ahead_finds_nothing(client, paper, now):
    story = factories.make_story("水闸换了", now - DAY)
    for since in ("9999-12-31", "2173-01-01"):
        answer = client.get("/search/", {"q": "水闸", "since": since})
        assert answer.status_code == 200
        assert story.get_absolute_url() not in answer.content.decode()


@pytest.mark.parametrize("number", ["00{}", "9" * 10, "9" * 30])
def test_a_number_has_one_spelling_and_none_is_too_long(client, paper, now, number):
    story = factories.make_story("水闸换了", now - DAY)
    assert client.get(f"/stories/{story.pk}/").status_code == 200
    number = number.format(story.pk)
    for path in ("stories", "contributors", f"archive/{now:%Y/%m}", "issues/2026-01-01"):
        assert client.get(f"/{path}/{number}/").status_code == 404


def test_a_page_of_an_old_epoch_that_comes_late_takes_nothing_away(now):
    store, page = page_store.PageStore(), page_store.CachedResponse("200 OK", [], 'W/"1"', b"", b"")
    old, new, newest = (ContentVersion(mark, now - DAY, now + DAY, now) for mark in ("1", "2", "3"))
    store.put(new, "a?", page)
    store.put(old, "b?", page)
    assert store.get(new, "a?") is page
    assert store.get(old, "b?") is None
    store.put(newest, "b?", page)
    assert store.get(new, "a?") is None
    assert store.get(newest, "b?") is page


def test_who_waited_over_a_change_makes_the_page_of_the_new_epoch(now, monkeypatch):
    old, new = (ContentVersion(mark, now - DAY, now + DAY, now) for mark in ("1", "2"))
    monkeypatch.setattr(middleware.tracker, "_content_version", new)
    with middleware.key_lock(old, "a?") as content_version:
        assert content_version is new
    assert not middleware._locks


def test_a_search_names_no_writer_of_whom_nothing_is_out(client, paper, now):
    person = Contributor.objects.create(name="史未见")
    url = f"/search/?q=水闸&contributor={person.pk}"
    assert person.name not in client.get(url).content.decode()
    factories.make_story("水闸换了", now + DAY, writer=person.name)
    assert person.name not in client.get(url).content.decode()
    factories.make_story("水闸又换了", now - DAY, writer=person.name)
    assert person.name in client.get(url).content.decode()


def test_the_other_language_has_the_same_address(client, paper, now):
    story = factories.make_story("水闸换了", now - DAY, tags=("C#",))
    assert story.tag_names == ["C#"]
    page = client.get("/tags/C%23/").content.decode()
    assert 'href="http://testserver/en/tags/C%23/"' in page
    assert "/tags/C#/" not in page
    english = client.get("/en/tags/C%23/").content.decode()
    assert 'href="http://testserver/tags/C%23/"' in english


def test_an_old_address_leads_on_in_english_too(client, paper, now):
    move_address("/sections/before/", "/sections/news/", now)
    for path in ("/en/sections/before/", "/en/sections/before/feed.rss"):
        answer = client.get(path)
        assert answer.status_code == 301
        assert answer.headers["Location"] == path.replace("before", "news")


def test_a_withdrawal_counts_though_the_clock_of_the_desk_is_ahead(client, paper, now):
    story = factories.make_story("水闸换了", now - DAY)
    url = story.get_absolute_url()
    assert client.get(url).status_code == 200
    press.withdraw_story(story, reason="待核实", at=now + dt.timedelta(seconds=5))
    assert client.get(url).status_code == 410
    for page in ("/", "/sections/news/", "/archive/", "/contributors/1/"):
        assert "水闸换了" not in client.get(page).content.decode()


def test_a_proxy_may_say_more_than_https(client, paper, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for said, scheme in (("https, http", "https"), ("http", "http"), ("http, https", "http")):
        page = client.get("/", headers={"Host": "testserver", "X-Forwarded-Proto": said})
        assert f'rel="canonical" href="{scheme}://testserver/"' in page.content.decode()


def test_pages_that_processes_share_are_those_of_their_settings(settings, now):
    names = {redis_cache._name(content_version := ContentVersion("1", now, now + DAY, now), "a?")}
    settings.OFFLINE = not settings.OFFLINE
    names.add(redis_cache._name(content_version, "a?"))
    settings.SURFACE = "reader"
    names.add(redis_cache._name(content_version, "a?"))
    settings.DESK_ADDRESS = "https://elsewhere.example"
    names.add(redis_cache._name(content_version, "a?"))
    assert len(names) == 4


@pytest.mark.parametrize(
    "query", ["水闸 -水闸", "水闸换 -闸换", '"水闸 换了" -换了', "一二三 水闸 -一二"]
)
@pytest.mark.django_db
def test_what_contradicts_itself_asks_nothing(query, django_assert_num_queries):
    wanted, without = terms_of(query)
    with django_assert_num_queries(0):
        assert PRESS.find(TimelineQuery(wanted, without), size=3).numbers == []


def test_a_frame_that_another_thread_throws_away_is_shown_all_the_same(rf, paper, now):
    class Forgetful(dict):
        def __setitem__(self, key: object, value: object) -> None:
            """Keep nothing, as if somebody cleared it at once."""

    request = rf.get("/")
    request.content_version = ContentVersion("1", now - DAY, now + DAY, now)
    request.content_version.cache["frame"] = Forgetful()
    page = base_context.render_page(request, "reader/404.html", {})
    assert 'class="masthead"' in page.content.decode()


@pytest.mark.parametrize(
    "name", ["水利", "5G/6G", "C#", "a b", "100%", "é?&=+'\"<>", "a:@!$*(),;~"]
)
def test_a_tag_has_one_address_whoever_writes_it(name):
    assert tag_address(name) == reverse("reader:tag", args=[name])
