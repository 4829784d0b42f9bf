"""Rule: no accepted text keeps the server busy; too much text is refused with a message."""

from __future__ import annotations

import html as escaping
import time

import pytest

from articles import services
from articles.exceptions import Invalid
from articles.models import Article
from tests.helpers import factories
from tests.helpers.autosaves import FORM, send
from textkit.body import Body
from textkit.nesting import MOST_COMPOUNDS, limit_nesting

#: Seconds of work, ten times what each takes here; without limits they take minutes.
HANG = 8


def clean(source: str) -> str:
    return Body.from_html(source)


def words(source: str) -> str:
    return "".join(Body(source).text.split())


@pytest.mark.parametrize(
    "opening",
    [
        "<blockquote>",
        "<ul><li>",
        "<ol><li>",
        "<div>",
        "<section><div>",
        "<h2><li>",
        "<table><tr><td>",
        "<x>",
        "<dl><dd>",
        "<b>",
        "<span>",
    ],
)
@pytest.mark.parametrize("many", [30, 4_000])
def test_deep_nesting_is_made_shallow_and_keeps_its_text(opening, many):
    began = time.process_time()
    made = clean("".join(f"{opening}甲{n % 10}乙" for n in range(many)))
    assert words(made) == "".join(f"甲{n % 10}乙" for n in range(many))
    assert clean(made) == made
    assert time.process_time() - began < HANG


def test_what_people_write_is_left_as_it_is():
    nested = "<ul><li>甲<ul><li>乙<ol><li>丙</li></ol></li></ul></li></ul>"
    assert clean(nested) == nested
    for rows in ("<p>一<p><b>二</b>", "<li>三<b>四</b>", "<h2>五", "<table><tr><td>六</table>"):
        assert limit_nesting(rows * 200) == rows * 200


def test_text_after_a_deep_place_stands_on_its_own_again():
    deep = "<blockquote>" * 50 + "深" + "</blockquote>" * 50 + "<ul><li>浅</li></ul>"
    assert clean(deep).endswith("<ul><li>浅</li></ul>")
    assert clean(deep).count("<blockquote>") <= MOST_COMPOUNDS


@pytest.mark.parametrize("hidden", ["<!-- <b> -->", "<!--[if mso]><x><w:y/><![endif]-->"])
def test_tags_in_comments_are_not_counted(hidden):
    assert clean(hidden * 200 + "<ul><li>项</li></ul>") == "<ul><li>项</li></ul>"


def test_a_comment_that_ends_at_once_hides_no_tags_from_the_count():
    source = "<!-->" + "<ul><li>" * 3_000 + "项-->"
    assert limit_nesting(source).count("<ul>") == MOST_COMPOUNDS


@pytest.mark.parametrize("typed", ["**甲 ", "甲\\\n", "[甲](", "| 甲", "**甲** "])
def test_light_marks_that_never_end_take_no_longer(typed):
    began = time.process_time()
    Body.from_markup(typed * 40_000, {})
    assert time.process_time() - began < HANG


def test_line_breaks_in_one_paragraph_take_no_longer():
    began = time.process_time()
    clean("<p>" + "字<br>" * 30_000)
    assert time.process_time() - began < HANG


BLOCKS = [
    ("html", "<strong>字</strong>字" * 13_000),
    ("light", "**字**字" * 7_000),
    ("html", "<p>段</p>" * 4_000),
    ("html", "<ul>" + "<li>项" * 4_000),
    ("html", "字<br>" * 4_000),
    ("html", "<table>" + "<tr><td>格<td>格" * 2_000),
    ("light", "段\n" * 4_000),
    ("light", "| 格 " * 4_000),
    ("light", ("a\t" * 100 + "\n") * 2_480),
    ("light", "a\tb\n" * 1_600),
    ("light", "[字](/甲)" * 7_000),
    ("light", "\\*" * 7_000),
    ("light", "字 < 字" * 7_000),
    ("light", "字 > 字" * 7_000),
    ("html", "<p>" + "&lt;" * 7_000),
    ("html", "<p>" + "&" * 7_000),
]


@pytest.mark.parametrize(("how", "body"), BLOCKS)
def test_too_many_paragraphs_are_refused_in_words_and_kept_in_the_form(desk, staff, now, how, body):
    client = desk("correspondent")
    article = factories.make_draft(staff["correspondent"], now)
    typed = {**FORM, "version": article.version, "body": body, "body_format": how}
    page = client.post(f"/desk/articles/article/{article.pk}/change/", typed).content.decode()
    assert "3,000" in page
    assert escaping.escape(body.strip()) in page
    # The editor would begin with the content of the template.
    field = page.partition('class="field field-body')[2].partition('class="body-help"')[0]
    assert "<textarea" in field
    assert "<template>" not in field
    answer = send(client, article, 1, body=body, body_format=how)
    assert answer.status_code == 400
    assert "3,000" in answer.json()["message"]
    assert Article.objects.get(pk=article.pk).body == article.body


@pytest.mark.parametrize(
    "body",
    ["<p>" + "&" * 110_000, "<p>" + "<" * 200_000, "&amp;" * 124_000, "<b>字</b>字" * 40_000],
)
def test_what_grows_too_long_by_its_marks_is_refused_too(staff, now, body):
    """Otherwise it could be saved once, and never again from the form that shows it."""
    content = factories.content(body=body)
    with pytest.raises(Invalid, match=r"6,000|500,000"):
        services.create_article(content, user=staff["correspondent"], at=now)


def test_an_editor_request_that_is_too_large_gets_a_message(desk, staff):
    answer = desk("correspondent").post("/desk/articles/article/body/", {"body": "段\n" * 4_000})
    assert answer.status_code == 400
    assert "3,000" in answer.content.decode()


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        ({"body": "长" * 3_000_000}, 413, "8 MB"),
        ({f"f{n}": 1 for n in range(1100)}, 400, "无法识别"),
    ],
)
def test_an_autosave_beyond_the_limits_gets_a_message_as_json(desk, staff, now, more, status, said):
    """The script of the page shows the message; it would take HTML for an expired session."""
    client = desk("correspondent")
    article = factories.make_draft(staff["correspondent"], now)
    url = f"/desk/articles/article/{article.pk}/autosave/"
    answer = client.post(url, {**FORM, **more}, headers={"accept": "application/json"})
    assert answer.status_code == status
    assert said in answer.json()["message"]
    assert Article.objects.get(pk=article.pk).version == article.version
