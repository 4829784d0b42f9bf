"""Sitemaps for any number of stories, robots.txt, llms.txt."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from bylines.models import Contributor
from paper.models import Paper
from press import services as press
from press.models import Edition, Story
from reader import sitemaps
from reader.page_cache import store as page_store
from tests.helpers import factories
from tests.helpers.many_stories import print_many

HOUR = dt.timedelta(hours=1)
NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}


def rows(client, url: str) -> dict[str, str | None]:
    """Each path of a sitemap, or of the index, with its lastmod."""
    response = client.get(url)
    assert response.status_code == 200, url
    assert response.is_public
    assert response.headers["Content-Type"].startswith("application/xml")
    found = {}
    for node in ET.fromstring(response.content):
        loc = node.findtext("s:loc", namespaces=NS)
        found[loc.removeprefix("http://testserver")] = node.findtext("s:lastmod", namespaces=NS)
    return found


def paths(client) -> set[str]:
    """All that the sitemaps of the index list."""
    return {path for sitemap in rows(client, "/sitemap.xml") for path in rows(client, sitemap)}


@pytest.mark.parametrize("count", [3, 300])
def test_a_sitemap_takes_the_same_queries_however_long(client, paper, now, count, still_clock):
    story = print_many(count, now)
    still_clock()
    expected = {
        "/sitemap.xml": 2,
        f"/sitemaps/stories-{story.pk // sitemaps.BLOCK}.xml": 1,
        "/sitemaps/pages.xml": 3,
        "/sitemaps/issues.xml": 1,
        "/sitemaps/contributors.xml": 1,
        "/sitemaps/tags.xml": 1,
        "/sitemaps/news.xml": 2,
        "/robots.txt": 0,
        "/llms.txt": 2,
    }
    for url, number in expected.items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        assert len(queries) == number, (url, [q["sql"] for q in queries])


def test_the_index_leads_to_every_public_page(client, paper, now):
    story = print_many(3, now)
    day = Edition.objects.get().date
    person = Contributor.objects.get()
    wanted = {
        "/",
        "/photos/",
        "/corrections/",
        "/sections/news/",
        "/sections/literature/",
        "/towns/baisha/",
        "/towns/shiqiao/",
        "/issues/",
        f"/issues/{day.year}/",
        f"/issues/{day:%Y/%m}/",
        f"/issues/{day}/",
        f"/contributors/{person.pk}/",
        "/tags/%E6%B0%B4%E5%88%A9/",
        f"/stories/{story.pk}/",
    }
    found = paths(client)
    assert found >= wanted
    for path in found:
        assert client.get(path).status_code == 200, path


def test_only_what_is_out_is_listed(client, paper, now):
    factories.make_story("还没到时候", now + HOUR, writer="甲", tags=("明天",))
    gone = factories.make_story("撤下的", now - HOUR, writer="乙", tags=("昨天",))
    press.withdraw_story(gone, reason="待核实", at=now)
    Edition.objects.create(number=9, date=now.date(), release_at=now + HOUR, sha256="0" * 64)
    listed = paths(client)
    assert (
        not {path for path in listed if path.count("/") > 1}
        - {
            f"/{kind}/{slug}/"
            for kind, slug in [
                ("sections", "news"),
                ("sections", "literature"),
                ("towns", "baisha"),
                ("towns", "shiqiao"),
            ]
        }
        - {"/photos/", "/corrections/", "/issues/"}
    )
    assert not [url for url in rows(client, "/sitemap.xml") if "stories" in url]
    assert client.get("/sitemaps/stories-0.xml").status_code == 404


def test_lastmod_is_the_last_correction_else_the_release(client, paper, now):
    now = now.replace(microsecond=0)
    plain = factories.make_story("一篇", now - 3 * HOUR)
    corrected = factories.make_story("更正过的", now - 3 * HOUR)
    Story.objects.filter(pk=corrected.pk).update(corrected_at=now - HOUR)
    for url in (f"/sitemaps/stories-{plain.pk // sitemaps.BLOCK}.xml", "/sitemaps/news.xml"):
        found = rows(client, url)
        assert dt.datetime.fromisoformat(found[plain.get_absolute_url()]) == now - 3 * HOUR
        assert dt.datetime.fromisoformat(found[corrected.get_absolute_url()]) == now - HOUR


def test_stories_are_listed_by_blocks_of_ids_without_empty_ones(client, paper, now, monkeypatch):
    monkeypatch.setattr(sitemaps, "BLOCK", 10)
    story = factories.make_story("一篇", now - HOUR)
    first, base = story.pk, (story.pk // 100 + 2) * 100
    for pk in (base, base + 9, base + 10, base + 40):
        story.pk = pk
        story.save(force_insert=True)
    Article.objects.update(story=None, state="draft")
    Story.objects.filter(pk=first).delete()
    story.pk, story.release_at = base + 60, now + HOUR
    story.save(force_insert=True)
    listed = [url for url in rows(client, "/sitemap.xml") if "stories" in url]
    block = base // 10
    assert listed == [f"/sitemaps/stories-{block + n}.xml" for n in (0, 1, 4)]
    assert list(rows(client, listed[0])) == [f"/stories/{base}/", f"/stories/{base + 9}/"]
    for number in (0, block + 2, block + 6, 10**30):
        assert client.get(f"/sitemaps/stories-{number}.xml").status_code == 404
    assert client.get("/sitemaps/none.xml").status_code == 404


def test_the_news_sitemap_has_two_days_and_a_thousand_at_most(client, paper, now, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST_NEWS", 3)
    Paper.objects.update(name="试\x02验<日报>")
    story = factories.make_story("一篇", now - HOUR)
    Story.objects.filter(pk=story.pk).update(headline="水闸\x0b换了<电动机>&")
    for hours in (2, 3, 4, 49):
        factories.make_story(f"{hours}小时前", now - hours * HOUR)
    factories.make_story("还没到时候", now + HOUR)
    gone = factories.make_story("撤下的", now - HOUR)
    press.withdraw_story(gone, reason="待核实", at=now)

    def told() -> list[str]:
        root = ET.fromstring(client.get("/sitemaps/news.xml").content)
        return [node.text or "" for node in root.iterfind(".//news:title", NS)]

    assert told() == ["水闸换了<电动机>&", "2小时前", "3小时前"]
    root = ET.fromstring(client.get("/sitemaps/news.xml").content)
    name = root.findtext(".//news:publication/news:name", namespaces=NS)
    language = root.findtext(".//news:publication/news:language", namespaces=NS)
    assert (name, language) == ("试验<日报>", "zh-cn")
    at = dt.datetime.fromisoformat(root.findtext(".//news:publication_date", namespaces=NS))
    assert at == story.release_at.replace(microsecond=0)
    monkeypatch.setattr(sitemaps, "MOST_NEWS", 1000)
    page_store.store.clear()
    assert told() == ["水闸换了<电动机>&", "2小时前", "3小时前", "4小时前"]


def test_robots_may_read_the_paper_and_not_the_desk(client, paper, settings):
    answer = client.get("/robots.txt")
    lines = answer.content.decode().splitlines()
    assert {"Disallow: /desk/", "Disallow: /search/", "Allow: /"} < set(lines)
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"
    assert answer.is_public
    settings.HAS_DESK = False
    page_store.store.clear()
    assert "/desk/" not in client.get("/robots.txt").content.decode()


def test_llms_txt_says_what_the_paper_is_in_its_own_language(client, paper):
    client.get("/language/en/", {"next": "/"})
    answer = client.get("/llms.txt")
    text = answer.content.decode()
    assert text.startswith("# 试验日报\n")
    assert "- [要闻](http://testserver/sections/news/)" in text
    assert "http://testserver/feed.json" in text
    assert "http://testserver/corrections/" in text
    assert "## 栏目" in text
    assert answer.is_public
    Paper.objects.update(motto="<甲>&乙")
    assert "<甲>&乙" in client.get("/llms.txt").content.decode()


def test_an_empty_paper_has_sitemaps_too(client, db):
    assert paths(client) == {"/", "/photos/", "/corrections/", "/issues/"}
    assert client.get("/llms.txt").status_code == 200


SCHEMA_NEEDS_A_URL = ["news", *sitemaps.LISTS]


@pytest.mark.parametrize("name", SCHEMA_NEEDS_A_URL)
def test_a_sitemap_without_rows_is_valid(client, paper, now, name):
    """Rule: the schema wants one url at least; after two quiet days the news have none."""
    factories.make_story("三天前的", now - 72 * HOUR, tags=())
    response = client.get(f"/sitemaps/{name}.xml")
    urls = ET.fromstring(response.content).findall("s:url", NS)
    assert urls
    assert "<news:" not in response.content.decode()
    if name == "news":
        assert [url.findtext("s:loc", namespaces=NS) for url in urls] == ["http://testserver/"]
    factories.make_story("刚才的", now - HOUR)
    page_store.store.clear()
    if name == "news":
        told = client.get("/sitemaps/news.xml").content.decode()
        assert "<news:title>刚才的</news:title>" in told
        assert "<loc>http://testserver/</loc>" not in told
