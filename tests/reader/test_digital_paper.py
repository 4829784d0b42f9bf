"""The reader's paper (数字报): calendar, issue, page, the page's picture, continued stories."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from paper.models import Paper
from press import services as press
from press.models import Edition, EditionPage, Story
from tests.helpers import factories
from tools import load_data_issues

SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.date(2022, 10, 18)
TOKEN = "ab" * 16
URL = f"/issues/{DAY}/"
IMAGE = f"{URL}1/image-{TOKEN}-800.webp"


def edition(date: dt.date, number: int, *, pages: int = 3, **more: object) -> Edition:
    """An edition that came out at six on its day."""
    made = Edition.objects.create(
        number=number,
        date=date,
        release_at=timezone.make_aware(dt.datetime.combine(date, dt.time(6))),
        sha256="0" * 64,
        **more,
    )
    names = ("要闻", "民生", "副刊", "文化")
    for n in range(pages):
        EditionPage.objects.create(edition=made, number=n + 1, name=names[n])
    return made


def set_on(page: EditionPage, headline: str, position: int, body: str, **more: object) -> Story:
    story = factories.make_story(headline, page.edition.release_at, body=body, **more)
    story.page, story.position = page, position
    story.save()
    return story


def give_image(page: EditionPage, *stories: Story) -> None:
    """Give a page its picture, on which the stories stand one below another."""
    for width in (240, 800):
        default_storage.save(f"pages/1/w{width}.webp", ContentFile(b"RIFF"))
    page.image = {
        "folder": "pages/1",
        "token": TOKEN,
        "width": 800,
        "height": 1130,
        "widths": [240, 800],
        "has_pdf": False,
    }
    page.areas = [
        {"story": story.pk, "x": 50, "y": 100 * n, "w": 900, "h": 90}
        for n, story in enumerate(stories, start=1)
    ]
    page.save()


@pytest.fixture
def issue(paper) -> dict[str, Story]:
    """An issue of three pages; the lead goes on to page 3; page 1 has its picture."""
    Paper.objects.update(cn_number="CN00-0001")
    made = edition(DAY, 3021, year_number=45)
    one, two, three = made.pages.all()
    body = "".join(f"<p>第{n}段{'水渠修到了村口' * 12}。</p>" for n in range(1, 7))
    lead = set_on(one, "水渠通水\n三千亩田等到了水", 1, body, kicker="冬修")
    lead.continued_on = three
    lead.save()
    second = set_on(one, "集市开了夜班", 2, "<p>灯一直亮到九点。</p>")
    other = set_on(two, "学校换新桌", 1, "<p>新桌子是木头的。</p>")
    last = set_on(three, "一碗糍粑", 1, "<p>立冬打糍粑。</p>")
    give_image(one, lead, second)
    return {"lead": lead, "second": second, "other": other, "last": last}


@pytest.fixture
def at(monkeypatch):
    """Move the clock to a moment."""

    def move(moment: dt.datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return move


def text(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_nothing_a_second_before_release_and_everything_on_it(client, issue, at):
    release = Edition.objects.get().release_at
    single = [URL, f"{URL}1/", f"{URL}3/", IMAGE, "/issues/2022/", "/issues/2022/10/"]
    at(release - SECOND)
    assert {url: client.get(url).status_code for url in single} == dict.fromkeys(single, 404)
    for url in ("/issues/", "/issues/?year=2022"):
        assert "/issues/2022" not in text(client, url)
    at(release)
    assert {url: client.get(url).status_code for url in single} == dict.fromkeys(single, 200)
    for url in ("/issues/", "/issues/?year=2022", "/issues/2022/", "/issues/2022/10/"):
        assert f'href="{URL}"' in text(client, url)
    assert client.get(IMAGE).headers["Content-Type"] == "image/webp"
    assert client.get(IMAGE).headers["Cache-Control"] == "no-cache"


def test_the_picture_leads_to_its_stories_and_the_list_says_the_same(client, issue):
    page = main_of(text(client, f"{URL}1/"))
    assert f'src="{IMAGE}"' in page
    areas = re.findall(r'<a href="(/stories/\d+/)" aria-label="([^"]+)">\s*<title>', page)
    stories = [issue["lead"], issue["second"]]
    assert areas == [(s.get_absolute_url(), s.title) for s in stories]
    listed = page[page.index('class="page-list"') : page.index("</ol>")]
    assert re.findall(r'href="(/stories/\d+/)"', listed) == [s.get_absolute_url() for s in stories]
    assert 'class="sheet"' not in page
    assert "style=" not in page
    assert f"image-{TOKEN}-240.webp" in text(client, URL)
    assert f"image-{TOKEN}-240.webp" in text(client, "/")


@pytest.mark.parametrize("which", ["lead", "second"])
def test_with_a_withdrawn_story_the_picture_is_gone_and_the_page_is_set(client, issue, which):
    """Also for a browser that has the picture already: it asks again, and gets 404."""
    etag = client.get(IMAGE).headers["ETag"]
    assert client.get(IMAGE, headers={"If-None-Match": etag}).status_code == 304
    gone = issue[which]
    press.withdraw_story(gone, reason="待核实", at=timezone.now())
    assert client.get(IMAGE).status_code == 404
    assert client.get(IMAGE, headers={"If-None-Match": etag}).status_code == 404
    page = main_of(text(client, f"{URL}1/"))
    assert TOKEN not in page
    assert 'class="sheet"' in page
    assert gone.headline_lines[0] not in page
    left = issue["second" if which == "lead" else "lead"]
    assert left.headline_lines[0] in page
    for url in (URL, "/"):
        assert TOKEN not in text(client, url)


@pytest.mark.parametrize("how", ["continued", "area", "not out yet"])
def test_a_picture_goes_with_any_story_that_stands_on_it(client, issue, how):
    three = EditionPage.objects.get(number=3)
    EditionPage.objects.filter(number=1).update(image={}, areas=[])
    give_image(three, *([issue["other"]] if how == "area" else []))
    image = IMAGE.replace("/1/", "/3/")
    assert client.get(image).status_code == 200
    if how == "not out yet":
        Story.objects.filter(pk=issue["last"].pk).update(release_at=timezone.now() + HOUR)
    else:
        story = issue["other" if how == "area" else "lead"]
        press.withdraw_story(story, reason="待核实", at=timezone.now())
    assert client.get(image).status_code == 404
    assert TOKEN not in text(client, f"{URL}3/") + text(client, URL)


def test_a_continued_story_says_so_on_both_pages_and_on_its_own(client, issue):
    lead, url = issue["lead"], issue["lead"].get_absolute_url()
    for page in (URL, f"{URL}1/"):
        assert re.search(rf'{url}">[^<]+</a>\s+<a class="turn" href="{URL}3/">', text(client, page))
    for page in (URL, f"{URL}3/"):
        assert re.search(rf'{url}">[^<]+</a>\s+<a class="turn" href="{URL}1/">', text(client, page))
    story = main_of(text(client, url))
    assert story.index(f'href="{URL}1/"') < story.index(f'href="{URL}3/"')
    EditionPage.objects.update(image={}, areas=[])
    first, third = (main_of(text(client, f"{URL}{n}/")) for n in (1, 3))
    paragraphs = [f"第{n}段" for n in range(1, 7)]
    on_first = [p for p in paragraphs if p in first]
    on_third = [p for p in paragraphs if p in third]
    assert on_first + on_third == paragraphs
    assert on_first
    assert on_third
    assert lead.headline_lines[0] in third


def test_without_a_picture_a_page_is_set_with_the_text_of_its_stories(client, issue):
    EditionPage.objects.update(image={}, areas=[])
    first, second = (main_of(text(client, f"{URL}{n}/")) for n in (1, 2))
    assert '<p class="folio-name">试验日报</p>' in first
    assert "CN00-0001" in first
    assert "2022年10月18日 星期二 农历九月廿三" in first
    assert "folio-name" not in second
    for part in ("学校换新桌", "新桌子是木头的。", "民生"):
        assert part in second
    assert '<span class="line">三千亩田等到了水</span>' in first
    assert "set-1 wide-" in first


def test_a_long_story_is_cut_at_a_paragraph_with_the_way_to_the_rest(client, paper):
    made = edition(DAY, 1, pages=1)
    body = "".join(f"<p>第{n}段{'河' * 190}</p>" for n in range(1, 31))
    story = set_on(made.pages.get(), "很长的一篇", 1, body)
    page = main_of(text(client, f"{URL}1/"))
    assert "第1段" in page
    assert "第30段" not in page
    assert re.search(rf'<p class="turn">\s*<a href="{story.get_absolute_url()}">', page)


def test_the_thumbnail_of_a_page_is_drawn_from_its_stories(client, issue):
    EditionPage.objects.update(image={}, areas=[])
    for url in (URL, "/"):
        page = main_of(text(client, url))
        drawn = re.findall(r'<svg class="thumb".*?</svg>', page)
        assert len(drawn) == len(set(drawn)) == 3
        assert ">水渠通水</text>" in drawn[0]
        assert "style=" not in page


def test_the_issue_before_and_after_also_on_one_day(client, paper):
    edition(DAY - dt.timedelta(days=3), 7)
    edition(DAY, 8)
    special = edition(DAY, 9, part=2, special="水利特刊")
    edition(DAY + dt.timedelta(days=40), 10)
    edition(timezone.localdate() + dt.timedelta(days=9), 11)
    chain = ["/issues/2022-10-15/", URL, special.get_absolute_url(), "/issues/2022-11-27/"]
    for before, here, after in zip([None, *chain], chain, [*chain[1:], None], strict=False):
        context = client.get(here).context
        found = [
            context[name] and context[name].get_absolute_url() for name in ("previous", "next")
        ]
        assert found == [before, after]
        page = client.get(f"{here}1/").context
        assert (page["previous"], page["next"]) == (context["previous"], context["next"])
    assert "水利特刊" in text(client, special.get_absolute_url())


def test_the_page_before_and_after(client, issue):
    context = client.get(f"{URL}2/").context
    assert context["previous_page"].get_absolute_url() == f"{URL}1/"
    assert context["next_page"].get_absolute_url() == f"{URL}3/"
    assert client.get(f"{URL}1/").context["previous_page"] is None
    assert client.get(f"{URL}3/").context["next_page"] is None


def test_every_issue_is_reached_by_year_and_month(client, paper, now):
    load_data_issues.fill(150, now, pages=1, stories=1)
    seen: set[str] = set()
    years = set(re.findall(r'href="(/issues/\d{4}/)"', text(client, "/issues/")))
    for year in years:
        page = text(client, year)
        by_year = set(re.findall(r'href="(/issues/\d{4}-[\d-]+/)"', main_of(page)))
        by_month: set[str] = set()
        for month in set(re.findall(r'href="(/issues/\d{4}/\d\d/)"', page)):
            found = re.findall(r'href="(/issues/\d{4}-[\d-]+/)"', main_of(text(client, month)))
            by_month |= set(found)
        assert by_month == by_year
        old = main_of(text(client, f"/issues/?year={year[8:12]}"))
        assert old == main_of(page)
        seen |= by_year
    assert seen == {one.get_absolute_url() for one in Edition.objects.all()}
    assert sum(url.endswith("-2/") for url in seen) == 2


def test_months_without_an_issue_between_two_are_empty_and_others_unknown(client, paper):
    edition(dt.date(2021, 3, 5), 1)
    edition(dt.date(2022, 2, 8), 2)
    answer = client.get("/issues/2021/07/")
    assert answer.status_code == 200
    context = answer.context
    assert (context["previous"], context["next"]) == (dt.date(2021, 3, 1), dt.date(2022, 2, 1))
    for url in ("/issues/2021/02/", "/issues/2022/03/", "/issues/2020/", "/issues/2023/"):
        assert client.get(url).status_code == 404, url
    assert "2022" in text(client, "/issues/?year=1999")


@pytest.mark.parametrize(
    "url",
    [
        "/issues/2022/13/",
        "/issues/2022/00/",
        "/issues/2022/1/",
        "/issues/0000/",
        "/issues/9999/",
        "/issues/2022-10-18-9/",
        "/issues/2022-10-18-1/",
        "/issues/2022-02-30/",
        "/issues/２０２２/",
        f"{URL}0/",
        f"{URL}9/",
        f"{URL}-1/",
        f"{URL}99999999999999999999/",
        IMAGE.replace("800", "801"),
        IMAGE.replace("800", "0"),
        IMAGE.replace("800", "9" * 30),
        IMAGE.replace(TOKEN, "cd" * 16),
        IMAGE.replace("/1/", "/2/"),
        IMAGE.replace("webp", "png"),
        f"{URL}1/image-..-800.webp",
    ],
)
def test_a_malformed_address_is_a_404(client, issue, url):
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("year", ["x", "2022x", "-1", "9" * 30, "²", ""])
def test_an_old_address_with_a_wrong_year_shows_the_newest_month(client, issue, year):
    assert f'href="{URL}"' in main_of(client.get("/issues/", {"year": year}).content.decode())


def test_the_masthead_bears_the_numbers_of_the_issue(client, issue):
    for url in (URL, f"{URL}2/", issue["lead"].get_absolute_url()):
        page = text(client, url)
        head = page[: page.index("<main")]
        assert "2022年10月18日 星期二 农历九月廿三" in head
        assert "45" in re.sub(r"\s+", " ", head[head.index("masthead-issue") :])
        assert "3021" in head
        assert "CN00-0001" in head


def test_pages_set_no_cookie(client, issue):
    for url in (
        "/issues/",
        "/issues/2022/",
        "/issues/2022/10/",
        URL,
        f"{URL}1/",
        f"{URL}3/",
        IMAGE,
    ):
        answer = client.get(url)
        assert answer.status_code == 200
        assert not answer.cookies, url


@pytest.mark.parametrize("issues", [2, 60])
def test_a_page_of_the_paper_takes_four_queries_however_many_issues(
    client, paper, now, issues, still_clock
):
    load_data_issues.fill(issues, now)
    newest = Edition.objects.order_by("-date").first()
    url = newest.get_absolute_url()
    give_image(newest.pages.get(number=2), *Story.objects.filter(page__edition=newest)[:3])
    month = f"/issues/{newest.date:%Y/%m}/"
    asked = ["/issues/", f"/issues/{newest.date:%Y}/", month, url, *(f"{url}{n}/" for n in (1, 3))]
    taken = {}
    still_clock()
    for one in asked:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(one).status_code == 200
        taken[one] = len(queries)
    assert {u: n for u, n in taken.items() if n > 4} == {}
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/").status_code == 200
    assert len(queries) <= 5
