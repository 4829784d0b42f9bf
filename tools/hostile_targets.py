"""Targets of `tools/hostile.py`: each function that parses user input."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from itertools import pairwise

from django.core.exceptions import ValidationError

from articles import content_merge as merging
from articles.content import Content, tidy
from articles.forms.body_field import HTML, LIGHT, body_of
from articles.forms.credits import read_credits
from articles.text_limits import excess_of
from bylines.credits import line
from ingest.page_parser import text
from press import body_split
from proofing import rules as proofing
from search import terms
from textkit import comment_anchors, compare, decode, highlight, html, merge, tokens, truncate
from textkit.authorship import insertion_authors, reverse_comparison, with_authors
from textkit.body import Body
from textkit.char_count import count_chars
from textkit.characters import clean_name, clean_text, fold
from textkit.tag_names import tag_key
from textkit.xml import possible
from tools.hostile import Shape, Target, TooMuch

HAN = ("字", "甲乙丙", "。", "，", "　", " ", "\n", "\n\n", "\t", "a", "1", "{n}")
LIGHT_MARKS = (
    *("**", "*", "[", "](", ")", "|", "\\", "# ", "- ", "1. ", "> ", "［图1］", "[甲](/)"),
    *("|---|", "| ", " |", "·", "l\t", "a\t", "\\\n", "http://a", "&", "<", "<b>", "\r\n", "\r"),
    *("\0", "\u2028", "\x0b", "\x85", "(", "mailto:a"),
)
TAGS = (
    *("<p>", "</p>", "<br>", "<b>", "</b>", "<ul>", "<li>", "</ul>", "<ol>", "<table>", "</table>"),
    *("<tr>", "<td>", "</td>", "<th>", "<blockquote>", "</blockquote>", "<h1>", "</h1>", "<a>"),
    *('<a href="/">', "</a>", "<span>", '<span style="mso-list:ignore">', '<p style="', '"', ">"),
    *("<div>", "</div>", "<dl>", "<dd>", "<form>", "<select>", "<option>", "<svg>", "<math>"),
    *("<template>", "<textarea>", "<script>", "<style>", "<!--", "-->", "<![CDATA[", "<", "</"),
    *("&", "&amp;", "&lt;", "&#", "&#x", ";", "=", "'", "/", '<figure data-photo="1"></figure>'),
    *("<figure>", "<pre>", "\n", "<font>", "<i>", "<u>", "<p ", "a=a ", 'data-photo="row-1"'),
    *("<li", "<td ", "\u3000", "&nbsp;", "<h2>", "<h2> ", "·", "1.", "<caption>", "<nobr>"),
    *("<button>", "<body>", "<html>", "<frameset>", "<col>", "<plaintext>", "<object>", "<wbr>"),
)


def _typed(how: str) -> Callable[[str], object]:
    return lambda text: body_of(text, how, {1: 1})


def _is_light(text: str) -> bool:
    return not excess_of(text, is_light=True)


def _is_html(text: str) -> bool:
    return not excess_of(text)


def _saved(text: str) -> None:
    tidy(Content(body=Body.from_html(text)))


PROSE = (
    "字",
    "甲乙丙。",
    "甲{n}乙丙。",
    "，",
    "\n",
    "“",
    "）",
    "a",
    "12",
    "（",
    "的的",
    ",",
    "\u0301",
    "\u0323",
    "!?",
)
NAMES = (
    *(
        "记者",
        "通讯员",
        "张三",
        "李四",
        "王",
        "欧阳",
        "、",
        " ",
        "　",
        "摄",
        "文",
        "图",
        "/",
        "·",
        "：",
    ),
    *(
        "本报",
        "融媒体",
        "某局",
        "中学",
        "（",
        "）",
        "作者单位",
        "供图",
        "由",
        "提供",
        "报道",
        "编辑",
    ),
    *("来源：", "@", "a", "1", ";", "甲{n}", "系", "文/", "采写", "新闻", "网", "电话：", "【"),
)
PAGE = (
    *NAMES,
    *("\n", "\n\n", "\r", "　　", "白沙镇讯", "甲{n}镇", "甲{n}镇\n", "甲{n}镇讯", "（记者 张三）"),
    *(
        "。",
        "，",
        "！",
        "？",
        "：",
        "公告",
        "链接",
        "简讯",
        "图片新闻",
        "下转第二版",
        "（下转第2版）",
    ),
    *("上接第一版", "第1版", "责任编辑 张三", "2020年1月1日", "新华社北京1月1日电", "问：", "——"),
    *(
        "全县水利工作会议在县里召开，各镇的负责人都到会。",
        "甲乙{n}",
        "记者手记",
        "走基层",
        "\x85",
        "\t",
    ),
    *(
        "水闸换了电动机",
        "甲{n}的水闸换了电动机，从此开闸只用一分钟",
        "摄影报道",
        "强调",
        "编辑同志：",
    ),
)


def _taken(text: str) -> Body:
    """Return HTML as it is stored."""
    body = tidy(Content(body=Body.from_html(text))).body
    if excess_of(body):
        raise TooMuch
    return body


#: Hostile changes of paragraphs: reversed, moved, all changed slightly, all split.
VARIANTS: dict[str, Callable[[list[str]], list[str]]] = {
    "turned": lambda parts: parts[::-1],
    "moved": lambda parts: parts[1:] + parts[:1],
    "changed": lambda parts: [f"改{part}了" for part in parts],
    "halved": lambda parts: [half for p in parts for half in (p[: len(p) // 2], p[len(p) // 2 :])],
    "thinned": lambda parts: [part[1::2] for part in parts],
}


def _compared(text: str, change: Callable[[list[str]], list[str]]) -> None:
    texts = [line.text for line in Body(text).lines]
    new = change(texts)
    if len(text) > 80_000:
        compare.compare_paragraphs(texts, new)
        return
    # Trace the changes to their authors.
    states = [texts, new, change(new)]
    steps = [compare.compare_paragraphs(a, b) for a, b in pairwise(states)]
    brought = insertion_authors(states, steps, ["甲", "乙"])
    taken = insertion_authors(
        states[::-1], [reverse_comparison(step) for step in steps[::-1]], ["乙", "甲"]
    )
    with_authors(compare.compare_paragraphs(texts, states[-1]), brought, taken)


def _merged(text: str, change: Callable[[list[str]], list[str]]) -> None:
    base = [block.text for block in Body(text).blocks]
    other = [part[: len(part) // 2] + "字" + part[len(part) // 2 :] for part in base]
    bodies = ["\n".join(f"<p>{escape(p)}</p>" for p in v) for v in (base, change(base), other)]
    for part in merging.parts(*(Content(body=Body(body)) for body in bodies)):
        if part.field == "body":
            shown = [
                "\n".join(Body(piece).text for piece in side) for side in (part.base, part.mine)
            ]
            merge.changes(*shown)


def _commented(text: str) -> None:
    comment_anchors.anchored(Body(text))
    paragraphs = Body(text).paragraphs
    for number in range(0, len(paragraphs), max(1, len(paragraphs) // 20)):
        comment_anchors.find_anchor(paragraphs[number][::-1][:200], number, paragraphs)


def _byline(text: str) -> None:
    try:
        read_credits(text, "通讯员")
    except ValidationError:
        return


def _decoded(text: str) -> None:
    for encoding in ("utf-8", "gb18030"):
        try:
            decode.decode_text(text.encode(encoding, "replace"))
        except decode.UnreadableText:
            continue


def _line(text: str) -> None:
    line.read_line(text)
    line.is_credit_line(text)
    line.take_head(text)


def _two(
    name: str,
    call: Callable[[str, Callable[[list[str]], list[str]]], None],
    change: Callable[[list[str]], list[str]],
) -> Target:
    """Return a target that compares two states of one text."""
    alike = "<p>" + "甲乙丙丁，" * 30 + "</p>\n"
    return Target(
        name,
        lambda text: call(_taken(text), change),
        (*PROSE, "<p>", "<br>", "<td>", "<li>"),
        takes=_is_html,
        known=(Shape("", alike, ""), Shape("", "<p>{n}</p>", ""), Shape("", "字{n}", "")),
    )


def targets() -> list[Target]:
    """Return the targets, each with the limit of its field."""
    return [*_body_targets(), *_text_targets()]


def _body_targets() -> list[Target]:
    inside = (*HAN, *TAGS)
    return [
        Target(
            "body, light markup",
            _typed(LIGHT),
            (*HAN, *LIGHT_MARKS),
            takes=_is_light,
            known=(Shape("", "a\t" * 100 + "\n", ""),),
        ),
        Target("body, HTML", _typed(HTML), inside, takes=_is_html),
        Target("body, saved", _saved, inside, takes=_is_html),
        Target("body, sanitised alone", html.sanitise, inside, takes=_is_html),
        Target(
            "body, opened in the form",
            lambda text: _taken(text).as_markup({}),
            inside,
            takes=_is_html,
        ),
        Target("body, beside comments", lambda t: _commented(_taken(t)), inside, takes=_is_html),
        *(_two(f"body, compared, {name}", _compared, change) for name, change in VARIANTS.items()),
        *(_two(f"body, merged, {name}", _merged, change) for name, change in VARIANTS.items()),
        Target(
            "body, on a set page",
            lambda t: body_split.split(_taken(t), 900),
            inside,
            takes=_is_html,
        ),
        Target(
            "proofread",
            lambda text: proofing.check(text.split("\n"), [proofing.Word("甲乙")]),
            (*PROSE, "《", "》", "了了"),
        ),
    ]


def _text_targets() -> list[Target]:
    return [
        Target("counted", count_chars, (*PROSE, ".", "-", "1.", "\u200b", "\u2019")),
        Target(
            "characters",
            lambda t: (clean_text(t), clean_name(t), fold(t), tag_key(t)),
            (*PROSE, "\u200b", "\u200d", "\u2764", "\U000e0041", "\u3000", "\u2ed3", "\u0301"),
        ),
        Target("excerpt", lambda t: (truncate.excerpt(t, 90), truncate.first_sentence(t)), PROSE),
        Target("flat", truncate.single_line, (*PROSE, "”", "…", "“", "　")),
        Target("search tokens", tokens.bigrams, (*PROSE, "_", "ﷺ", "\ufdfa", "ｶﾞ")),
        Target("search marks", lambda t: tokens.mark(t, ["aa", "甲甲甲甲"]), ("a", "甲", "ﷺ", " ")),
        Target(
            "search excerpts",
            lambda t: highlight.excerpts([t], ["aa", "甲 a", "甲甲甲甲"], before=30, after=90),
            ("a", "甲", "ﷺ", " ", "，", "e\u0301"),
        ),
        Target("search query", terms.read_signed, (*PROSE, '"', "-", "「", "」", "“", "”")),
        Target("page text", text.read, PAGE),
        Target("page bytes", _decoded, (*PAGE, "\0", "\ufeff")),
        Target("credit line, a byline", _byline, NAMES, size=400),
        Target("credit line, a paragraph", _line, (*NAMES, "讯", "1月", "电")),
        Target("feed", possible, (*PROSE, "\ufffe")),
    ]
