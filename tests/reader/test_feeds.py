"""Feeds in three formats, and what a page says of itself to machines."""

from __future__ import annotations

import datetime as dt
import json
import re
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.content import PhotoRow
from bylines.models import Contributor
from paper.models import Paper, Town
from photos.services import add_photo
from press import services as press
from press.models import Story
from reader.feeds import tag_uri
from reader.page_cache import store as page_store
from tests.helpers import factories
from tests.helpers.many_stories import print_many

HOUR = dt.timedelta(hours=1)
ATOM = "{http://www.w3.org/2005/Atom}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
KINDS = ["rss", "atom", "json"]


def titles(response) -> list[str]:
    """The headlines of a feed of any kind, in its order."""
    if "json" in response.headers["Content-Type"]:
        return [item["title"] for item in json.loads(response.content)["items"]]
    root = ET.fromstring(response.content)
    return [node.text or "" for node in root.findall("channel/item/title")] or [
        node.text or "" for node in root.findall(f"{ATOM}entry/{ATOM}title")
    ]


def lists(person: Contributor) -> dict[str, int]:
    """The lists that have feeds, each with the queries that its feed takes."""
    return {
        "/": 2,
        "/sections/news/": 3,
        "/towns/baisha/": 3,
        f"/contributors/{person.pk}/": 3,
        "/tags/水利/": 3,
    }


@pytest.mark.parametrize("count", [3, 100])
def test_a_feed_has_the_newest_thirty_in_few_queries(client, paper, now, count, still_clock):
    print_many(count, now)
    still_clock()
    person = Contributor.objects.get()
    for url, most in lists(person).items():
        for kind in KINDS:
            with CaptureQueriesContext(connection) as queries:
                response = client.get(f"{url}feed.{kind}")
            assert titles(response) == [f"第{n}篇" for n in range(1, min(count, 30) + 1)]
            assert len(queries) == most, (url, kind)
            assert response.is_public
            assert response.headers["Cache-Control"] == "public, no-cache"
            assert response.headers["Vary"] == "Accept-Encoding"


def test_a_feed_holds_what_is_of_its_list_and_out(client, paper, now):
    town = Town.objects.get(slug="shiqiao")
    factories.make_story("石桥的", now - HOUR, towns=(town.pk,), tags=("桥",), writer="甲")
    factories.make_story("副刊的", now - HOUR, section="literature", writer="乙")
    factories.make_story("明天的", now + HOUR, towns=(town.pk,), tags=("桥", "明天"), writer="丙")
    gone = factories.make_story("撤下的", now - HOUR, towns=(town.pk,), tags=("桥",), writer="丁")
    press.withdraw_story(gone, reason="待核实", at=now)
    ids = dict(Contributor.objects.values_list("name", "pk"))
    wanted = {
        "/": {"石桥的", "副刊的"},
        "/sections/news/": {"石桥的"},
        "/towns/shiqiao/": {"石桥的"},
        "/towns/baisha/": set(),
        "/tags/桥/": {"石桥的"},
        f"/contributors/{ids['乙']}/": {"副刊的"},
    }
    for url, stories in wanted.items():
        for kind in KINDS:
            assert set(titles(client.get(f"{url}feed.{kind}"))) == stories, (url, kind)
    for url in ("/tags/明天/", f"/contributors/{ids['丙']}/", f"/contributors/{ids['丁']}/"):
        assert client.get(f"{url}feed.rss").status_code == 404
    for url in ("/sections/none/", "/towns/none/", "/tags/none/", "/contributors/999/"):
        assert client.get(f"{url}feed.atom").status_code == 404
    assert client.get("/feed.xml").status_code == 404


@pytest.fixture
def odd(paper, staff, now) -> Story:
    """A story with signs that XML cannot hold, a photo, and two people."""
    photo = add_photo(data=factories.picture(), caption="水闸", user=staff["reporter"], at=now)
    story = factories.make_story(
        "水闸换了电动机",
        now - HOUR,
        photos=(PhotoRow(photo.pk, "水闸", "张禾 摄"),),
        tags=("水利",),
    )
    Story.objects.filter(pk=story.pk).update(
        headline="水\x0b闸<b>&\ufffe换",
        summary="甲 < 乙 & “丙”\x01\x1f",
        tag_names=["水\x08利"],
        byline=[
            {"id": 7, "name": "甲\x01乙", "role": "记者", "label": ""},
            {"id": 8, "name": "丙丁", "role": "通讯员", "label": ""},
            {"id": 7, "name": "甲\x01乙", "role": "摄影", "label": ""},
        ],
        corrected_at=now,
    )
    story.refresh_from_db()
    return story


def test_rss_holds_any_text(client, odd):
    Paper.objects.update(name="试\x02验<日报>")
    item = ET.fromstring(client.get("/feed.rss").content).find("channel/item")
    assert item.findtext("title") == "水闸<b>&换"
    assert item.findtext("description") == "甲 &lt; 乙 &amp; “丙”"
    assert item.findtext("link") == f"http://testserver/stories/{odd.pk}/"
    assert [node.text for node in item.findall(CREATOR)] == ["甲乙", "丙丁"]
    assert [node.text for node in item.findall("category")] == ["要闻", "水利"]
    photo = item.find("enclosure")
    assert photo.get("type") == "image/jpeg"
    assert client.get(photo.get("url").removeprefix("http://testserver")).status_code == 200


def test_atom_holds_any_text(client, odd, now):
    feed = ET.fromstring(client.get("/sections/news/feed.atom").content)
    assert feed.findtext(f"{ATOM}title") == "要闻 · 试验日报"
    assert feed.findtext(f"{ATOM}id").endswith(",2026:/sections/news/")
    assert feed.find(f"{ATOM}link[@rel='self']").get("href").endswith("/sections/news/feed.atom")
    entry = feed.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "水闸<b>&换"
    people = [
        (n.findtext(f"{ATOM}name"), n.findtext(f"{ATOM}uri")) for n in entry.iter(f"{ATOM}author")
    ]
    assert people == [
        ("甲乙", "http://testserver/contributors/7/"),
        ("丙丁", "http://testserver/contributors/8/"),
    ]
    assert dt.datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) == now


def test_json_feed_is_of_version_1_1(client, odd, now):
    response = client.get("/tags/水利/feed.json")
    assert response.headers["Content-Type"].startswith("application/feed+json")
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["home_page_url"] == "http://testserver/tags/%E6%B0%B4%E5%88%A9/"
    assert feed["feed_url"] == "http://testserver/tags/%E6%B0%B4%E5%88%A9/feed.json"
    (item,) = feed["items"]
    assert (item["title"], item["content_text"]) == ("水闸<b>&换", "甲 < 乙 & “丙”")
    assert [one["name"] for one in item["authors"]] == ["甲乙", "丙丁"]
    assert item["image"] == item["attachments"][0]["url"]
    assert dt.datetime.fromisoformat(item["date_modified"]) == now.replace(microsecond=0)


def identifiers(client, host: str) -> dict[str, list[str]]:
    """What identifies feeds and stories, by the kind of the feed, asked for under a host name."""
    page_store.store.clear()
    rss, atom, made = (
        client.get(f"/sections/news/feed.{k}", headers={"Host": host}) for k in KINDS
    )
    assert f"http://{host}/stories/" in rss.content.decode()
    item = ET.fromstring(rss.content).find("channel/item")
    assert item.find("guid").get("isPermaLink") == "false"
    feed = ET.fromstring(atom.content)
    return {
        "rss": [item.findtext("guid")],
        "atom": [feed.findtext(f"{ATOM}id"), feed.findtext(f"{ATOM}entry/{ATOM}id")],
        "json": [json.loads(made.content)["items"][0]["id"]],
    }


def test_identifiers_do_not_follow_the_name_that_was_asked(client, paper, now, settings):
    """Rule: one story is one story to a feed reader, by whatever name of the house it was fetched."""
    settings.ALLOWED_HOSTS = ["paper.example", "www.paper.example", "10.1.2.3"]
    story = factories.make_story("一篇", now - HOUR)
    first = identifiers(client, "paper.example")
    assert identifiers(client, "www.paper.example") == first
    assert identifiers(client, "10.1.2.3:8080") == first
    guid = f"tag:paper.example,2026:/stories/{story.pk}/"
    assert first == {
        "rss": [guid],
        "atom": ["tag:paper.example,2026:/sections/news/", guid],
        "json": [guid],
    }


@pytest.mark.parametrize(
    ("address", "hosts", "authority"),
    [
        ("https://paper.example:8443", ["other.example"], "paper.example"),
        ("", [".paper.example"], "paper.example"),
        ("", ["*"], "localhost"),
        ("", ["[::1]"], "::1"),
    ],
)
def test_identifiers_contain_the_house_by_the_settings(settings, address, hosts, authority):
    settings.DESK_ADDRESS, settings.ALLOWED_HOSTS = address, hosts
    assert tag_uri("/x/") == f"tag:{authority},2026:/x/"


def test_an_unsigned_story_is_by_the_paper(client, paper, now):
    """Rule: no output has an empty list of authors."""
    story = factories.make_story("一篇", now - HOUR)
    Story.objects.filter(pk=story.pk).update(byline=[], summary="")
    page = client.get(story.get_absolute_url()).content.decode()
    data = json.loads(
        re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[0]
    )
    assert data["author"] == [
        {"@type": "Organization", "name": "试验日报", "url": "http://testserver/"}
    ]
    assert not [name for name, value in data.items() if value in ("", [], {}, None)]
    feed = json.loads(client.get("/feed.json").content)
    assert feed["authors"] == [{"name": "试验日报"}]
    assert not [name for name, value in feed["items"][0].items() if value in ([], None)]
    assert "dc:creator" not in client.get("/feed.rss").content.decode()


def test_an_author_with_two_roles_is_one_author(client, odd):
    page = client.get(odd.get_absolute_url()).content.decode()
    data = json.loads(
        re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[0]
    )
    assert [one["url"].rsplit("/", 2)[1] for one in data["author"]] == ["7", "8"]


def test_a_withdrawal_is_heard_of_by_who_asks_whether_it_changed(client, paper, now):
    """By date alone it would not: the newest date is older than before."""
    first = factories.make_story("一篇", now - HOUR)
    factories.make_story("另一篇", now - 2 * HOUR)
    for kind in KINDS:
        assert "Last-Modified" not in client.get(f"/feed.{kind}").headers
    seen = {kind: client.get(f"/feed.{kind}").headers["ETag"] for kind in KINDS}
    for kind, etag in seen.items():
        again = client.get(f"/feed.{kind}", headers={"If-None-Match": etag})
        assert again.status_code == 304
    press.withdraw_story(first, reason="待核实", at=now)
    for kind, etag in seen.items():
        later = client.get(f"/feed.{kind}", headers={"If-None-Match": etag})
        assert titles(later) == ["另一篇"]


def test_an_english_reader_gets_the_same_feed(client, paper, now):
    factories.make_story("一篇", now - HOUR)
    chinese = {kind: client.get(f"/feed.{kind}").content for kind in KINDS}
    client.get("/language/en/", {"next": "/"})
    assert chinese == {kind: client.get(f"/feed.{kind}").content for kind in KINDS}


def links(page: str, rel: str) -> list[str]:
    return re.findall(rf'<link rel="{rel}"[^>]*href="([^"]+)"', page)


def test_feeds_are_found_from_each_list(client, paper, now):
    print_many(3, now)
    for url in lists(Contributor.objects.get()):
        found = [
            one for one in links(client.get(url).content.decode(), "alternate") if "feed." in one
        ]
        if url != "/":
            assert found[0] != found[3]
        for feed in found:
            assert titles(client.get(feed.removeprefix("http://testserver"))), feed
        assert len(found) == (3 if url == "/" else 6)


def test_every_page_has_one_canonical_address_without_query(client, odd):
    story = f"/stories/{odd.pk}/"
    pages = {
        "/": "/",
        "/?utm_source=x": "/",
        "/sections/news/?town=baisha": "/sections/news/",
        "/tags/水利/": "/tags/%E6%B0%B4%E5%88%A9/",
        "/issues/": "/issues/",
        "/corrections/": "/corrections/",
        story: story,
        f"{story}photos/1/": story,
    }
    for url, canonical in pages.items():
        page = client.get(url).content.decode()
        assert links(page, "canonical") == [f"http://testserver{canonical}"]
        assert card(page)["og:url"] == f"http://testserver{canonical}"
    assert not links(client.get("/nowhere/").content.decode(), "canonical")


def test_the_address_of_the_paper_is_that_of_the_settings(client, odd, settings):
    settings.DESK_ADDRESS = "https://paper.example"
    story = odd.get_absolute_url()
    page = client.get(story).content.decode()
    assert links(page, "canonical") == [f"https://paper.example{story}"]
    for url in ("/feed.rss", "/feed.atom", "/feed.json", "/sitemap.xml", "/robots.txt", story):
        text = client.get(url).content.decode()
        assert "https://paper.example/" in text
        assert "testserver" not in text, url


def card(page: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page)
    assert len(found) == len(dict(found)), found
    return dict(found)


def test_a_shared_story_shows_its_photo_and_its_summary(client, odd):
    facts = card(client.get(odd.get_absolute_url()).content.decode())
    assert facts["og:type"] == "article"
    assert facts["og:site_name"] == "试验日报"
    assert facts["og:locale"] == "zh_CN"
    assert facts["og:description"].startswith("甲 &lt; 乙")
    assert facts["og:image"].startswith("http://testserver/photos/")
    assert (facts["og:image:width"], facts["og:image:height"]) == ("64", "48")
    for url in ("/", "/sections/news/", "/issues/", "/photos/"):
        assert card(client.get(url).content.decode())["og:title"]


def test_json_ld_says_who_prints_it(client, odd, now):
    Paper.objects.update(logo="paper/logo.png", publisher="试验县报社")
    page = client.get(odd.get_absolute_url()).content.decode()
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    data = json.loads(text)
    assert data["isAccessibleForFree"] is True
    assert data["publisher"]["@type"] == "NewsMediaOrganization"
    assert data["publisher"]["name"] == "试验县报社"
    assert data["publisher"]["logo"]["url"] == "http://testserver/logo/"
    press.withdraw_story(odd, reason="待核实", at=now)
    gone = client.get(odd.get_absolute_url())
    assert gone.status_code == 410
    assert "ld+json" not in gone.content.decode()
    assert "og:" not in gone.content.decode()
