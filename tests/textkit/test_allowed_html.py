"""Rule: one definition of the allowed HTML controls the editor and the sanitiser."""

from __future__ import annotations

import pytest
from django_prose_editor.config import EXTENSION_MAPPING, allowlist_from_extensions
from hypothesis import given, settings
from hypothesis import strategies as st

from photos.html import figure_html
from textkit import html
from textkit.allowed_html import ELEMENTS, EXTENSIONS, TAGS
from textkit.body import Body
from textkit.paste_cleanup import normalise

#: The HTML that the editor produces for each element.
MADE = {
    "paragraph": "<p>一行<br>又一行</p>",
    "subhead": "<h2>小标题</h2>",
    "bold": "<p>甲<strong>乙</strong></p>",
    "superscript": "<p>10<sup>5</sup></p>",
    "subscript": "<p>CO<sub>2</sub></p>",
    "quote": "<blockquote><p>引文</p></blockquote>",
    "bullet list": "<ul><li>甲<ul><li>乙</li></ul></li></ul>",
    "ordered list": '<ol start="3"><li>甲</li><li>乙</li></ol>',
    "table": '<table><tbody><tr><th colspan="2">甲</th></tr>'
    '<tr><td rowspan="2">乙</td><td>丙</td></tr></tbody></table>',
    "link": '<p><a href="https://paper.example/1?a=b&amp;c" rel="noopener nofollow">甲</a></p>',
    "photo": '<figure data-photo="7"></figure>',
}
#: HTML elements that the paper does not allow.
FOREIGN = [
    "abbr",
    "address",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "bdi",
    "bdo",
    "big",
    "body",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "link",
    "main",
    "map",
    "mark",
    "marquee",
    "menu",
    "meta",
    "meter",
    "nav",
    "noscript",
    "object",
    "optgroup",
    "option",
    "output",
    "picture",
    "pre",
    "progress",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "script",
    "section",
    "select",
    "slot",
    "small",
    "source",
    "span",
    "strike",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "template",
    "textarea",
    "tfoot",
    "thead",
    "time",
    "title",
    "track",
    "tt",
    "u",
    "var",
    "video",
    "wbr",
    "math",
    "xml",
    "h1",
    "h3",
    "h4",
    "h5",
    "h6",
    "o:p",
    "w:sdt",
    "st1:date",
]
FOREIGN_ATTRIBUTES = [
    "class",
    "id",
    "style",
    "lang",
    "dir",
    "title",
    "onclick",
    "onerror",
    "data-x",
    "data-type",
    "contenteditable",
    "hidden",
    "width",
    "height",
    "align",
    "bgcolor",
    "color",
    "face",
    "size",
    "name",
    "target",
    "srcset",
    "src",
    "background",
    "type",
    "value",
]


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.name)
def test_what_the_editor_can_make_survives(element):
    made = MADE[element.name]
    assert html.sanitise(made) == made
    assert Body.from_html(made) == made
    assert all(f"<{tag}" in made for tag in element.tags)


def test_the_editor_makes_nothing_that_the_sanitiser_drops():
    """The editor's package lists the tags of its extensions; ours are the photo and the paste."""
    theirs = {name: how for name, how in EXTENSIONS.items() if name in EXTENSION_MAPPING}
    assert set(EXTENSIONS) - set(theirs) == {"Photo", "Paste"}
    made = allowlist_from_extensions(theirs)["tags"] | {"figure"}
    # A table has <tbody> only (see the browser test of the editor's output).
    assert made - {"thead"} == TAGS


@pytest.mark.parametrize("tag", FOREIGN)
def test_no_other_element_stays(tag):
    for dirty in (f"<{tag}>文字</{tag}>", f"<p>甲<{tag} src=x>文字</{tag}>乙</p>", f"<{tag}/>"):
        clean = html.sanitise(dirty)
        assert f"<{tag}" not in clean or tag in TAGS
        assert Body.from_html(clean).count("<") == normalise(clean).count("<")


@pytest.mark.parametrize("name", FOREIGN_ATTRIBUTES)
def test_no_other_attribute_stays(name):
    for tag in sorted(TAGS - {"br"}):
        inside = f'<{tag} {name}="x">文字</{tag}>'
        inside = f"<table><tr>{inside}</tr></table>" if tag in {"td", "th"} else inside
        assert f" {name}=" not in html.sanitise(inside)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ('<td colspan="1">', ""),
        ('<figure data-photo="x">甲</figure>', "甲"),
        ('<figure data-photo="1"><img src="http://a/b.png"></figure>', '<figure data-photo="1"></figure>'),
        ('<figure data-photo="1"><figure data-photo="2"></figure></figure>', '<figure data-photo="2"></figure>'),
        ('<figure data-photo="2"></figure><figure data-photo="2"></figure>', '<figure data-photo="2"></figure>'),
        ('<figure data-photo="3"></figure>', ""),
    ],
)  # fmt: skip
def test_a_photo_stands_only_where_it_belongs(dirty, clean):
    assert html.sanitise(dirty, [1, 2]) == clean


def test_a_photo_is_no_text():
    row = {"url": "/photos/a", "width": 4, "height": 3, "widths": [4], "crops": [4]}
    body = Body('<p>甲</p><figure data-photo="7"></figure><p>乙</p>').place_photos(
        lambda pk: figure_html(row, '说明"<', "张三 摄")
    )
    assert Body(body).paragraphs == ["甲", "乙"]
    assert 'alt="说明&quot;&lt;"' in body


BODIES = [
    *(body for name, body in MADE.items() if name not in {"bullet list", "table"}),
    "<ul><li>甲</li><li><strong>乙</strong></li></ul>",
    "<table><tbody><tr><th>甲</th><th>乙</th></tr><tr><td>1|2</td><td></td></tr></tbody></table>",
    "<p># 不是标题</p>\n<p>- 不是列表</p>\n<p>1. 也不是</p>\n<p>［图1］</p>\n<p>**甲** [乙](http://a)</p>",
    "<p>甲\\</p>\n<p>&gt; 乙 &amp; 丙 &lt;丁&gt;</p>",
]


@pytest.mark.parametrize("body", BODIES)
def test_the_text_area_loses_nothing(body):
    """Converting to light markup and back gives the same HTML."""
    text = Body(body).as_markup({7: 1})
    assert text is not None
    assert Body.from_markup(text, {1: 7}) == body


@pytest.mark.parametrize("name", ["bullet list", "table"])
def test_what_the_light_markup_cannot_say_is_not_said_by_halves(name):
    assert Body(MADE[name]).as_markup({}) is None


def test_plain_lines_become_paragraphs():
    typed = "第一段\n第二段\n\n　　第三段\n# 小标题\n- 甲\n·乙\n\n[图１]\n［图9］"
    assert Body.from_markup(typed, {1: 7}) == (
        "<p>第一段</p>\n<p>第二段</p>\n<p>第三段</p>\n<h2>小标题</h2>\n"
        '<ul><li>甲</li><li>乙</li></ul>\n<figure data-photo="7"></figure>\n<p>［图9］</p>'
    )


def test_a_copied_table_of_plain_text_stays_a_table():
    made = Body.from_markup("镇街\t数量\n白沙\t6\n普通一行", {})
    assert made == (
        "<table><tbody><tr><td>镇街</td><td>数量</td></tr>"
        "<tr><td>白沙</td><td>6</td></tr></tbody></table>\n<p>普通一行</p>"
    )


_SOUP = st.text(alphabet="<>/pbultdrhi2strongfigure=\"' \n\u3000·l甲乙&;-1.#*[]()|\\", max_size=80)


@settings(max_examples=200, deadline=None)
@given(_SOUP)
def test_mending_again_changes_nothing(source):
    once = Body.from_html(source)
    assert Body.from_html(str(once)) == once


@settings(max_examples=200, deadline=None)
@given(_SOUP)
def test_typing_never_fails_and_keeps_the_characters(text):
    made = Body.from_markup(text, {})
    assert html.sanitise(made) == made
    kept = Body(made).text
    assert all(kept.count(char) == text.count(char) for char in "甲乙")


def test_a_placed_photo_is_a_block_that_can_be_compared():
    blocks = Body('<p>甲</p>\n<figure data-photo="7"></figure>\n<h2>乙</h2>').lines
    assert [block.text for block in blocks] == ["甲", "［图］", "乙"]
    assert [block.tags for block in blocks] == ["<p>", '<figure data-photo="7">', "<h2>"]
