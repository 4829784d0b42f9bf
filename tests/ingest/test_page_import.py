"""Import of a page: as drafts or as printed, once, and completely or not at all."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.management import CommandError

from articles.models import Article, LogEntry
from bylines.models import Contributor
from ingest import services
from issues import services as issues
from issues.models import Issue, Placement
from paper.models import Paper, Town
from press.models import Edition, Story
from tests.helpers.page_imports import PAGE, run, write, written

DAY = dt.date(2022, 10, 18)


def test_json_prints_the_reading_and_writes_nothing(staff, tmp_path):
    before = written()
    out, _err = run(write(tmp_path, PAGE), "--json")
    first, second = json.loads(out)["stories"]
    assert first == {
        "section": None,
        "kicker": "白沙镇",
        "town": "白沙镇",
        "headline": ["六座水闸换了电动机"],
        "dateline": "云溪讯",
        "paragraphs": first["paragraphs"],
        "credits": [{"name": "罗小满", "role": "通讯员"}],
        "kind": "story",
        "flags": [],
    }
    assert len(first["paragraphs"]) == 2
    assert second["credits"] == [{"name": "沈青山", "role": "记者"}]
    assert written() == before


def test_drafts_stand_on_the_page_in_order_and_are_made_once(staff, tmp_path):
    path = write(tmp_path, PAGE)
    day = (dt.date.today() + dt.timedelta(days=3)).isoformat()
    run(path, "--issue", day, "--page", "2")
    places = Placement.objects.filter(page__number=2).order_by("position")
    assert [p.article.headline for p in places] == ["六座水闸换了电动机", "县图书馆夜里也开门"]
    assert [p.article.state for p in places] == ["draft", "draft"]
    article = places[0].article
    assert [town.name for town in article.towns.all()] == ["白沙镇"]
    assert [row.contributor.name for row in article.bylines.all()] == ["罗小满"]
    before = written()
    out, _err = run(path, "--issue", day, "--page", "2")
    assert written() == before
    assert out.count("= ") == 2


def test_as_printed_fills_an_old_issue_that_readers_see(client, staff, tmp_path):
    path = write(tmp_path, PAGE)
    args = (path, "--issue", DAY.isoformat(), "--page", "3", "--as-printed", "--number", "88")
    run(*args, "--page-name", "民生")
    page = client.get("/issues/2022-10-18/3/").content.decode()
    assert "六座水闸换了电动机" in page
    assert "第88期" in page
    story = Story.objects.get(position=1)
    assert (story.release_at, story.page.name) == (Issue.objects.get().release_at, "民生")
    assert "（通讯员 罗小满）" in client.get(story.get_absolute_url()).content.decode()
    assert LogEntry.objects.filter(transition="archive").count() == 2
    before = written()
    run(*args)
    assert written() == before


def test_another_page_joins_the_same_old_issue(staff, tmp_path):
    for page in ("1", "2"):
        text = PAGE.replace("六座", f"第{page}批六座").replace("县图", f"第{page}个县图")
        run(write(tmp_path, text), "--issue", DAY.isoformat(), "--page", page, "--as-printed")
    edition = Edition.objects.get()
    assert [page.number for page in edition.pages.all()] == [1, 2]
    assert Story.objects.filter(page__edition=edition).count() == 4


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "没有内容"),
        (" \n\u3000\n".encode(), "没有内容"),
        (bytes(range(256)) * 40, "不是文本文件"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "不是文本文件"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 9, "不是文本文件"),
        (("很长" * 900_000).encode(), "2 MB"),
        ("第2版 要闻\n2022年10月18日\n".encode(), "没有找到稿件"),
    ],
    ids=["empty", "blanks", "binary", "png", "pdf", "5MB", "no-story"],
)
def test_bad_input_is_said_in_words_and_nothing_is_written(staff, tmp_path, data, words):
    before = written()
    with pytest.raises(CommandError, match=words):
        run(write(tmp_path, data), "--issue", "2030-01-01", "--page", "1")
    assert written() == before


@pytest.mark.parametrize(
    "data",
    [
        PAGE.encode("gbk"),
        PAGE.encode("gb18030"),
        PAGE.replace("\n", "\r\n").encode(),
        PAGE.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + PAGE.encode(),
        PAGE.encode("utf-16"),
    ],
    ids=["gbk", "gb18030", "crlf", "cr", "bom", "utf-16"],
)
def test_encodings_and_line_ends_read_the_same(staff, tmp_path, data):
    plain, _err = run(write(tmp_path, PAGE), "--json")
    assert run(write(tmp_path, data), "--json")[0] == plain


def test_an_unknown_town_is_reported_and_the_story_is_imported(staff, tmp_path):
    _out, err = run(write(tmp_path, PAGE.replace("白沙镇", "青岭镇")))
    assert "青岭镇" in err
    assert Article.objects.count() == 2
    assert not Town.objects.filter(name="青岭镇").exists()


def test_of_two_namesakes_the_one_of_the_town_is_taken_and_reported(staff, tmp_path, town):
    other = Contributor.objects.create(name="罗小满", town=Town.objects.get(slug="shiqiao"))
    right = Contributor.objects.create(name="罗小满", town=town)
    _out, err = run(write(tmp_path, PAGE))
    assert "2 位作者" in err
    byline = Article.objects.get(headline="六座水闸换了电动机").bylines.get()
    assert byline.contributor == right
    assert Contributor.objects.filter(name="罗小满").count() == 2
    assert other.pk != right.pk


def test_an_error_half_way_writes_nothing(staff, now, monkeypatch):
    review = services.read_page(PAGE)
    calls: list[int] = []
    before = written()

    def break_at_second(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError
        return create(*args, **kwargs)

    create = services.articles.create_article
    monkeypatch.setattr(services.articles, "create_article", break_at_second)
    with pytest.raises(RuntimeError):
        services.import_drafts(services.default_choice(review), user=staff["head"], at=now)
    assert written() == before


@pytest.mark.parametrize(
    "args",
    [
        ("--issue", "2030-01-01"),
        ("--page", "1"),
        ("--as-printed",),
        ("--issue", "2030-01-01", "--page", "9"),
        ("--issue", "18.10.2022", "--page", "1"),
        ("--issue", "2099-01-01", "--page", "1", "--as-printed"),
        ("--user", "nobody"),
    ],
)
def test_wrong_options_are_said_and_nothing_is_written(staff, tmp_path, args):
    before = written()
    with pytest.raises(CommandError) as refusal:
        run(write(tmp_path, PAGE), *args)
    assert str(refusal.value)
    assert written() == before


def test_a_missing_file_is_said(staff):
    with pytest.raises(CommandError, match=r"none\.txt"):
        run("none.txt")


def test_no_importing_into_a_signed_issue_of_this_desk(staff, now, tmp_path):
    day = dt.date.today() - dt.timedelta(days=1)
    issues.plan_issue(date=day, user=staff["chief"], number=5)
    before = written()
    with pytest.raises(CommandError, match="本系统"):
        run(write(tmp_path, PAGE), "--issue", day.isoformat(), "--page", "1", "--as-printed")
    assert written() == before


def test_a_paper_without_sections_says_so(db, tmp_path):
    Paper.objects.create(pk=1, name="空报")
    with pytest.raises(CommandError):
        run(write(tmp_path, PAGE))
