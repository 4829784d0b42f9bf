"""The ways through the readers' paper: one name for a page, no day on which nothing came out."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from paper.models import Town
from press.services import withdraw_story
from tests.helpers import factories

DAY = dt.timedelta(days=1)


@pytest.fixture
def noon(paper, monkeypatch) -> dt.datetime:
    """Noon of a day in the middle of a month, on which nothing has come out yet."""
    moment = timezone.make_aware(dt.datetime(2026, 11, 20, 12))
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    return moment


def days(page: str) -> list[str]:
    found = re.search(r'<p class="days">(.*?)</p>', page, re.DOTALL)
    return re.findall(r"/archive/2026/11/(\d+)/", found[1]) if found else []


def test_the_archive_names_the_days_on_which_something_came_out(client, noon):
    for ago in (2, 2, 5, 9):
        factories.make_story(f"{ago}天前", noon - ago * DAY)
    gone = factories.make_story("撤了的", noon - 7 * DAY)
    withdraw_story(gone, reason="待核实", at=noon)
    factories.make_story("明天的", noon + DAY)
    for url in ("/archive/", "/archive/2026/11/", "/archive/2026/11/18/"):
        assert days(client.get(url).content.decode()) == ["11", "15", "18"], url
    assert client.get("/archive/2026/11/20/").status_code == 200
    assert client.get("/archive/2026/11/21/").status_code == 404


def test_the_archive_begins_with_the_newest_month_that_has_something(client, noon):
    factories.make_story("上个月的", noon - 30 * DAY)
    page = client.get("/archive/")
    assert (page.context["month"], page.context["days"]) == (
        dt.date(2026, 10, 1),
        [dt.date(2026, 10, 21)],
    )


def test_what_is_of_a_day_is_not_filtered_by_days(client, noon):
    factories.make_story("昨天的", noon - DAY)

    def shown(url: str) -> tuple[set[str], int]:
        context = client.get(url).context
        return set(context["filter_form"].fields), len(context["page"].rows)

    assert shown("/archive/") == ({"section", "town", "since", "until"}, 1)
    for url in ("/archive/2026/", "/archive/2026/11/", "/archive/2026/11/19/?since=2026-11-30"):
        assert shown(url) == ({"section", "town"}, 1), url


@pytest.mark.parametrize("way", ["/issues/", "/towns/", "/archive/"])
def test_a_page_has_one_name_wherever_a_link_leads_to_it(client, noon, way):
    story = factories.make_story("今天的", noon)
    names = {re.search(r"<h1[^>]*>([^<]*)", client.get(way).content.decode())[1].strip()}
    for url in ("/", "/nowhere/", "/issues/", "/archive/", "/offline/", story.get_absolute_url()):
        page = client.get(url).content.decode()
        names |= set(re.findall(rf'href="{way}"[^>]*>([^<]*)<', page))
    assert len(names) == 1, names


def test_every_page_has_its_other_language_above_and_below(client, noon):
    story = factories.make_story("今天的", noon)
    for path in ("/", "/archive/", story.get_absolute_url()):
        for here, there in ((path, f"/en{path}"), (f"/en{path}", path)):
            page = client.get(here).content.decode()
            head, foot = page.split("<main")
            link = f'href="http://testserver{there}" lang='
            assert link in head[head.index('class="reach"') :], here
            assert link in foot, here


def test_a_list_does_not_say_its_own_name_in_each_row(client, noon):
    town = Town.objects.get(slug="baisha")
    factories.make_story("沙田萝卜", noon, towns=(town.pk,), kicker=town.name)
    rows = {}
    for url in ("/sections/news/", "/towns/baisha/", "/archive/"):
        page = client.get(url).content.decode()
        rows[url] = page[page.index('<article class="row') :].split("</article>")[0]
    section, place = '"/sections/news/"', '"/towns/baisha/"'
    assert [section in row for row in rows.values()] == [False, True, True]
    assert [place in row for row in rows.values()] == [True, False, True]
    assert ['class="kicker"' in row for row in rows.values()] == [True, False, True]


def test_who_asks_for_an_icon_by_habit_finds_it(client, noon):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert finders.find(answer.url.removeprefix("/static/"))
