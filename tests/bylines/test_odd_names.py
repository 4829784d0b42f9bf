"""Rule: names are read as phones, WeChat and rare fonts write them; a joining word is asked about.

All names are invented.
"""

from __future__ import annotations

import io
import json
import sys

import pytest
from django.core.management import call_command

from articles.models import Article
from bylines.credits.field import read_field
from bylines.credits.line import read_line
from bylines.credits.settle import doubts_in
from tests.helpers import factories
from tests.helpers.byline_forms import ADD, form, listed

#: Extensions A to H, surnames with a reading or a form of their own, peoples with and without dots.
RARE = listed(
    "王𰻝 李𱍐 陈𲎯 何㛃 丁㐱 覃𬭎 刘𬘘 张𫟹 𬱟小 欧阳𬬻𬭁 查良宏 单雄 解晓东 仇英子 区伟 曾盖 盖丽丽"
    " 乜小小 逄阳 冼星 麴文泰 芈月 淳于意之 百里奚 第五伦常 呼延庆丰 完颜亮亮 木孜力江 吉木依布"
    " 阿里木江·热合曼 旦增·格桑·卓嘎 包·巴特尔 沙马·尔古惹 韩么乃·热 金·伊万诺维奇 苏龙格德·胡尔查"
)


def people(text: str) -> list[tuple[str, str]]:
    return [(one.role, one.name) for one in read_line(text).credits]


def names(text: str) -> list[str]:
    return [one.name for one in read_field(text, "通讯员")]


def offered(text: str) -> list[list[str]]:
    (doubt,) = doubts_in(read_field(text, "通讯员"))
    return [list(reading) for reading in doubt.readings]


@pytest.mark.parametrize("name", RARE)
def test_a_rare_name_is_one_person(name):
    assert names(name) == names(f"通讯员 {name}") == [name]
    assert not doubts_in(read_field(name, "通讯员"))
    assert people(f"（通讯员 {name} 王壮）") == [("通讯员", name), ("通讯员", "王壮")]


def test_rare_names_go_through_the_form_to_the_reader_and_the_search(client, desk, staff, now):
    byline = "通讯员 " + " ".join(RARE[:10])
    assert desk("editor").post(ADD, form(byline)).status_code == 302
    article = Article.objects.get()
    assert [row.contributor.name for row in article.ordered_bylines()] == RARE[:10]
    for name in RARE[:3]:
        story = factories.make_story(f"{name}的稿", now, writer=name)
        page = client.get("/search/", {"q": name}).content.decode()
        assert story.get_absolute_url() in page


@pytest.mark.parametrize("dot", "\u318d\u02d9\u25cf\u2981\u2218\u25aa\U00010101")
def test_more_signs_of_phones_are_the_middle_dot(dot):
    assert names(f"买买提{dot}艾力") == ["买买提·艾力"]


@pytest.mark.parametrize(
    "between", ["丶", "\ufe51", "\uff64", "\ufe50", "&", "＆", "+", " ＋ ", "|", "｜", " ，"]
)
def test_phones_write_other_signs_between_names(between):
    assert names(f"罗春生{between}王壮") == ["罗春生", "王壮"]
    assert people(f"通讯员 罗春生{between}王壮")[1:] == [("通讯员", "王壮")]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("文：王壮 图：李明", [("文字", "王壮"), ("摄影", "李明")]),
        ("文｜王壮 图｜李明", [("文字", "王壮"), ("摄影", "李明")]),
        ("图丨李明 文丨王壮", [("摄影", "李明"), ("文字", "王壮")]),
        ("文/王壮 图/李明", [("文字", "王壮"), ("摄影", "李明")]),
        ("王壮 文 李明 摄", [("文字", "王壮"), ("摄影", "李明")]),
    ],
)
def test_the_words_before_names_say_who_wrote_and_who_took_the_picture(line, found):
    """As articles of WeChat are signed; the photographer had been the author, and the other way."""
    assert people(line) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("通讯员 单 雄 查 良宏", ["单雄", "查良宏"]),
        ("记者 那 日 苏 王壮", ["那日苏", "王壮"]),
        ("记者 王　小　满 李　明", ["王小满", "李明"]),
    ],
)
def test_names_set_apart_are_parted_where_the_next_one_begins(line, found):
    assert [name for _role, name in people(line)] == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("王壮。", ["王壮"]),
        ("罗春生，王壮。", ["罗春生", "王壮"]),
        ("ＪＯＨＮ　ＳＭＩＴＨ", ["JOHN SMITH"]),
        ("通讯员 王壮、", ["王壮"]),
    ],
)
def test_dictation_and_wide_letters_change_no_name(typed, found):
    assert names(typed) == found


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("罗春生和王壮", [["罗春生", "王壮"]]),
        ("陈永和李明", [["陈永", "李明"], ["陈永和", "李明"]]),
        ("王壮等", [["王壮"], ["王壮等"]]),
        ("王壮·李明", [["王壮·李明"], ["王壮", "李明"]]),
    ],
)
def test_what_joins_names_is_asked_about(typed, readings):
    """One person of this name was created without a question."""
    found = offered(typed)
    assert found[: len(readings)] == readings


def test_the_form_asks_and_takes_the_answer(desk, staff):
    client, data = desk("editor"), form("通讯员 罗春生和王壮")
    page = client.post(ADD, data).content.decode()
    assert 'name="who-罗春生和王壮" value="罗春生、王壮"' in page
    assert client.post(ADD, {**data, "who-罗春生和王壮": "罗春生、王壮"}).status_code == 302
    people = [row.contributor.name for row in Article.objects.get().ordered_bylines()]
    assert people == ["罗春生", "王壮"]


@pytest.mark.parametrize(
    "name", ["郑和平", "李和", "陈永和", "谢等等"[:2], "古丽·米娜", "马克·吐温"]
)
def test_a_name_with_such_a_character_is_a_name(name):
    assert names(name) == [name]
    assert not doubts_in(read_field(name, "通讯员"))


def test_readcredits_lists_the_joined_names_too(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("记者 王壮等\n".encode())))
    out = io.StringIO()
    call_command("readcredits", stdout=out)
    told = json.loads(out.getvalue())
    assert [one["name"] for one in told["credits"]] == ["王壮"]
    assert told["doubts"] == [{"text": "王壮等", "alternatives": [["王壮"], ["王壮等"]]}]
