"""Rule: a text is found by what a reader types for it, and the excerpt shows and marks the hit."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from tests.helpers import factories

HOUR = dt.timedelta(hours=1)
#: A piece of a body, and what readers type for it.
FOUND = [
    ("买买提·艾力参会", "买买提艾力"),
    ("买买提·艾力参会", "买买提•艾力"),
    ("“一带一路”倡议", "一带一路倡议"),
    ("《民法典》宣传", "民法典宣传"),
    ("中国—东盟博览会", "中国东盟"),
    ("COVID-19疫情", "covid19"),
    ("Wi-Fi覆盖", "wifi"),
    ("don’t panic", "dont"),
    ("20℃左右", "20°C"),
    ("20°C左右", "20℃"),
    ("½杯水", "1/2"),
    ("100m<sup>2</sup>大", "100㎡"),
    ("10<sup>5</sup>个", "10⁵个"),
    ("CO<sub>2</sub>排放", "ＣＯ２"),
    ("oﬃce软件", "office"),
    ("用⼾手册", "用户手册"),
    ("3—5天", "3-5天"),
    ("Ⅳ级响应", "IV级响应"),
    ("李𱍐讲话", "𱍐"),
    ("𬎆字的人", "𬎆"),
    ("王\U00031350来了", "王\U00031350"),
]


@pytest.mark.parametrize(("body", "query"), FOUND)
def test_a_text_is_found_by_what_is_typed(client, desk, staff, now, body, query):
    long = f"<p>{'前言' * 80}，{body}，{'后语' * 80}。</p>"
    story = factories.make_story("题", now - HOUR, body=long)
    page = client.get("/search/", {"q": query}).content.decode()
    assert story.get_absolute_url() in page
    assert "<mark>" in page.partition("row-summary")[2]
    listed = desk("editor").get("/desk/articles/article/", {"q": query}).content.decode()
    assert f"/{story.article.pk}/change/" in listed


@pytest.mark.parametrize(
    ("body", "query"), [("3-5天", "35天"), ("水闸。镇里", "闸镇"), ("水闸来了", "闸")]
)
def test_numbers_and_sentences_are_not_joined(client, paper, now, body, query):
    story = factories.make_story("题", now - HOUR, body=f"<p>{body}</p>")
    assert story.get_absolute_url() not in client.get("/search/", {"q": query}).content.decode()


def test_a_writer_is_suggested_without_the_dot_of_the_name(client, paper, now):
    factories.make_story("题", now - HOUR, writer="买买提·艾力")
    for query in ("买买提艾", "买买提•艾", "提 艾"):
        told = json.loads(client.get("/search/suggest/", {"q": query}).content)
        assert [one["name"] for one in told["suggestions"]] == ["买买提·艾力"]


def test_a_search_as_long_as_the_browser_allows_is_answered(client, paper, now):
    """The browser counts 𠮷 as two: its limit is twice that of the server, which says what it cut."""
    page = client.get("/search/").content.decode()
    assert int(re.search(r'name="q"[^>]* maxlength="(\d+)"', page)[1]) == 200
    story = factories.make_story("题", now - HOUR, body="<p>" + "\U00020bb7" * 100 + "</p>")
    page = client.get("/search/", {"q": "\U00020bb7" * 100}).content.decode()
    assert story.get_absolute_url() in page
    assert "只搜索前 100 个字符" not in page
    page = client.get("/search/", {"q": "\U00020bb7" * 101}).content.decode()
    assert story.get_absolute_url() in page
    assert "只搜索前 100 个字符" in page
