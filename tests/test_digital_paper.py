"""Rule: readers leaf through an issue page by page, from its hour of release on and not before."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import unquote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from press import services as press
from press.layout import A3, LEAD, SCREEN, layout, paragraphs
from press.models import Edition, EditionPage, Story

from . import factories

HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)
TOKEN = "0123456789abcdef0123456789abcdef"


def print_issue(date: dt.date, release_at: dt.datetime, **more: object) -> Edition:
    """An issue of two pages with three stories."""
    number = more.pop("number", 1 + Edition.objects.count())
    edition = press.print_edition(
        press.Imprint(number=number, date=date, year_number=45, **more),
        release_at=release_at,
        pages=[(1, "要闻"), (2, "镇街")],
        signed_by="总编",
        signed_at=release_at,
    )
    first, second = edition.pages.all()
    for n, page in enumerate((first, first, second), start=1):
        story = factories.make_story(
            f"{edition.number}号第{n}篇", release_at, body="<p>水闸。</p>" * 3
        )
        Story.objects.filter(pk=story.pk).update(page=page, position=n)
    press.seal_edition(edition)
    return edition


def with_image(page: EditionPage) -> EditionPage:
    """Give a page a picture with an area for each of its stories."""
    for width in (240, 800):
        default_storage.save(f"sheets/x/w{width}.webp", ContentFile(factories.picture("WEBP")))
    page.image = {
        "folder": "sheets/x",
        "token": TOKEN,
        "width": 800,
        "height": 1100,
        "widths": [240, 800],
        "has_pdf": False,
    }
    page.areas = [
        {"story": story.pk, "x": 10, "y": 100 * n, "w": 500, "h": 90}
        for n, story in enumerate(page.stories.order_by("position"))
    ]
    page.save()
    return page


@pytest.fixture
def day(now: dt.datetime) -> dt.date:
    return (now - HOUR).date()


@pytest.fixture
def edition(paper, day, now) -> Edition:
    return print_issue(day, now - HOUR)


def body_of(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return str(answer.content.decode())


def test_a_second_before_its_hour_nothing_of_an_issue_shows_and_then_everything(
    client, paper, day, now, monkeypatch
):
    edition = print_issue(day, now)
    with_image(edition.pages.get(number=1))
    slug = edition.get_absolute_url()
    urls = [slug, f"{slug}1/", f"{slug}2/", f"{slug}1/image-{TOKEN}-800.webp"]
    urls += [f"/issues/{day:%Y}/", f"/issues/{day:%Y/%m}/"]
    _at(monkeypatch, now - SECOND)
    for url in urls:
        assert client.get(url).status_code == 404, url
    for url in ("/issues/", "/"):
        assert slug not in body_of(client, url)
        assert "1号第1篇" not in body_of(client, url)
    _at(monkeypatch, now)
    for url in urls:
        assert client.get(url).status_code == 200, url
    for url in ("/issues/", "/"):
        assert slug in body_of(client, url)


def _at(monkeypatch, moment: dt.datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def test_a_page_shows_its_picture_with_areas_that_lead_to_the_stories(client, edition):
    page = with_image(edition.pages.get(number=1))
    shown = body_of(client, page.get_absolute_url())
    for story in page.stories.all():
        assert f'<a href="{story.get_absolute_url()}" tabindex="-1"><title>' in shown
        assert f'href="{story.get_absolute_url()}">{story.title}</a>' in shown, (
            "the list is the truth"
        )
    assert shown.count("<rect ") == 2
    assert f"image-{TOKEN}-800.webp 800w" in shown
    assert 'class="typeset"' not in shown
    image = client.get(f"{page.get_absolute_url()}image-{TOKEN}-800.webp")
    assert image["Content-Type"] == "image/webp"
    assert client.get(f"{page.get_absolute_url()}image-{TOKEN}-801.webp").status_code == 404
    other = TOKEN.replace("0", "1")
    assert client.get(f"{page.get_absolute_url()}image-{other}-800.webp").status_code == 404


def test_with_a_withdrawn_story_the_picture_is_gone_and_the_page_is_set_without_it(
    client, edition, now
):
    page = with_image(edition.pages.get(number=1))
    gone, left = page.stories.order_by("position")
    press.withdraw_story(gone, reason="有误", at=now)
    shown = body_of(client, page.get_absolute_url())
    assert 'class="typeset"' in shown
    assert gone.title not in shown
    assert left.title in shown
    assert client.get(f"{page.get_absolute_url()}image-{TOKEN}-800.webp").status_code == 404
    assert TOKEN not in body_of(client, edition.get_absolute_url())
    assert TOKEN not in body_of(client, "/")


def test_a_withdrawn_story_tears_the_page_too_on_which_it_goes_on(client, edition, now):
    second = with_image(edition.pages.get(number=2))
    story = edition.pages.get(number=1).stories.first()
    Story.objects.filter(pk=story.pk).update(continued_on=second)
    assert 'class="areas"' in body_of(client, second.get_absolute_url())
    press.withdraw_story(story, reason="有误", at=now)
    assert 'class="areas"' not in body_of(client, second.get_absolute_url())
    assert client.get(f"{second.get_absolute_url()}image-{TOKEN}-800.webp").status_code == 404


def test_a_continued_story_leads_there_and_back(client, edition):
    first, second = edition.pages.all()
    story = first.stories.order_by("position").first()
    Story.objects.filter(pk=story.pk).update(continued_on=second)
    assert "下转第2版" in body_of(client, first.get_absolute_url())
    over = body_of(client, second.get_absolute_url())
    assert f'href="{first.get_absolute_url()}">上接第1版</a>' in over
    assert story.title in over
    own = body_of(client, story.get_absolute_url())
    assert f'href="{second.get_absolute_url()}">下转第2版</a>' in own


def test_pages_and_issues_lead_to_their_neighbours(client, paper, day, now):
    dates = [day - dt.timedelta(days=n) for n in (9, 4, 0)]
    old, middle, new = (print_issue(date, now - HOUR) for date in dates)
    special = print_issue(dates[1], now - HOUR, part=2, special="号外")
    print_issue(day + dt.timedelta(days=1), now + HOUR)
    around = {
        old: (None, middle),
        middle: (old, special),
        special: (middle, new),
        new: (special, None),
    }
    for edition, (before, after) in around.items():
        shown = body_of(client, f"{edition.get_absolute_url()}2/")
        links = dict(re.findall(r'href="(/issues/[^"]+)" rel="(\w+)"', shown))
        wanted = {f"{edition.get_absolute_url()}1/": "prev"}
        wanted |= {before.get_absolute_url(): "prev"} if before else {}
        wanted |= {after.get_absolute_url(): "next"} if after else {}
        assert links == wanted


def test_the_calendar_holds_every_issue_by_year_and_month(client, paper, day, now):
    old = print_issue(dt.date(2019, 2, 28), now - HOUR)
    special = print_issue(dt.date(2019, 2, 28), now - HOUR, part=2, special="号外")
    new = print_issue(day, now - HOUR)
    shown = body_of(client, "/issues/")
    assert new.get_absolute_url() in shown
    assert old.get_absolute_url() not in shown
    assert 'href="/issues/2019/"' in shown
    for url in ("/issues/2019/", "/issues/2019/02/"):
        shown = body_of(client, url)
        assert old.get_absolute_url() in shown
        assert special.get_absolute_url() in shown
        assert "号外" in shown
    assert client.get("/issues/?year=2019").headers["Location"] == "/issues/2019/"
    for url in ("/issues/2018/", "/issues/2019/03/", "/issues/2019/13/", "/issues/2019/2/"):
        assert client.get(url).status_code == 404, url


def test_the_masthead_says_number_within_the_year_total_and_pages(client, paper, edition):
    shown = body_of(client, edition.get_absolute_url())
    head = shown[shown.index("<header") : shown.index("</header>")]
    assert f"{edition.date.year}年第45期" in head
    assert "总第1期" in head
    assert "2版" in head
    assert "农历" in head
    assert "星期" in head


@pytest.mark.parametrize(
    "url",
    ["9/", "0/", "1/image-x-800.webp", f"9/image-{TOKEN}-800.webp", f"1/image-{TOKEN}-0.webp"],
)
def test_what_there_is_not_answers_404(client, edition, url):
    assert client.get(edition.get_absolute_url() + url).status_code == 404


def test_pages_of_an_issue_take_few_queries_and_set_no_cookie(client, edition):
    page = with_image(edition.pages.get(number=1))
    slug = edition.get_absolute_url()
    most = {
        "/issues/": 4,
        f"/issues/{edition.date:%Y}/": 4,
        slug: 4,
        f"{slug}2/": 4,
        page.get_absolute_url(): 4,
        f"{slug}1/image-{TOKEN}-800.webp": 1,
        "/": 5,
    }
    for url, count in most.items():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
        assert len(queries) <= count, url
        assert not answer.cookies, unquote(url)


def _story(chars: int, **more: object) -> Story:
    return Story(headline="水闸换了电动机", chars=chars, body=f"<p>{'水' * chars}</p>", **more)


def test_every_story_stands_on_the_page_once_and_each_band_is_full():
    for count in (1, 2, 3, 5, 8, 13, 40, 300):
        stories = [_story(100 + 90 * (n % 7)) for n in range(count)]
        for measure in (SCREEN, A3):
            bands = layout(stories, measure)
            assert [block.story for band in bands for block in band.blocks] == stories
            for band in bands:
                assert sum(block.span for block in band.blocks) == measure.columns
    assert layout([]) == []


def test_the_lead_is_widest_and_a_long_page_is_cut_short():
    stories = [_story(3000), *[_story(900) for _ in range(8)]]
    bands = layout(stories)
    blocks = [block for band in bands for block in band.blocks]
    assert blocks[0].level == LEAD
    assert blocks[0].span >= 3
    assert sum(block.shown for block in blocks) < 3000
    assert all(len("".join(paragraphs(block))) <= block.shown + 1 for block in blocks)
    whole = [block for band in layout(stories, A3, whole=True) for block in band.blocks]
    assert all(block.is_whole for block in whole)
    assert "".join(paragraphs(whole[0])) == "水" * 3000
