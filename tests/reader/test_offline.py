"""Rule: a reader's device keeps the latest issue as it is seen now, that alone; and a switch ends it."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from paper.models import Paper
from press.models import Edition, Story
from press.services import withdraw_story
from tests.helpers import factories
from tests.helpers.paths import ROOT

STATIC = ROOT / "static" / "reader"
MOST_BYTES = 4096
ADDRESSES = ("/manifest.webmanifest", "/offline.json", "/offline/")


def printed(now, days: int, titles: tuple[str, ...] = ("早市",)) -> Edition:
    """An edition of `days` ago with a page and a story of each title on it."""
    day = now.date() - dt.timedelta(days=days)
    edition = Edition.objects.create(
        number=3000 - days, date=day, release_at=now - dt.timedelta(days=days), sha256="0" * 64
    )
    page = edition.pages.create(number=1, name="要闻")
    for place, title in enumerate(titles):
        story = factories.make_story(title, now - dt.timedelta(days=max(days, 0), minutes=5))
        Story.objects.filter(pk=story.pk).update(page=page, position=place)
    return edition


def told(client) -> dict:
    return client.get("/offline.json").json()


def test_only_the_latest_issue_that_is_out_is_kept(client, paper, now):
    old = printed(now, 2, ("旧渠",))
    last = printed(now, 1, ("新渠", "早市"))
    coming = printed(now, -1, ("明天",))
    loose = factories.make_story("不在版上", now - dt.timedelta(hours=1))
    kept = told(client)
    stories = [story.get_absolute_url() for story in Story.objects.filter(page__edition=last)]
    assert kept["issue"] == last.get_absolute_url()
    around = ["/", "/offline/", last.get_absolute_url(), f"{last.get_absolute_url()}1/"]
    assert sorted(kept["pages"]) == sorted(around + stories)
    assert len(stories) == 2
    others = [old.get_absolute_url(), coming.get_absolute_url(), loose.get_absolute_url()]
    assert not set(others) & set(kept["pages"])


def test_every_address_of_the_list_is_there(client, paper, now):
    printed(now, 1, ("新渠", "早市"))
    kept = told(client)
    assert [client.get(url).status_code for url in kept["pages"]] == [200] * len(kept["pages"])
    assert all(finders.find(url.removeprefix("/static/")) for url in kept["files"])


def test_the_files_are_those_that_the_kept_pages_ask_for(client, paper, now):
    printed(now, 1)
    kept = told(client)
    asked = set()
    for url in kept["pages"]:
        page = client.get(url).content.decode()
        asked |= set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page))
    assert asked == set(kept["files"])


def test_what_was_withdrawn_goes_and_the_list_is_another_one(client, paper, now):
    edition = printed(now, 1, ("新渠", "早市"))
    before = told(client)
    gone = Story.objects.get(headline="早市")
    assert gone.get_absolute_url() in before["pages"]
    withdraw_story(gone, at=now, reason="误")
    after = told(client)
    assert gone.get_absolute_url() not in after["pages"]
    assert after["version"] != before["version"]
    assert after["issue"] == edition.get_absolute_url()
    assert told(client) == after


def test_a_huge_issue_does_not_fill_a_device(client, paper, now, monkeypatch):
    monkeypatch.setattr("reader.offline.MOST", 2)
    printed(now, 1, ("一", "二", "三"))
    stories = [url for url in told(client)["pages"] if url.startswith("/stories/")]
    assert len(stories) == 2


def test_a_paper_without_an_issue_keeps_its_front_page(client, paper):
    kept = told(client)
    assert (kept["issue"], kept["pages"]) == ("", ["/", "/offline/"])
    assert client.get("/offline/").status_code == 200


def test_the_page_lists_what_is_kept(client, paper, now):
    edition = printed(now, 1, ("新渠", "早市"))
    page = client.get("/offline/").content.decode()
    for url in told(client)["pages"]:
        assert f'href="{url}"' in page or url == "/offline/"
    assert edition.number_line in page


@pytest.mark.parametrize("count", [2, 12])
def test_the_list_takes_few_queries_however_long_it_is(client, paper, now, count, still_clock):
    printed(now, 1, tuple(f"第{n}条" for n in range(count)))
    still_clock()
    with CaptureQueriesContext(connection) as taken:
        client.get("/offline.json")
    assert len(taken) <= 3


def test_the_manifest_says_whose_paper_it_is(client, paper):
    answer = client.get("/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    told = json.loads(answer.content)
    name = Paper.objects.get().name
    assert (told["name"], told["short_name"]) == (name, name[:12])
    assert (told["lang"], told["start_url"], told["display"]) == ("zh-Hans", "/", "standalone")
    purposes = {(icon["sizes"], icon["purpose"]) for icon in told["icons"]}
    assert purposes == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    for icon in told["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        assert "x".join(map(str, Image.open(path).size)) == icon["sizes"]


def test_colours_of_the_manifest_are_those_of_the_paper(client, paper):
    told = json.loads(client.get("/manifest.webmanifest").content)
    css = (STATIC / "reader.css").read_text(encoding="utf-8")
    assert f"--red: {told['theme_color']};" in css
    assert f"--paper: {told['background_color']};" in css
    page = client.get("/").content.decode()
    assert page.count('<meta name="theme-color"') == 2


def test_icons_are_as_the_script_draws_them():
    from tools import icons

    drawn = icons.draw(192, is_full=False)
    kept = Image.open(STATIC / "icon-192.png").convert("RGBA")
    assert drawn.tobytes() == kept.tobytes()
    # A circle of four fifths, which a phone may cut, holds the whole drawing.
    full = icons.draw(512, is_full=True, scale=icons.SAFE)
    white = full.convert("L").point(lambda value: 255 * (value > 200)).getbbox()
    assert all(
        ((x - 256) ** 2 + (y - 256) ** 2) ** 0.5 <= 0.4 * 512 for x, y in (white[:2], white[2:])
    )


@pytest.mark.parametrize("is_on", [True, False])
def test_the_worker_is_small_public_and_at_the_root(client, paper, settings, is_on):
    settings.OFFLINE = is_on
    answer = client.get("/sw.js")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert "no-cache" in answer.headers["Cache-Control"]
    assert len(answer.content) < MOST_BYTES
    assert ("unregister()" in answer.content.decode()) is not is_on


def test_switched_off_there_is_nothing_to_install_or_keep(client, paper, settings):
    assert 'rel="manifest"' in client.get("/").content.decode()
    assert [client.get(url).status_code for url in ADDRESSES] == [200] * len(ADDRESSES)
    settings.OFFLINE = False
    from reader.page_cache import store as page_store

    page_store.store.clear()
    assert 'rel="manifest"' not in client.get("/").content.decode()
    assert [client.get(url).status_code for url in ADDRESSES] == [404] * len(ADDRESSES)


def test_both_workers_speak_of_the_same_store():
    name = re.search(r'NAME = "(\w+)"', (STATIC / "sw.js").read_text(encoding="utf-8"))[1]
    assert f'caches.delete("{name}")' in (STATIC / "sw-off.js").read_text(encoding="utf-8")


def test_buttons_that_need_a_script_are_hidden_without_one(client, paper, now):
    printed(now, 1)
    page = client.get(Story.objects.get().get_absolute_url()).content.decode()
    head = page[: page.index("</head>")]
    # The one script that waits for nothing, so that the first paint is right.
    assert re.findall(r'<script src="[^"]+/(\w+)\.js">', head) == ["early"]
    for button in re.findall(r"<button[^>]*data-easy[^>]*>", page):
        assert 'class="needs-js"' in button
    assert len(re.findall(r"<button[^>]*data-easy", page)) == 2
    assert '<div class="tools needs-js">' in page
