"""Rule: names are read as they are written; the system asks if it may be one person or two.

At the form, the photographer's field, the page import, the login and the commands. All names are
invented.
"""

from __future__ import annotations

import io
import json
import re
import sys

import pytest
from django.core.management import call_command
from django.test import Client

from articles.models import Article
from bylines.credits.field import read_field
from bylines.credits.line import read_line
from bylines.models import Contributor, OtherName
from bylines.names import name_key, tidy_name
from bylines.services import match_or_create
from photos.models import Photo
from tests.helpers import factories
from tests.helpers.byline_forms import ADD, form, listed

RARE = listed("张𠮷 张𬬻 李𨭎 欧阳𠮷 王㐂 周龴 王䶮 司马𬴊 王〇 乜𪚥")
DOTTED = listed(
    "买买提·艾力 卡洛斯·加西亚·马尔克斯 唐纳德·J·特朗 J.K.罗林 让-雅克·鲁索 尼玛·才让 古丽·米娜"
)
TRANSCRIBED = [
    *listed(
        "额尔德木图 呼和巴特尔 苏和巴特尔 娜仁图雅 阿拉坦其其格 那顺乌力吉 斯琴高娃 敖特根巴雅尔"
    ),
    *listed("扎西顿珠 索朗旺堆 巴桑次仁 格桑多吉 次仁德吉 强巴旦增 拉巴次仁 达瓦扎西 洛桑群培"),
    *listed(
        "阿不都热合曼 买买提依明 努尔艾合麦提 阿卜杜热西提 热依汗古丽 吾买尔江 木合塔尔 艾尼瓦尔"
    ),
    *listed("吐尔逊娜依 帕提古丽 吉克阿呷 沙马拉哈 叶尔肯别克 巴合提亚尔 哈斯额尔敦"),
]
PLAIN = listed("王壮 欧阳小满 上官云飞 诸葛青 尉迟明远 单于小舟 纳兰静秋 令狐远 从小雨 朝格图")
TWO_SURNAMES = listed("郑薛飞腾 李张雨桐 江白扎西")
ONE_OR_TWO = listed("张高文博 才仁卓玛 阿依古丽 那木吉拉 王芳李娜 才让卓玛 刘侠陈科")


def names_in(text: str) -> list[str]:
    return [one.name for one in read_line(text).credits]


def signed() -> list[str]:
    return [row.contributor.name for row in Article.objects.get().ordered_bylines()]


# Single names with any characters.


@pytest.mark.parametrize(
    "name", [*RARE, *DOTTED, *TRANSCRIBED, *PLAIN, *TWO_SURNAMES, "John Smith"]
)
def test_a_name_is_one_person(name):
    assert names_in(f"通讯员 {name}")[0] == name
    assert names_in(f"记者 王壮 通讯员 {name}")[:2] == ["王壮", name]
    assert [one.name for one in read_field(f"{name} 王壮", "通讯员")][:2] == [name, "王壮"]
    assert names_in(f"{name} 摄")[0] == name


def test_a_character_of_an_old_font_is_its_character_of_today():
    assert names_in("通讯员 王\ue863") == ["王䶮"]


@pytest.mark.parametrize("name", [*RARE[:6], *TRANSCRIBED])
def test_a_name_may_follow_its_role_directly(name):
    assert names_in(f"（通讯员{name}）")[0] == name


@pytest.mark.parametrize("place", ["乌鲁木齐", "呼和浩特", "乌兹别克斯坦", "斯里兰卡"])
def test_a_place_is_no_name(place):
    assert read_line(f"（{place}）").credits == ()
    assert names_in(f"本报记者{place}报道") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("通讯员 王　壮", ["王壮"]),
        ("通讯员 王　壮 李　四 欧阳　明", ["王壮", "李四", "欧阳明"]),
        ("通讯员 王　小满 何映雪", ["王小满", "何映雪"]),
        ("通讯员 王壮、李𠮷、买买提•艾力", ["王壮", "李𠮷", "买买提·艾力"]),
        ("（通讯员 谭开平杜若兰）", ["谭开平", "杜若兰"]),
        ("记者额尔德木图 通讯员张𠮷 摄", ["额尔德木图", "张𠮷"]),
        ("文/图 巴特尔", ["巴特尔", "巴特尔"]),
        ("通讯员 John Smith、Anna Bell", ["John Smith", "Anna Bell"]),
    ],
)
def test_names_are_parted_where_their_separators_are(text, names):
    assert names_in(text) == names


# Dots and blanks in names.


@pytest.mark.parametrize("dot", "·•‧・･⸱⋅∙᛫\u0387\ua78f．.﹒")
def test_every_middle_dot_is_one_dot(paper, dot):
    assert names_in(f"通讯员 买买提{dot}艾力") == ["买买提·艾力"]
    person, _others = match_or_create(f"买买提{dot}艾力", "通讯员")
    assert person.name == "买买提·艾力"


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("张　胜", "张胜"),
        (" 买买提 · 艾力 ", "买买提·艾力"),
        ("John  Smith", "John Smith"),
        ("J. K. Rowe", "J. K. Rowe"),
        ("J.K.罗林", "J.K.罗林"),
        ("Smith 约翰", "Smith约翰"),
        ("李.四", "李·四"),
        ("Jean-Paul", "Jean-Paul"),
    ],
)
def test_a_name_is_tidied_but_not_mangled(typed, tidy):
    assert tidy_name(typed) == tidy
    assert name_key(typed) == name_key(tidy)


# Logins.


@pytest.mark.parametrize(
    "name",
    [
        *listed("张𠮷 才仁卓玛 额尔德木图 张高文博 王芳李娜 买买提·艾力 欧阳𬬻 王\ue863 lanxi_01"),
        *listed("巴文图雅 从小雨 记者团小王 阿不都热合曼江买买提 县委办李明 刘侠陈科"),
        "John Smith",
    ],
)
def test_the_untouched_form_of_a_login_is_submitted(paper, name):
    user = factories.make_user(name, "correspondent")
    client = Client()
    client.force_login(user)
    page = client.get(ADD).content.decode()
    byline = re.search(r'name="byline" value="([^"]*)"', page)[1]
    credit = re.search(r'name="photos-0-credit" value="([^"]*)"', page)[1]
    data = form(byline, then="submit")
    file = io.BytesIO(factories.picture())
    file.name = "a.jpg"
    data |= {"photos-TOTAL_FORMS": 1, "photos-0-file": file, "photos-0-caption": "新水闸"}
    data |= {"photos-0-credit": credit}
    assert client.post(ADD, data).status_code == 302
    article = Article.objects.get()
    assert article.state == "first_review"
    assert [row.contributor for row in article.bylines.all()] == [user.contributor]
    assert [row.contributor for row in Photo.objects.get().credits.all()] == [user.contributor]
    assert Contributor.objects.count() == 1


def test_a_pen_name_of_any_form_is_submitted_too(desk, staff):
    Contributor.objects.filter(user=staff["reporter"]).update(name="青山2号", name_key="青山2号")
    assert desk("reporter").post(ADD, form("记者 青山2号")).status_code == 302
    assert Article.objects.get().bylines.get().contributor == staff["reporter"].contributor


# One person or two, in the form.


@pytest.mark.parametrize("run", ONE_OR_TWO)
def test_what_can_be_one_or_two_is_asked(desk, run):
    client, before = desk("editor"), Contributor.objects.count()
    data = form(f"记者 王壮 通讯员 {run}", headline="很长的标题")
    response = client.post(ADD, data)
    page = response.content.decode()
    assert response.status_code == 400
    assert "很长的标题" in page
    assert f"“{run}”" in page
    answers = re.findall(rf'name="who-{run}" value="([^"]*)"', page)
    assert run in answers
    assert f"{run[:2]}、{run[2:]}" in answers or len(answers) > 1
    assert (Article.objects.count(), Contributor.objects.count()) == (0, before)
    for answer in answers:
        response = client.post(ADD, {**data, f"who-{run}": answer, "headline": answer})
        assert response.status_code == 302
        article = Article.objects.get(headline=answer)
        people = [row.contributor.name for row in article.ordered_bylines()]
        assert people == ["王壮", *answer.split("、")]
        # If the form is saved again unchanged, it asks nothing and changes nobody.
        url = f"/desk/articles/article/{article.pk}/change/"
        page = client.get(url).content.decode()
        byline = re.search(r'name="byline" value="([^"]*)"', page)[1]
        again = form(byline, headline=answer, version=article.version, body="又改了一遍。")
        assert client.post(url, again).status_code == 302
        assert [row.contributor.name for row in article.ordered_bylines()] == people
        Contributor.objects.filter(name__in=answer.split("、")).update(name="别人", name_key="别人")


def test_names_that_can_be_cut_in_two_places_are_asked(desk):
    page = desk("editor").post(ADD, form("通讯员 王利文王爵")).content.decode()
    assert re.findall('name="who-王利文王爵" value="([^"]*)"', page) == [
        "王利文、王爵",
        "王利、文王爵",
    ]


def test_a_long_run_that_looks_like_no_name_is_confirmed_once(desk):
    client, data = desk("editor"), form("通讯员 锡林郭勒盟阿")
    page = client.post(ADD, data).content.decode()
    assert re.findall('name="who-锡林郭勒盟阿" value="([^"]*)"', page) == ["锡林郭勒盟阿"]
    assert client.post(ADD, {**data, "who-锡林郭勒盟阿": "锡林郭勒盟阿"}).status_code == 302
    assert signed() == ["锡林郭勒盟阿"]


def test_an_answer_that_was_not_offered_is_none(desk):
    data = form("通讯员 张高文博", **{"who-张高文博": "张、高文博"})
    assert desk("editor").post(ADD, data).status_code == 400


def test_an_answer_survives_another_error(desk):
    data = form("通讯员 张高文博", section="", headline="", body="", **{"who-张高文博": "张高文博"})
    data["photos-TOTAL_FORMS"] = "?"
    page = desk("editor").post(ADD, data).content.decode()
    assert '<input type="hidden" name="who-张高文博" value="张高文博">' in page


def test_a_blank_is_an_answer(desk):
    assert desk("editor").post(ADD, form("通讯员 张高 文博")).status_code == 302
    assert signed() == ["张高", "文博"]


@pytest.mark.parametrize("known", ["张高文博", "才仁卓玛", "王芳李娜"])
def test_a_known_contributor_is_not_parted(desk, known):
    person = Contributor.objects.create(name=known)
    assert desk("editor").post(ADD, form(f"通讯员 {known}")).status_code == 302
    assert Article.objects.get().bylines.get().contributor == person


def test_a_former_name_is_not_parted_either(desk, now):
    person = Contributor.objects.create(name="张远山")
    OtherName.objects.create(contributor=person, name="张高文博", at=now)
    assert desk("editor").post(ADD, form("通讯员 张高文博")).status_code == 302
    assert Article.objects.get().bylines.get().contributor == person


def test_two_known_contributors_are_two(desk):
    people = [Contributor.objects.create(name=name) for name in ("王芳", "李娜")]
    assert desk("editor").post(ADD, form("通讯员 王芳李娜")).status_code == 302
    assert [row.contributor for row in Article.objects.get().ordered_bylines()] == people


def test_known_names_decide_where_a_run_is_cut(desk):
    Contributor.objects.create(name="王利")
    Contributor.objects.create(name="文王爵")
    assert desk("editor").post(ADD, form("通讯员 王利文王爵")).status_code == 302
    assert signed() == ["王利", "文王爵"]


def test_an_autosave_waits_for_the_answer(desk):
    before = Contributor.objects.count()
    data = form("通讯员 张高文博", window_id="tab-12345678", sequence=1)
    answer = desk("editor").post("/desk/articles/article/autosave/", data).json()
    assert any("张高文博" in words for words in answer["waiting"])
    assert not Article.objects.get().bylines.exists()
    assert Contributor.objects.count() == before


def test_the_photographer_is_asked_about_too(desk):
    file = io.BytesIO(factories.picture())
    file.name = "a.jpg"
    data = form("记者 王壮", **{"photos-TOTAL_FORMS": 1, "photos-0-file": file})
    data |= {"photos-0-caption": "水闸", "photos-0-credit": "张高文博"}
    client = desk("editor")
    response = client.post(ADD, data)
    assert response.status_code == 400
    assert 'name="who-张高文博"' in response.content.decode()
    data |= {"photos-0-file": "", "photos-0-photo": Photo.objects.get().pk}
    assert client.post(ADD, {**data, "who-张高文博": "张高文博"}).status_code == 302
    assert [row.contributor.name for row in Photo.objects.get().credits.all()] == ["张高文博"]


# One person or two, in commands and the page import.

PAGE = (
    "第812期\n\n要闻\n\n村里的水闸换了电动机\n\n"
    "云溪讯（通讯员 {}）全镇六座水闸装上了电动机，一个人就能开闸。水来了，闸自己会报信。"
    "管闸的人说，过去要两个人摇上半个钟头，现在按一下就行。\n"
)


def test_readcredits_lists_the_ways_to_read_a_run(monkeypatch):
    raw = "通讯员 张高文博\n通讯员 王壮\n".encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    out = io.StringIO()
    call_command("readcredits", stdout=out)
    doubtful, certain = map(json.loads, out.getvalue().splitlines())
    alternatives = [["张高", "文博"], ["张高文博"]]
    assert doubtful["doubts"] == [{"text": "张高文博", "alternatives": alternatives}]
    assert "doubts" not in certain


def test_a_page_as_json_lists_them_too(tmp_path):
    file, out = tmp_path / "page.txt", io.StringIO()
    file.write_text(PAGE.format("才仁卓玛"), "utf-8")
    call_command("importpage", str(file), "--json", stdout=out)
    (story,) = json.loads(out.getvalue())["stories"]
    assert [one["name"] for one in story["credits"]] == ["才仁卓玛"]
    alternatives = [["才仁卓玛"], ["才仁", "卓玛"]]
    assert story["doubts"] == [{"text": "才仁卓玛", "alternatives": alternatives}]


def test_the_paste_screen_keeps_the_run_and_asks(desk):
    client = desk("editor")
    page = client.post("/desk/paste/", {"text": PAGE.format("张高文博")}).content.decode()
    assert 'value="通讯员 张高文博"' in page
    fields = re.findall(r'name="(s-[^"]+|file_name)"[^>]* value="([^"]*)"', page)
    data = dict(fields) | {"s-0-take": "on", "s-0-headline": "水闸", "s-0-body": "换了电动机。"}
    data |= {"s-0-kind": "story", "s-0-byline": "通讯员 张高文博", "bring-in": "1"}
    response = client.post("/desk/paste/", data)
    assert response.status_code == 400
    assert 'name="who-张高文博" value="张高、文博"' in response.content.decode()
    assert client.post("/desk/paste/", {**data, "who-张高文博": "张高文博"}).status_code == 302
    assert signed() == ["张高文博"]


def test_the_console_says_how_it_read_a_run(staff, tmp_path):
    file, err = tmp_path / "page.txt", io.StringIO()
    file.write_text(PAGE.format("张高文博"), "utf-8")
    call_command("importpage", str(file), stdout=io.StringIO(), stderr=err)
    assert "张高文博" in err.getvalue()
    assert signed() == ["张高", "文博"]


def test_the_console_knows_the_contributors(staff, tmp_path):
    Contributor.objects.create(name="张高文博")
    file, err = tmp_path / "page.txt", io.StringIO()
    file.write_text(PAGE.format("张高文博"), "utf-8")
    call_command("importpage", str(file), stdout=io.StringIO(), stderr=err)
    assert "张高文博" not in err.getvalue()
    assert signed() == ["张高文博"]
