"""The grammar of credit lines and the command that reads them."""

from __future__ import annotations

import io
import json
import sys

import pytest
from django.core.management import call_command

from bylines.credits.line import read_line


@pytest.mark.parametrize(
    ("text", "credits"),
    [
        ("（记者 沈青山）", [("记者", "沈青山")]),
        (
            "（记者 沈青山 通讯员 罗小满 何映雪）",
            [("记者", "沈青山"), ("通讯员", "罗小满"), ("通讯员", "何映雪")],
        ),
        ("融媒体 沈青山 通讯员 罗小满 摄", [("摄影", "沈青山"), ("摄影", "罗小满")]),
        ("（记者 沈青山 文/图）", [("记者", "沈青山"), ("摄影", "沈青山")]),
        ("文字 沈青山 图片 罗小满", [("文字", "沈青山"), ("图片", "罗小满")]),
        ("（通讯员 张　胜）", [("通讯员", "张胜")]),
        ("责任编辑：沈青山", [("编辑", "沈青山")]),
        ("校对 罗小满", [("校对", "罗小满")]),
        ("老人对记者说，水来了。", []),
        ("记者从县水利局了解到，六座水闸已经换完。", []),
        ("编辑部设在老街二号。", []),
        ("", []),
    ],
)
def test_a_line_is_credits_only_where_every_piece_is_understood(text, credits):
    assert [(c.role, c.name) for c in read_line(text).credits] == credits


def test_a_label_says_what_is_printed_where_that_is_more():
    line = read_line("（融媒体记者 沈青山）")
    assert (line.credits[0].role, line.credits[0].label) == ("记者", "融媒体记者")


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("云溪讯（记者 沈青山）", "云溪讯"),
        ("本报讯 （通讯员 罗小满）", "本报讯"),
        ("新华社北京10月16日电（记者 沈青山）", "新华社北京10月16日电"),
        ("（记者 沈青山）", None),
    ],
)
def test_a_dateline_is_taken_off(text, dateline):
    line = read_line(text)
    assert line.dateline == dateline
    assert len(line.credits) == 1


def test_the_command_prints_an_object_a_line(monkeypatch):
    text = "云溪讯（记者 沈青山）\n\n不是署名的一行字。\r\n"
    raw = text.encode() + "（融媒体 罗小满）".encode("gbk")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    out = io.StringIO()
    call_command("readcredits", stdout=out)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert rows == [
        {
            "text": "云溪讯（记者 沈青山）",
            "dateline": "云溪讯",
            "credits": [{"name": "沈青山", "role": "记者"}],
        },
        {"text": "不是署名的一行字。", "dateline": None, "credits": []},
        {
            "text": "（融媒体 罗小满）",
            "dateline": None,
            "credits": [{"name": "罗小满", "role": "记者", "label": "融媒体"}],
        },
    ]
