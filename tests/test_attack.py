"""Attacks on the quick story. A test that fails shows a fault."""
from __future__ import annotations

import datetime as dt
import threading
import tracemalloc

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from paper.models import Paper, Section, Town
from press import services as press
from press.clock import clock
from press.models import Story, StoryContributor
from press.near import near
from reader import keeping, quick
from reader.addresses import in_english
from reader.front_door import front_door

from . import factories
from .test_page_cache import ask

HOUR = dt.timedelta(hours=1)


def _handler(environ, start_response):
    start_response("200 OK", [])
    return [b"django"]


@pytest.fixture
def door():
    return front_door(_handler)


def model(client, url, **extra):
    keeping.store.clear()
    return client.get(url, **extra)


# 1 memory
def test_models_do_not_grow_with_ports(client, paper, now, still_clock, settings):
    settings.ALLOWED_HOSTS = ["paper.example.cn"]
    story = factories.make_story("一篇", now - HOUR)
    Client().get("/nowhere/", headers={"host": "paper.example.cn"})
    settings.PRESS_LOOK_SECONDS = 60
    n = 300
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for port in range(1, n + 1):
        r = client.get(story.get_absolute_url(), headers={"host": f"paper.example.cn:{port}"})
        assert r.status_code == 200
    keeping.store.clear()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    notes = clock.newest().notes
    print("per host bytes", grown / n, {k: len(v) for k, v in notes.items() if hasattr(v, "__len__")})
    assert len(notes["models"]) < 50
    assert len(notes["story_frames"]) < 50


def test_headers_do_not_grow_with_searches(client, paper, now, still_clock, monkeypatch):
    factories.make_story("一篇", now - HOUR)
    still_clock()
    epoch = clock.newest()
    epoch.notes["modified"] = "Thu, 01 Jan 2026 00:00:00 GMT"  # settled
    client.get("/search/?q=zz0")
    n = 300
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for k in range(n):
        client.get(f"/search/suggest/?q=zz{k}")
        client.get(f"/search/?q=zz{k}")
    keeping.store.clear()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    print("headers", len(epoch.notes["headers"]), "bytes per page", grown / n)
    assert len(epoch.notes["headers"]) < 250


# 2 marks
@pytest.mark.parametrize("name", ["⟦要闻⟧", "⟦main⟧"])
def test_a_section_may_be_named_so(client, paper, now, name):
    story = factories.make_story("一篇", now - HOUR)
    Section.objects.filter(slug="literature").update(name=name)
    client.raise_request_exception = False
    r = client.get(story.get_absolute_url())
    assert r.status_code == 200
    assert name in r.content.decode()


# 3 surrogates
def test_a_lone_surrogate_is_no_fault_of_the_door(client, paper, door, now):
    stories = [factories.make_story(f"第{n}篇", now - HOUR) for n in range(2)]
    Story.objects.filter(pk=stories[1].pk).update(tag_names=["a\ud800"])
    model(client, stories[0].get_absolute_url())
    ask(stories[1].get_absolute_url(), door)


# 4 two roles
def two_roles(story):
    row = StoryContributor.objects.filter(story=story).first()
    StoryContributor.objects.create(
        story=story, release_at=story.release_at, contributor=row.contributor, role="摄影", order=1
    )


def test_who_writes_and_photographs_counts_once(client, paper, now):
    stories = [factories.make_story(f"第{n}篇", now - HOUR - n * dt.timedelta(minutes=1)) for n in range(9)]
    for s in stories:
        two_roles(s)
    found = near(stories[0], at=timezone.now(), kept={}).related
    assert len(found) == 6


def test_two_roles_do_not_outweigh_a_shared_tag(client, paper, now):
    a = factories.make_story("问", now - HOUR, tags=("水",))
    b = factories.make_story("同题", now - 2 * HOUR, tags=("水",), writer="别人")
    c = factories.make_story("同人", now - 3 * HOUR)
    two_roles(c)
    found = near(a, at=timezone.now(), kept={}).related
    assert [s.pk for s in found] == [b.pk, c.pk]


def test_withdrawn_ones_take_no_place(client, paper, now):
    a = factories.make_story("问", now - 3 * HOUR, tags=("水",))
    old = factories.make_story("旧", now - 2 * HOUR, tags=("水",), writer="别人")
    for n in range(8):
        s = factories.make_story(f"撤{n}", now - HOUR, tags=("水",), writer="又一人")
        press.withdraw_story(s, reason="待核实", at=now)
    found = near(a, at=timezone.now(), kept={}).related
    assert [s.pk for s in found] == [old.pk]


def test_town_whose_address_changed(client, paper, now):
    town = Town.objects.get(slug="baisha")
    a = factories.make_story("问", now - 3 * HOUR, towns=(town.pk,))
    b = factories.make_story("旧", now - 2 * HOUR, towns=(town.pk,), writer="别人")
    Town.objects.filter(pk=town.pk).update(slug="new-baisha")
    found = near(Story.objects.get(pk=a.pk), at=timezone.now(), kept={}).related
    assert [s.pk for s in found] == [b.pk]


# 5 English page leaves text alone
def test_english_leaves_the_text_alone(client, paper, now):
    s = factories.make_story("码", now - HOUR, body='<p>写 href="/stories/9/" 即可</p>')
    zh = client.get(s.get_absolute_url()).content.decode()
    en = client.get("/en" + s.get_absolute_url()).content.decode()
    assert 'href="/stories/9/"' in zh
    assert '写 href="/stories/9/" 即可' in en


# 6 hostile strings
NASTY = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "⟦main⟧⟦title⟧⟦x⟧", "</script><b>",
    "\u2028\u2029", "' onfocus=a b='", "{{ 7*7 }}{% raw %}", "%(n)s%s%", "&lt;b&gt;&amp;", "\\u003c/script\\u003e", "<!--", "]]>",
]


@pytest.mark.parametrize("bad", NASTY)
@pytest.mark.parametrize("before", ["", "/en"])
def test_hostile(client, paper, door, now, bad, before):
    first = factories.make_story("第一", now - HOUR)
    s = factories.make_story("第二", now - HOUR)
    pic = {"url": "/photos/aaa", "width": 40, "height": 30, "widths": [40], "crops": [40], "caption": bad, "credit": bad, "alt": bad, "placed": False}
    Story.objects.filter(pk=s.pk).update(
        kicker=bad, headline=bad + "\n" + bad, subhead=bad, dateline=bad, summary=bad, tag_names=[bad],
        byline=[{"id": 1, "name": bad, "role": bad, "label": bad}], places=[{"name": bad, "url": "/towns/x/"}],
        photo_list=[pic, pic], corrections=[{"kind": "update", "note": bad, "at": "2026-01-01T00:00:00+08:00"}],
        corrected_at=now, body="<p>正文</p>",
    )
    model(client, before + first.get_absolute_url())
    page = ask(before + s.get_absolute_url(), door)[2].decode()
    assert page != "django"
    from html.parser import HTMLParser

    class P(HTMLParser):
        def __init__(self):
            super().__init__()
            self.tags, self.attrs, self.data, self.json = [], [], [], []
            self.cur = None
        def handle_starttag(self, tag, attrs):
            self.tags.append(tag); self.attrs += [(tag, *a) for a in attrs]; self.cur = (tag, dict(attrs))
        def handle_endtag(self, tag): self.cur = None
        def handle_data(self, d):
            self.data.append(d)
            if self.cur and self.cur[0] == "script": self.json.append(d)
    p = P(); p.feed(page)
    # as with a plain word
    Story.objects.filter(pk=s.pk).update(
        kicker="字", headline="字\n字", subhead="字", dateline="字", summary="字", tag_names=["字"],
        byline=[{"id": 1, "name": "字", "role": "字", "label": "字"}], places=[{"name": "字", "url": "/towns/x/"}],
        photo_list=[{**pic, "caption": "字", "credit": "字", "alt": "字"}] * 2, corrections=[{"kind": "update", "note": "字", "at": "2026-01-01T00:00:00+08:00"}])
    model(client, before + first.get_absolute_url())
    q = P(); q.feed(ask(before + s.get_absolute_url(), door)[2].decode())
    assert p.tags == q.tags
    strip = lambda attrs: [(t, n) for t, n, v in attrs if n != "lang"]
    assert strip(p.attrs) == strip(q.attrs)
    import json
    data = json.loads(next(j for j in p.json if j.startswith("{")))
    assert data["keywords"] == [bad]
    assert data["headline"] == bad + " " + bad
    assert ("meta", "content", bad) in p.attrs
    # handler makes the same
    keeping.store.clear()


# 7 odd requests
ODD = ["//stories/{pk}/", "/stories//{pk}/", "/stories/{pk}//", "/stories/{pk}/\n", "/stories/{pk}/%0a", "/stories/0{pk}/", "/stories/+{pk}/",
       "/stories/ {pk}/", "/stories/{pk}/\x00", "/en//stories/{pk}/", "/en/en/stories/{pk}/", "/EN/stories/{pk}/", "/stories/{pk}", "/stories%2F{pk}/",
       "/stories/99999999999999999999/", "/stories/999999999/", "/stories/-1/", "/stories/²/", "/desk/../stories/{pk}/", "/stories/{pk}/.", "/stories/{pk};a=b/", "/stories/{pk}/?"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_path_is_as_django_has_it(client, paper, now, odd, door):
    first = factories.make_story("第一", now - HOUR)
    s = factories.make_story("第二", now - HOUR)
    model(client, first.get_absolute_url())
    model(client, "/en" + first.get_absolute_url())
    path = odd.format(pk=s.pk)
    assert ask(path, door)[2] == b"django"


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "PUT", "head", "get", "TRACE"])
def test_methods(client, paper, now, door, method):
    first = factories.make_story("第一", now - HOUR)
    s = factories.make_story("第二", now - HOUR)
    model(client, first.get_absolute_url())
    assert ask(s.get_absolute_url(), door, REQUEST_METHOD=method)[2] == b"django"
    assert ask(s.get_absolute_url(), door, REQUEST_METHOD="HEAD")[2] == b""


@pytest.mark.parametrize("extra", [
    {"HTTP_HOST": ""}, {"HTTP_HOST": "testserver"}, {"HTTP_HOST": "testserver:80"}, {"SERVER_NAME": "evil"},
    {"HTTP_X_FORWARDED_HOST": "evil"}, {"HTTP_X_FORWARDED_PROTO": " https , http"}, {"HTTP_X_FORWARDED_PROTO": "HTTPS"}, {"HTTP_COOKIE": "a=b; django_language=en"},
    {"HTTP_ACCEPT_LANGUAGE": "en"}, {"SCRIPT_NAME": "/x"},
])
def test_who_asks_has_no_say(client, paper, now, door, extra):
    first = factories.make_story("第一", now - HOUR)
    s = factories.make_story("第二", now - HOUR)
    model(client, first.get_absolute_url())
    body = ask(s.get_absolute_url(), door, **extra)[2].decode()
    assert "evil" not in body
    keeping.store.clear()
    usual = client.get(s.get_absolute_url()).content.decode()
    print(extra, "django" if body == "django" else "made")
    assert body in ("django", usual)
