"""The reader's pages: what they show, how many queries they take, how lists are filtered."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bylines.models import Contributor
from paper.models import Town
from press.models import Edition, Story
from reader.page_cache import store as page_store
from tests.helpers import factories
from tests.helpers.many_stories import print_many

HOUR = dt.timedelta(hours=1)


def addresses(story: Story) -> dict[str, int]:
    """Each kind of page with the most queries that it may take."""
    day = story.page.edition.date.isoformat()
    return {
        f"/stories/{story.pk}/": 3,
        "/sections/news/": 5,
        "/towns/baisha/": 5,
        f"/contributors/{story.byline[0]['id']}/": 5,
        "/tags/水利/": 5,
        "/": 5,
        "/photos/": 5,
        "/corrections/": 4,
        "/issues/": 5,
        f"/issues/{day}/": 5,
        f"/issues/{day}/1/": 5,
        "/nowhere/": 3,
    }


@pytest.mark.parametrize("count", [3, 300])
def test_a_page_takes_few_queries_however_long_the_list(client, paper, now, count, still_clock):
    story = print_many(count, now)
    still_clock()
    taken = {}
    for url in addresses(story):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        taken[url] = len(queries)
    too_many = {u: n for u, n in taken.items() if n > addresses(story)[u]}
    assert too_many == {}


def test_paging_shows_every_story_once_and_leads_back(client, paper, now):
    print_many(45, now)
    seen, url, pages = [], "/sections/news/", []
    while url:
        pages.append(url)
        page = client.get(url).context["page"]
        seen += [story.headline for story in page.rows]
        url = f"/sections/news/?before={page.older}" if page.older else ""
    assert seen == [f"第{n}篇" for n in range(1, 46)]
    page_store.store.clear()
    last = client.get(pages[-1]).context["page"]
    page_store.store.clear()
    back = client.get(f"/sections/news/?after={last.newer}").context["page"]
    assert [s.headline for s in back.rows] == [f"第{n}篇" for n in range(21, 41)]


def test_stories_of_one_second_are_neither_lost_nor_doubled(client, paper, now):
    print_many(45, now)
    Story.objects.update(release_at=now - HOUR)
    first = client.get("/sections/news/").context["page"]
    second = client.get(f"/sections/news/?before={first.older}").context["page"]
    third = client.get(f"/sections/news/?before={second.older}").context["page"]
    found = [s.pk for page in (first, second, third) for s in page.rows]
    assert len(found) == len(set(found)) == 45


@pytest.mark.parametrize(
    "cursor", ["x", "1", "1-", "-1", "9" * 40 + "-1", "1-" + "9" * 40, "１-１"]
)
def test_a_broken_cursor_means_a_page_not_an_error(client, paper, now, cursor):
    print_many(3, now)
    for name in ("before", "after"):
        assert client.get("/sections/news/", {name: cursor}).status_code == 200


def test_lists_are_filtered_by_section_town_and_day(client, paper, now):
    factories.make_story("要闻里的", now - HOUR)
    factories.make_story("副刊里的", now - HOUR, section="literature")
    town = Town.objects.get(slug="shiqiao")
    factories.make_story("石桥的", now - 72 * HOUR, towns=(town.pk,))
    person = Contributor.objects.get(name="甲乙丙")
    url = f"/contributors/{person.pk}/"

    def titles(**query: str) -> set[str]:
        return {s.headline for s in client.get(url, query).context["page"].rows}

    assert titles() == {"要闻里的", "副刊里的", "石桥的"}
    assert titles(section="literature") == {"副刊里的"}
    assert {s.headline for s in client.get("/towns/shiqiao/").context["page"].rows} == {"石桥的"}
    day = (now - 72 * HOUR + 8 * HOUR).date().isoformat()  # The paper's day, not that of UTC.
    assert titles(since=day, until=day) == {"石桥的"}
    wrong = client.get(url, {"since": "昨天"})
    assert wrong.status_code == 200
    assert 'role="alert"' in wrong.content.decode()


def test_a_story_shows_its_parts_as_printed(client, paper, now):
    story = factories.make_story(
        "第一行\n第二行",
        now - HOUR,
        kicker="白沙镇",
        dateline="云溪讯",
        tags=("水利",),
        body="<p>甲说：“水来了。”</p><p>&lt;script&gt;</p>",
    )
    page = client.get(story.get_absolute_url()).content.decode()
    assert '<span class="line">第一行</span><span class="line">第二行</span>' in page
    assert "白沙镇" in page
    assert '<span class="dateline">云溪讯</span>' in page
    assert "&lt;script&gt;" in page
    assert "（通讯员 甲乙丙）" in page
    assert 'href="/tags/%E6%B0%B4%E5%88%A9/"' in page


@pytest.mark.parametrize(
    "url",
    [
        "/nowhere/",
        "/stories/999/",
        "/stories/99999999999999999999/",
        "/sections/none/",
        "/towns/none/",
        "/contributors/1/",
        "/tags/none/",
        "/issues/2020-01-01/",
        "/issues/2020-02-31/",
        "/issues/2020-01-01/1/",
        "/photos/0123/w320.webp",
    ],
)
def test_what_is_not_there_is_a_404_with_a_way_on(client, paper, url):
    response = client.get(url)
    assert response.status_code == 404
    if not url.startswith("/photos/"):
        assert 'href="/"' in response.content.decode()


def test_an_empty_paper_has_a_front_page(client, db):
    for url in ("/", "/issues/"):
        assert client.get(url).status_code == 200


def test_english_is_chosen_by_the_reader(client, paper):
    page = client.get("/en/issues/").content.decode()
    assert '<html lang="en"' in page
    assert 'href="/en/"' in page
    assert 'href="http://testserver/issues/" lang="zh-hans"' in page
    client.cookies["django_language"] = "en"
    chinese = client.get("/issues/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="zh-hans"' in chinese
    assert 'href="http://testserver/en/issues/" lang="en"' in chinese


def test_readers_only_read(client, paper, now):
    story = factories.make_story("一篇", now - HOUR)
    for url in ("/", story.get_absolute_url(), "/issues/"):
        assert client.post(url).status_code in {403, 405}
        assert client.head(url).status_code == 200


def test_the_logo_of_the_paper_is_public_and_small(client, desk):
    admin = desk("administrator")
    url = "/desk/paper/paper/1/change/"
    data = {"name": "试验日报", "reviews": 3, "release_time": "06:00", "cutoff_time": "22:00"}
    wrong = SimpleUploadedFile("logo.tiff", factories.picture("TIFF"))
    assert admin.post(url, {**data, "logo": wrong}).status_code == 200
    assert client.get("/logo/").status_code == 404
    right = SimpleUploadedFile("logo.png", factories.picture("PNG"))
    assert admin.post(url, {**data, "logo": right}).status_code == 302
    shown = client.get("/logo/")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/png")
    again = client.get("/logo/", headers={"If-None-Match": shown.headers["ETag"]})
    assert again.status_code == 304


def test_the_masthead_of_an_old_issue_bears_its_own_day(client, paper, now):
    story = print_many(3, now)
    old = dt.date(2022, 10, 18)
    Edition.objects.update(date=old)
    for url in (f"/issues/{old}/", f"/issues/{old}/1/", story.get_absolute_url()):
        page = client.get(url).content.decode()
        assert "2022年10月18日 星期二 农历九月廿三" in page
        assert "今日" not in page
