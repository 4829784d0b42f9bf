"""The article list: users find what they may see by any two characters, and nothing else."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import services
from articles.exceptions import Refusal
from articles.models import Article
from articles.selectors import article_list as article_search
from articles.workflow.states import State
from articles.workflow.transitions import actor_of
from bylines.models import Contributor
from issues import services as issues
from issues.models import Page
from paper.models import Town
from tests.helpers import factories
from textkit.body import Body

LIST = "/desk/articles/article/"
TITLE = re.compile(r'class="story-link" href="[^"]+">(.*?)</a>', re.DOTALL)


def titles(client: Client, query: str = "") -> list[str]:
    """Return the headings on a page of the list, in order."""
    page = client.get(LIST + query, follow=True).content.decode()
    return [re.sub(r"<[^>]+>", "", title).strip() for title in TITLE.findall(page)]


def test_heading_text_contributor_town_unit_and_tag_find_an_article_by_two_characters(
    desk, staff, now, town
):
    factories.make_in(
        "draft",
        staff["correspondent"],
        now,
        headline="水闸换了\n电动机",
        kicker="冬修",
        subhead="六座全换",
        body="<p>白<strong>鹭</strong>飞回古渡。</p><p>A&amp;B</p>",
        writer="买买提·江",
        towns=(town.pk,),
        unit="县水利局",
        dateline="云溪讯",
        tags=("防汛",),
    )
    factories.make_in("draft", staff["correspondent"], now, headline="另一篇", body="<p>无</p>")
    client = desk("correspondent")
    for query in [
        "水闸",
        "闸换",
        "了电",
        "电动",
        "动机",
        "冬修",
        "六座",
        "白鹭",
        "鹭飞",
        "飞回",
        "买买",
        "提·江",
        "白沙",
        "沙镇",
        "水利",
        "云溪",
        "防汛",
        "渡。",
    ]:
        assert titles(client, f"?q={query}") == ["水闸换了 电动机"], query
    assert titles(client, "?q=strong") == titles(client, "?q=amp") == []
    assert titles(client, "?q=水闸+白鹭") == ["水闸换了 电动机"]
    assert titles(client, "?q=水闸+没有") == []
    assert titles(client, "?q=闸") == ["水闸换了 电动机"]


def test_a_new_name_of_a_person_or_town_finds_the_old_articles(desk, staff, now, town):
    factories.make_in("draft", staff["reporter"], now, writer="罗小满", towns=(town.pk,))
    Contributor.objects.filter(name="罗小满").update(name="罗大海")
    Town.objects.filter(pk=town.pk).update(name="银沙镇")
    client = desk("reporter")
    assert [len(titles(client, f"?q={q}")) for q in ("小满", "大海", "白沙", "银沙")] == [
        0,
        1,
        0,
        1,
    ]


def test_the_index_holds_the_newest_text_alone(desk, staff, now):
    """The index follows each save, each return to the signed text, and each deletion."""
    writer = staff["correspondent"]
    article = factories.make_draft(writer, now, headline="旧题目")
    services.save_article(article, factories.content("新题目"), user=writer, at=now, base_version=1)
    client = desk("correspondent")
    assert (titles(client, "?q=旧题"), titles(client, "?q=新题")) == ([], ["新题目"])
    article.refresh_from_db()
    other = factories.content("别的署名", writer="另一人")
    services.save_article(article, other, user=writer, at=now, base_version=article.version)
    assert titles(client, "?q=别的") == ["别的署名"]
    article.refresh_from_db()
    services.delete_article(article, user=writer, at=now, version=article.version)
    assert titles(client, "?q=新题") == []


def test_a_correction_that_is_dropped_leaves_the_signed_text_in_the_index(desk, staff, now):
    article = factories.make_in("published", staff["reporter"], now, headline="登出的题目")
    services.correct(article, user=staff["head"], at=now, kind="update", reason="补充")
    services.take(article, user=staff["head"], at=now)
    article.refresh_from_db()
    new = factories.content("更正的题目")
    services.save_article(article, new, user=staff["head"], at=now, base_version=article.version)
    client = desk("head")
    assert (titles(client, "?q=登出"), titles(client, "?q=更正")) == ([], ["更正的题目"])
    article.refresh_from_db()
    services.spike(article, user=staff["head"], at=now, reason="不必")
    assert (titles(client, "?q=登出"), titles(client, "?q=更正")) == (["登出的题目"], [])


def test_a_refused_save_leaves_the_index_alone(desk, staff, now):
    writer = staff["correspondent"]
    article = factories.make_in("approved", writer, now, headline="签发的题目")
    with pytest.raises(Refusal):
        services.save_article(
            article, factories.content("偷改的题目"), user=writer, at=now, base_version=1
        )
    client = desk("correspondent")
    assert (len(titles(client, "?q=签发")), len(titles(client, "?q=偷改"))) == (1, 0)


def test_reindex_finds_again_what_the_index_lost(desk, staff, now, capsys):
    factories.make_draft(staff["reporter"], now, headline="水闸换了电机", tags=("防汛",))
    services.search_index.DESK.clear()
    client = desk("reporter")
    assert titles(client, "?q=水闸") == []
    call_command("reindex")
    assert "1/1" in capsys.readouterr().out
    assert titles(client, "?q=水闸") == titles(client, "?q=防汛") == ["水闸换了电机"]


STATES = [state.value for state in State]
ROLES = ["correspondent", "reporter", "editor", "head", "chief", "administrator"]


@pytest.mark.parametrize("role", ROLES)
def test_users_cannot_find_or_count_what_they_may_not_see(desk, staff, now, role):
    """Others' drafts, and for correspondents all articles of others, are hidden, even in counts."""
    other = factories.make_user("someone", "reporter")
    for section in ("news", "literature"):
        for state in STATES:
            factories.make_in(
                state,
                other,
                now,
                headline=f"{section} {state}",
                section=section,
                body="<p>密语</p>",
            )
    seen = Article.objects.listed_for(actor_of(staff[role]), now)
    expected = {article.title for article in seen}
    client = desk(role)
    page = client.get(LIST, {"q": "密语"}).content.decode()
    shown = titles(client, "?q=密语")
    assert set(shown) == expected
    assert f"{len(expected)} 篇" in page
    assert page.count("<mark>密语</mark>") == len(expected)
    assert titles(client, "?q=密语&state=draft") == [t for t in shown if t.endswith("draft")]
    if role == "correspondent":
        assert expected == set()


def test_each_state_is_a_filter_and_several_are_either(desk, staff, now):
    for state in STATES:
        factories.make_in(state, staff["reporter"], now, headline=state)
    client = desk("reporter")
    for state in STATES:
        assert titles(client, f"?state={state}") == [state]
    assert set(titles(client, "?state=draft&state=scheduled")) == {"draft", "scheduled"}


def test_section_town_writer_list_and_taken_are_filters(desk, staff, now, town):
    mine = staff["editor"]
    a = factories.make_in("first_review", staff["reporter"], now, headline="甲", towns=(town.pk,))
    factories.make_in("first_review", staff["reporter"], now, headline="乙", writer="丁一")
    factories.make_in("draft", mine, now, headline="丙", section="literature")
    services.take(a, user=mine, at=now)
    client = desk("editor")
    assert titles(client, "?section=literature") == ["丙"]
    assert set(titles(client, "?section=literature&section=news")) == {"甲", "乙", "丙"}
    assert titles(client, f"?town={town.slug}") == ["甲"]
    assert titles(client, "?writer=丁") == ["乙"]
    assert titles(client, "?list=own") == ["丙"]
    assert titles(client, "?list=taken") == ["甲"]
    assert set(titles(client, "?list=waiting&section=news")) == {"甲", "乙"}
    assert titles(client, f"?town={town.slug}&writer=丁") == []


def test_days_of_change_submission_and_release(desk, staff, now):
    old = now - dt.timedelta(days=10)
    factories.make_in("published", staff["reporter"], old, headline="旧")
    factories.make_in("published", staff["reporter"], now, headline="新")
    client = desk("reporter")
    day = timezone.localdate(old + dt.timedelta(days=1))
    for by in ("", "&by=submitted", "&by=released"):
        assert titles(client, f"?until={day}{by}") == ["旧"], by
        assert titles(client, f"?since={day}{by}") == ["新"], by


def test_an_issue_is_found_by_number_and_by_day(desk, staff, now):
    article = factories.make_in("approved", staff["correspondent"], now, headline="上版的")
    factories.make_in("approved", staff["correspondent"], now, headline="没上版的")
    day = (now + dt.timedelta(days=2)).date()
    issue = issues.plan_issue(number=3021, date=day, pages=[(1, "要闻")], user=staff["head"])
    issues.place(article, Page.objects.get(issue=issue), user=staff["head"], at=now)
    client = desk("head")
    assert titles(client, "?issue=3021") == titles(client, f"?issue={day}") == ["上版的"]
    assert titles(client, "?issue=3022") == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?q=，。", "单用标点"),
        ("?since=2022-13-40", "日期"),
        ("?since=0001-01-01", "1900"),
        ("?since=2022-02-02&until=2022-01-01", "早于"),
        ("?issue=明天", "期号"),
        ("?town=nowhere", "选项"),
        ("?state=nowhere", "选项"),
        ("?section=nowhere", "选项"),
        (f"?q={'长' * 200}", "100"),
    ],
)
def test_a_filter_that_cannot_be_read_is_said_in_words_and_stays(desk, staff, now, query, words):
    factories.make_in("draft", staff["reporter"], now, headline="我的")
    response = desk("reporter").get(LIST + query)
    page = response.content.decode()
    assert response.status_code == 200
    assert "无法识别" in page
    assert words in page
    assert "我的</a>" not in page
    if query.startswith("?issue"):
        assert 'value="明天"' in page


@pytest.mark.parametrize(
    "query", ["?before=x", "?before=n99999999999999999-1", "?o=1&p=2", "?before=h1-1"]
)
def test_an_address_of_no_use_shows_the_first_page(desk, staff, now, query):
    factories.make_in("draft", staff["reporter"], now, headline="水闸")
    assert titles(desk("reporter"), query) == ["水闸"]


def test_fields_left_empty_leave_the_address(desk):
    response = desk("editor").get(f"{LIST}?q=水闸&writer=&town=&since=&state=draft")
    assert response.headers["Location"].count("=") == 2


def test_pages_follow_each_other_without_a_gap_and_without_a_double(desk, staff, now, monkeypatch):
    monkeypatch.setattr(article_search, "PAGE_SIZE", 4)
    monkeypatch.setattr(article_search, "COUNT_CAP", 6)
    for number in range(11):
        head = "水闸" if number % 3 == 0 else "题目"
        factories.make_in(
            "draft", staff["reporter"], now, headline=f"{head}{number}", body="<p>水闸</p>"
        )
    client = desk("reporter")
    for query in ("?", "?q=水闸", "?q=水闸&sort=match"):
        found: list[str] = []
        url = query
        while url:
            found += titles(client, url)
            page = client.get(LIST + url).content.decode()
            assert ("超过 1000 篇" in page) == ("before" not in url)
            more = re.search(r'href="([^"]+)" rel="next"', page)
            url = more[1].replace("&amp;", "&") if more else ""
        assert len(found) == len(set(found)) == 11
        if query.endswith("match"):
            assert [t[:2] for t in found] == ["水闸"] * 4 + ["题目"] * 7


def test_a_snippet_shows_the_hit_in_its_sentence_and_never_markup(desk, staff, now):
    body = f"<p>{'前' * 300}</p><p>说明<a href='https://a.example/x'>水闸</a>&lt;换&gt;了电机{'后' * 300}</p>"
    factories.make_in("draft", staff["reporter"], now, headline="题目", body=body)
    page = desk("reporter").get(LIST, {"q": "水闸 电机"}).content.decode()
    snippet = re.search(r'class="snippet">(.*?)</span>', page, re.DOTALL)[1]
    assert "<mark>水闸</mark>&lt;换&gt;了<mark>电机</mark>" in snippet
    assert len(re.sub(r"<[^>]+>", "", snippet)) < 130
    assert "href" not in snippet


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text("水闸换a&<>\"'é1。\n", max_size=60), st.text("水闸换a&1", min_size=1, max_size=3))
def test_a_snippet_of_any_text_is_a_piece_of_it(text, words):

    body = Body.from_paragraphs([text])
    shown = "".join(piece for piece, _hit in article_search.snippet([body], [words]))
    assert shown.strip("…") in " ".join(body.paragraphs)


@pytest.mark.parametrize("role", ROLES)
def test_the_list_takes_the_same_few_queries_for_3_rows_and_for_60(desk, staff, now, role):
    client = desk(role)
    counts = []
    for many in (3, 57):
        for number in range(many):
            author = staff["correspondent" if number % 2 else "reporter"]
            state = "published" if number % 3 else "first_review"
            headline = "" if number % 5 == 0 else "水闸"
            factories.make_in(state, author, now, headline=headline)
        row = []
        for query in ("", "?q=水闸", "?q=水闸 电动&sort=match", "?state=published&writer=甲"):
            with CaptureQueriesContext(connection) as queries:
                client.get(LIST + query)
            row.append(len(queries))
            bodies = [q["sql"] for q in queries if ', "articles_article"."body",' in q["sql"]]
            assert not bodies, bodies
        counts.append(row)
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 18
