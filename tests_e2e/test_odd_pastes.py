"""Odd pastes in the text editor and in the plain text area, and what the writer is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.odd_pastes import PASTES
from textkit.body import Body

ADD = "/desk/articles/article/add/"


@pytest.fixture
def plain_area(desk: Callable[..., Page]) -> Page:
    page = desk("correspondent", width=390)
    page.goto(ADD)
    return page


def paste(page: Page, html: str, text: str = "") -> None:
    """Paste into what has the focus, as another program would have it on the clipboard."""
    page.evaluate(
        """([html, text]) => {
            const clipboardData = new DataTransfer();
            if (html) clipboardData.setData("text/html", html);
            clipboardData.setData("text/plain", text);
            const how = { clipboardData, cancelable: true, bubbles: true };
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        [html, text],
    )


def test_the_plain_area_takes_them(plain_area):
    page = plain_area
    area = page.locator("[name=body]")
    for name, odd in PASTES.items():
        area.fill("")
        paste(page, odd.html)
        expect(area).not_to_have_value("")
        made = Body.from_markup(area.input_value(), {})
        assert made == (odd.light or odd.body), name


def test_the_editor_takes_them(desk):
    page = desk("reporter")
    page.goto(ADD)
    editor = page.locator(".ProseMirror[contenteditable]")
    for name, odd in PASTES.items():
        if name == "text that looks like markup":
            continue  # The editor's library makes bold text and links of such signs.
        editor.click()
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        paste(page, odd.html)
        made = page.locator("[name=body]").input_value()
        assert Body.from_html(made) == odd.body, name


def test_a_writer_is_told_what_a_paste_did(plain_area):
    page = plain_area
    note = page.locator("[data-paste-note]")
    page.locator("[name=body]").focus()
    paste(page, "<p>水位<s>三米二</s>三米五<img src='x.png' width=300 alt=''></p>")
    expect(note).to_have_text(
        "粘贴时没有带入：图片或视频 1 个。需要的请自己补上。"
        "划掉的文字按正文留下了，没有带删除线，共 1 处：“三米二”。不刊登的请自己删去。"
    )
    paste(page, "<p>甲<span class=msoDel>乙</span></p>")
    expect(note).to_have_text("粘贴时没有带入：已删除的修订 1 处。需要的请自己补上。")
    paste(page, "<p>甲</p>")
    expect(note).to_be_hidden()


#: A column of a PDF file, copied: each printed line is a line.
COLUMN = """　　本报讯 县图书馆添了四十盏台
灯，来的多是下班的年轻人和备考
的学生。馆长说，灯是旧的，线路
是新的，办公软件也更新了，全馆
已经连上无线网，读者可用手机预
约座位。
　　管灯的人说，过去要两个人换
一只灯泡，现在按一下就行，夜里
十点才关门。馆里还有三万册书。"""
JOINED = [
    "本报讯 县图书馆添了四十盏台灯，来的多是下班的年轻人和备考的学生。"
    "馆长说，灯是旧的，线路是新的，办公软件也更新了，全馆已经连上无线网，读者可用手机预约座位。",
    "管灯的人说，过去要两个人换一只灯泡，现在按一下就行，夜里十点才关门。馆里还有三万册书。",
]


@pytest.mark.parametrize(("name", "width"), [("reporter", 1280), ("correspondent", 390)])
def test_a_column_of_a_pdf_file_is_joined_to_paragraphs(desk, name, width):
    page = desk(name, width=width)
    page.goto(ADD)
    page.locator(".ProseMirror[contenteditable]" if width > 900 else "[name=body]").click()
    paste(page, "", COLUMN)
    expect(page.locator("[data-paste-note]")).to_contain_text("折断的 7 行已接成整段")
    made = page.locator("[name=body]").input_value()
    is_html = page.locator("[name=body_format]").input_value() == "html"
    body = Body.from_html(made) if is_html else Body.from_markup(made, {})
    assert body.paragraphs == JOINED


@pytest.mark.parametrize(
    "text",
    [
        "锄禾日当午\n汗滴禾下土\n谁知盘中餐\n粒粒皆辛苦\n锄禾日当午\n汗滴禾下土\n谁知盘中餐\n粒粒皆辛苦",
        "\n".join(f"白沙镇石桥村第{n}村民小组组长王壮" for n in "一二三四五六七八九"),
    ],
    ids=["poem", "list"],
)
def test_a_poem_and_a_list_are_not_joined(plain_area, text):
    page = plain_area
    page.locator("[name=body]").focus()
    paste(page, "", text)
    expect(page.locator("[name=body]")).to_have_value(text + "\n")
    expect(page.locator("[data-paste-note]")).to_be_hidden()
