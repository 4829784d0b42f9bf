"""Readers' search: what holds the words is found, all of it and nothing else, ranked and shown."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from press import search_index
from press import services as press
from press.models import Story
from reader.page_cache import store as page_store
from search import terms
from search.timeline import HEAD_START, Timeline, TimelineQuery, TimelineRow, key_at
from tests.helpers import factories
from tests.helpers.search_texts import ALPHABET, QUICK
from textkit.tokens import plain

PRESS = Timeline("press")
HOUR = dt.timedelta(hours=1)
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
TEXTS = st.text(ALPHABET, max_size=30)


def put(*texts: tuple[str, str]) -> None:
    """Index (head, body) pairs, each an hour newer than the one before, as numbers 1, 2, 3 …"""
    PRESS.clear()
    PRESS.put(
        TimelineRow(key_at(START + n * HOUR, n), head, f"{head}\n{body}", [f"s{n % 2}"])
        for n, (head, body) in enumerate(texts, start=1)
    )


def found(query: str, size: int = 3, **more: object) -> list[int]:
    """All numbers found, page by page."""
    wanted, without = terms.read_signed(query)
    asked = TimelineQuery(wanted, without, **more)
    numbers, before = [], 0
    while True:
        page = PRESS.find(asked, size=size, before=before)
        numbers += page.numbers
        before = page.next
        if not before:
            return numbers


@given(texts=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8), query=TEXTS, no=TEXTS)
@QUICK
@pytest.mark.django_db
def test_what_a_scan_finds_is_found_and_no_more(texts, query, no):
    put(*texts)
    wanted, without = terms.read(query), terms.read(no)

    def holds(pair: tuple[str, str], term: terms.Term) -> bool:
        head, body = pair
        return term.words in plain(f"{head}\n{body}")

    scan = {
        n
        for n, pair in enumerate(texts, start=1)
        if wanted
        and all(holds(pair, t) for t in wanted)
        and not any(holds(pair, t) for t in without)
    }
    asked = TimelineQuery(wanted, without)
    got, before = [], 0
    while True:
        page = PRESS.find(asked, size=2, before=before)
        got += page.numbers
        before = page.next
        if not before:
            break
    assert len(got) == len(set(got))
    assert set(got) == scan


@pytest.mark.django_db
def test_newer_comes_first_and_a_headline_counts_as_a_year_newer():
    put(("", "水闸一"), ("", "水闸二"), ("水闸三", ""), ("", "别的"), ("", "水闸五"))
    assert found("水闸") == [3, 5, 2, 1]
    old = key_at(START - HEAD_START, 9)
    PRESS.put([TimelineRow(old, "水闸", "水闸", [])])
    assert found("水闸") == [3, 5, 2, 1, 9]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("水闸 电动机", [1]),
        ('"水闸换了"', [2, 1]),
        ("水闸换了 -电动机", [2]),
        ('水闸 -"换了"', [3]),
        ("5g", [3]),
        ("-水闸", []),
        ("2026", [2]),
    ],
)
def test_terms_phrases_and_what_must_not_be_there(query, expected):
    put(("", "水闸换了电动机"), ("", "水闸换了人，2026年"), ("", "水闸 5G"), ("", "无关"))
    assert found(query) == expected


@pytest.mark.django_db
def test_files_and_times_narrow_the_search():
    put(*[("", "水闸")] * 6)
    assert found("水闸", files=["s1"]) == [5, 3, 1]
    since, until = key_at(START + 2 * HOUR), key_at(START + 5 * HOUR)
    assert found("水闸", since=since, until=until) == [4, 3, 2]
    assert found("水闸", files=["s1"], since=since, until=until) == [3]


def titles(client, query: str, **more: str) -> list[str]:
    answer = client.get("/search/", {"q": query, **more})
    assert answer.status_code == 200
    return [row.story.headline for row in answer.context["results"]]


def test_a_story_is_found_by_all_that_it_shows(client, paper, now):
    town = factories.Town.objects.get(slug="baisha")
    factories.make_story(
        "水闸换了\n电动机",
        now - HOUR,
        writer="欧阳思远",
        body="<p>全镇六座水闸 <strong>Ming</strong>先生说。</p>",
        tags=("农机补贴",),
        towns=(town.pk,),
        kicker="秋收",
    )
    asked = ["欧阳", "思远", "换了电", "闸换", "六座水闸", "ming", "农机补", "秋收", "白沙"]
    assert {q: titles(client, q) for q in asked} == {q: ["水闸换了\n电动机"] for q in asked}
    assert titles(client, "水库") == []


def test_only_what_is_out_is_found(client, paper, now):
    story = factories.make_story("金丝雀的消息", now + HOUR)
    assert titles(client, "金丝雀") == []
    press.move_releases([story], now - HOUR, at=now)
    assert titles(client, "金丝雀") == ["金丝雀的消息"]
    press.withdraw_story(story, reason="待核实", at=timezone.now())
    assert titles(client, "金丝雀") == []
    assert PRESS.is_empty()


def test_a_correction_is_found_by_its_new_words_alone(client, staff, now):
    story = factories.make_story("旧标题在此", now - HOUR)
    assert titles(client, "旧标题") == ["旧标题在此"]
    section = story.section
    copy = press.StoryCopy(
        section=section, headline="新标题在此", body="<p>新</p>", revision=2, sha256="1" * 64
    )
    press.republish_story(story, copy, kind="correction", note="更正", at=now)
    assert titles(client, "旧标题") == []
    assert titles(client, "新标题") == ["新标题在此"]


def test_results_are_narrowed_by_section_town_writer_issue_and_day(client, paper, now):
    town = factories.Town.objects.get(slug="shiqiao")
    factories.make_story("水闸要闻", now - HOUR)
    factories.make_story("水闸副刊", now - HOUR, section="literature", writer="丁戊己")
    factories.make_story("水闸石桥", now - 72 * HOUR, towns=(town.pk,))
    writer = factories.Contributor.objects.get(name="丁戊己")
    assert set(titles(client, "水闸")) == {"水闸要闻", "水闸副刊", "水闸石桥"}
    assert titles(client, "水闸", section="literature") == ["水闸副刊"]
    assert titles(client, "水闸", town="shiqiao") == ["水闸石桥"]
    assert titles(client, "水闸", contributor=str(writer.pk)) == ["水闸副刊"]
    day = timezone.localdate(now - 72 * HOUR).isoformat()
    assert titles(client, "水闸", until=day) == ["水闸石桥"]
    assert titles(client, "水闸", since=day, until=day) == ["水闸石桥"]
    assert titles(client, "水闸", issue="7") == []


@pytest.mark.parametrize(
    ("page", "asked"),
    [("/sections/news/", "section=news"), ("/towns/baisha/", "town=baisha"), ("", "contributor=")],
)
def test_a_list_leads_to_the_search_among_its_stories(client, paper, now, page, asked):
    town = factories.Town.objects.get(slug="baisha")
    story = factories.make_story("水闸要闻", now - HOUR, towns=(town.pk,))
    factories.make_story("水闸别处", now - HOUR, section="literature", writer="丁戊己")
    writer = story.byline[0]["id"]
    url = page or f"/contributors/{writer}/"
    asked = asked if page else f"{asked}{writer}"
    assert f'href="/search/?{asked}"' in client.get(url).content.decode()
    name, value = asked.split("=")
    assert titles(client, "水闸", **{name: value}) == ["水闸要闻"]


def test_the_index_is_written_anew_while_it_is_asked(client, paper, now, monkeypatch):
    monkeypatch.setattr(search_index, "BATCH", 1)
    first = factories.make_story("水闸一", now - HOUR)
    factories.make_story("水闸二", now - 2 * HOUR)
    gone = factories.make_story("水闸三", now - 3 * HOUR)
    press.withdraw_story(gone, reason="待核实", at=now)
    stray = TimelineRow(key_at(now - 4 * HOUR, first.pk), "水闸", "水闸")
    PRESS.put([stray])
    PRESS.remove([search_index.key_of(first)])
    seen: list[list[str]] = []

    def look(done: int, of: int) -> None:
        page_store.store.clear()
        seen.append(titles(client, "水闸"))

    assert search_index.rebuild(look) == 3
    assert "水闸二" in seen[0]
    page_store.store.clear()
    assert titles(client, "水闸") == ["水闸一", "水闸二"]
    assert len(PRESS.keys()) == 2


@pytest.mark.parametrize("query", ["", " ", "水", "-", '""', "，。", "-水闸", "x" * 500])
def test_what_is_no_query_says_what_to_do(client, paper, now, query):
    factories.make_story("水闸要闻", now - HOUR)
    page = client.get("/search/", {"q": query})
    assert page.status_code == 200
    assert page.context["results"] == []


@pytest.mark.parametrize(
    "more",
    [
        {"section": "none"},
        {"contributor": "x"},
        {"contributor": "9" * 30},
        {"issue": "²"},
        {"since": "昨天"},
        {"before": "x"},
        {"before": "9" * 40},
    ],
)
def test_a_wrong_filter_is_no_fault(client, paper, now, more):
    factories.make_story("水闸要闻", now - HOUR)
    assert client.get("/search/", {"q": "水闸", **more}).status_code == 200


def test_what_was_looked_for_is_marked_and_nothing_else(client, paper, now):
    factories.make_story(
        "<水闸>的消息", now - HOUR, body="<p>前文。" + "很长" * 200 + "六座水闸&amp;电动机</p>"
    )
    page = client.get("/search/", {"q": "水闸"}).content.decode()
    assert "&lt;<mark>水闸</mark>&gt;的消息" in page
    assert "六座<mark>水闸</mark>&amp;电动机" in page


def test_suggestions_name_people_towns_and_tags_that_are_out(client, paper, now):
    town = factories.Town.objects.get(slug="baisha")
    factories.make_story("一", now - HOUR, writer="白云鹤", tags=("白鹭",), towns=(town.pk,))
    factories.make_story("二", now + HOUR, writer="白未见", tags=("白不见",))
    names = [
        one["name"] for one in client.get("/search/suggest/", {"q": "白"}).json()["suggestions"]
    ]
    assert set(names) == {"白云鹤", "白鹭", "白沙镇"}
    assert client.get("/search/suggest/", {"q": ""}).json() == {"suggestions": []}


def test_a_page_of_results_takes_few_queries(
    client, paper, now, still_clock, django_assert_max_num_queries
):
    for n in range(25):
        factories.make_story(f"水闸{n}", now - n * HOUR)
    still_clock()
    with django_assert_max_num_queries(6):
        page = client.get("/search/", {"q": "水闸"})
    assert len(page.context["results"]) == 20
    rest = titles(client, "水闸", before=str(page.context["older"]))
    assert len(rest) == 5
    assert Story.objects.count() == 25


@pytest.mark.parametrize(
    ("asked", "says", "not_this"),
    [
        ("q=-水闸", "请再输入一个稿件里应当有的词", "一个字在太多稿件里都有"),
        ("q=水闸&since=2026-13-01", "请先改正标出的筛选条件", "没有“水闸”"),
    ],
)
def test_what_is_missing_is_said(client, paper, now, asked, says, not_this):
    factories.make_story("水闸换了", now - HOUR)
    page = client.get(f"/search/?{asked}").content.decode()
    assert says in page
    assert not_this not in page


@pytest.mark.parametrize(
    "asked", ["section=news", "town=baisha", "since=2020-01-01", "contributor={writer}"]
)
def test_filters_without_a_word_lead_to_all_that_they_leave(client, paper, now, asked):
    town = factories.Town.objects.get(slug="baisha")
    story = factories.make_story("水闸换了", now - HOUR, writer="史可见", towns=(town.pk,))
    asked = asked.format(writer=story.byline[0]["id"])
    page = client.get(f"/search/?{asked}").content.decode()
    (way,) = re.findall(r'<a href="([^"]+)">列出符合条件的全部稿件', page)
    assert story.title in client.get(way.replace("&amp;", "&")).content.decode()
