"""The correspondent's article form, on a phone, with and without JavaScript."""

from __future__ import annotations

import gzip
import re
from html import unescape

import pytest
from django.contrib.staticfiles import finders

from articles import services
from articles.forms.lead_sentence import lead_sentence
from articles.models import Article
from articles.services import comments
from bylines.models import Contributor
from paper.models import Town
from tests.helpers import factories
from tests.helpers.article_forms import ADD, FORM, change


def test_the_form_is_filled_from_the_contributor(desk, staff, town):
    person = Contributor.objects.get(user=staff["correspondent"])
    person.name, person.town, person.unit = "罗春生", town, "镇文化站"
    person.save()
    page = desk("correspondent").get(ADD).content.decode()
    assert f"通讯员 {person.name}" in page
    assert 'value="镇文化站"' in page
    assert re.search(rf'name="towns" value="{town.pk}"[^>]* checked', page)
    assert 'class="article-grid with-form is-plain"' in page


def test_others_have_the_full_form(desk):
    for role in ("reporter", "editor", "chief"):
        assert "is-plain" not in desk(role).get(ADD).content.decode()


@pytest.mark.parametrize(
    ("when", "where", "what", "sentence"),
    [
        ("11月25日", "白沙镇", "六座水闸通了电", "11月25日，白沙镇六座水闸通了电。"),
        ("11月25日", "白沙镇", "白沙镇水闸通了电！", "11月25日，白沙镇水闸通了电！"),
        ("", "", "水闸通了电", "水闸通了电。"),
        ("11月25日", "白沙镇", "  ", ""),
    ],
)
def test_what_where_and_when_make_the_first_sentence(when, where, what, sentence):
    assert lead_sentence(when, where, what) == sentence


def test_the_first_sentence_stands_before_the_text_once(desk):
    lead = {"lead_when": "11月25日", "lead_where": "白沙镇", "lead_what": "水闸<通>了电"}
    desk("correspondent").post(ADD, FORM | lead)
    article = Article.objects.get()
    first = "<p>11月25日，白沙镇水闸&lt;通&gt;了电。</p>"
    assert article.body == f"{first}\n<p>第一段</p>\n<p>第二段</p>"
    again = FORM | lead | {"version": 1, "body": article.body, "body_format": "html"}
    desk("correspondent").post(change(article), again)
    article.refresh_from_db()
    assert article.body.count(first) == 1


def test_without_javascript_paragraphs_lists_and_tables_stay(desk, staff, now):
    """The content of the text area is saved unchanged."""
    body = (
        "<p>甲<strong>乙</strong></p>\n<h2>小标题</h2>\n<ul><li>一</li><li>二</li></ul>\n"
        "<table><tbody><tr><td>丙</td><td>丁</td></tr></tbody></table>"
    )
    article = factories.make_draft(staff["correspondent"], now, body=body)
    client = desk("correspondent")
    page = client.get(change(article)).content.decode()
    typed = unescape(re.search(r'<textarea name="body"[^>]*>\n?(.*?)</textarea>', page, re.S)[1])
    assert "甲**乙**" in typed
    assert "<" not in typed
    client.post(change(article), FORM | {"version": 1, "body": typed, "headline": "只改标题"})
    article.refresh_from_db()
    assert article.headline == "只改标题"
    assert article.body == body


def test_what_light_markup_cannot_say_is_shown_as_html(desk, staff, now):
    body = '<table><tbody><tr><td colspan="2">甲</td></tr></tbody></table>'
    article = factories.make_draft(staff["correspondent"], now, body=body)
    page = desk("correspondent").get(change(article)).content.decode()
    assert 'name="body_format" value="html"' in page
    assert unescape(page).count(body) >= 1


def test_the_server_turns_light_markup_into_html_for_the_editor(desk):
    response = desk("correspondent").post(
        "/desk/articles/article/body/", {"body": "# 题\n<b>", "body_format": "light"}
    )
    assert response.content.decode() == "<h2>题</h2>\n<p>&lt;b&gt;</p>"


# Size of the form on a slow connection.


_ASSET = re.compile(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"')
_IMPORT = re.compile(r'^import [^;]*?"\./([\w-]+\.js)"', re.M)


def assets_of(page: str) -> dict[str, bytes]:
    """Return every file that the page loads immediately, with imported modules."""
    found: dict[str, bytes] = {}
    todo = list(dict.fromkeys(_ASSET.findall(re.sub(r"#[^\"]*", "", page))))
    while todo:
        name = todo.pop()
        if name in found:
            continue
        with open(finders.find(name), "rb") as file:
            found[name] = file.read()
        if name.endswith(".js"):
            folder = name.rpartition("/")[0]
            todo += [f"{folder}/{other}" for other in _IMPORT.findall(found[name].decode())]
    return found


def test_the_form_is_small_on_the_wire(desk):
    """The page and everything that a first visit loads: under 60 KB, static files as gzip."""
    Town.objects.bulk_create(Town(name=f"第{n}镇", slug=f"town-{n}") for n in range(20))
    page = desk("correspondent").get(ADD)
    assets = assets_of(page.content.decode())
    assert "desk/editor.js" in assets
    # They are loaded with the first use of the text area, and with the editor.
    assert not [name for name in assets if "prose" in name or "paste" in name]
    sizes = {name: len(gzip.compress(data, 9)) for name, data in assets.items()}
    total = len(page.content) + sum(sizes.values())
    print(len(page.content), sizes, total)
    assert total < 60_000


@pytest.mark.parametrize("odd", [{}, {"section": "", "lead_when": "11月2日", "body": " \n"}])
def test_an_empty_form_makes_no_article(desk, odd):
    """Neither manually nor by autosave: nobody wants a list of untitled drafts."""
    blank = FORM | {"headline": "", "body": ""} | odd
    response = desk("correspondent").post(ADD, blank)
    assert response.status_code == 400
    assert "还什么都没写" in response.content.decode()
    saved = desk("correspondent").post("/desk/articles/article/autosave/", blank)
    assert saved.json() == {"blank": True}
    assert not Article.objects.exists()


def test_what_is_missing_is_said_at_its_field_and_on_top(desk):
    desk("correspondent").post(ADD, FORM)
    article = Article.objects.get()
    form = FORM | {"headline": "", "version": article.version, "then": "submit"}
    response = desk("correspondent").post(change(article), form, follow=True)
    page = response.content.decode()
    assert 'href="#id_headline">缺标题' in page
    assert 'href="#id_section">' in page
    assert re.search(
        r'field-bad"[^>]*>\s*<label for="id_headline".*?errorlist[^>]*>\s*<li>缺标题', page, re.S
    )
    assert "您写的内容已保存" in page
    article.refresh_from_db()
    assert article.state == "draft"
    assert "缺标题" not in desk("correspondent").get(change(article)).content.decode()


def test_a_returned_story_leads_to_the_comments_that_are_open(desk, staff, now):
    article = factories.make_in("first_review", staff["correspondent"], now)
    comments.add_comment(article, text="哪一年？", user=staff["editor"], at=now)
    services.take(article, user=staff["editor"], at=now)
    services.return_article(article, user=staff["editor"], at=now, reason="补年份")
    page = desk("correspondent").get(change(article)).content.decode()
    assert re.search(r'<a href="#comments">\s*有 1 条批注未处理', page)
