"""The life of an article in a real browser: from a draft to a reader."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

TITLE = "上渡村的渡船退休了"
BODY = "桥通车那天，撑了三十年渡船的老人把竹篙靠在墙边。"


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).first.click()


def write(page: Page) -> str:
    """Write a story and submit it; return its URL at the desk."""
    page.get_by_role("link", name="写稿").first.click()
    page.fill("[name=headline]", TITLE)
    page.fill("[name=body]", BODY)
    page.select_option("[name=section]", index=1)
    press(page, "送审")
    expect(page.locator(".chip").first).to_have_text("待初审")
    return page.url


def read(page: Page, url: str, words: str) -> None:
    page.goto(url)
    press(page, "接稿")
    press(page, words)


def place_and_sign(page: Page) -> None:
    """Plan today's issue of one page, place the story and sign; its cut-off has closed it."""
    page.goto("/desk/issues/issue/add/")
    page.fill("[name=date]", today().isoformat())
    page.fill("[name=pages]", "要闻")
    press(page, "建这一期")
    page.locator(".candidates li", has_text=TITLE).get_by_role("button", name="上版").click()
    expect(page.locator("#page-1")).to_contain_text(TITLE)
    press(page, "签发")


def today() -> dt.date:
    return dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()


def come_out_at(page: Page, hour: str) -> None:
    page.goto("/desk/paper/paper/1/change/")
    page.fill("[name=release_time]", hour)
    page.locator("[name=_save]").first.click()
    expect(page.locator("main")).to_contain_text("已保存")


@pytest.fixture
def out_since_midnight(desk):
    """Set an early release time: before six, today's issue would not be released yet."""
    page = desk("admin")
    come_out_at(page, "00:00")
    yield
    come_out_at(page, "06:00")


@pytest.mark.usefixtures("out_since_midnight")
def test_from_a_phone_to_the_reader(desk, opened):
    """A correspondent writes on a phone, three users review, the chief signs, a reader reads."""
    url = write(desk("correspondent", width=390))
    read(desk("editor"), url, "通过，送复审")
    read(desk("head"), url, "通过，送终审")
    chief = desk("chief")
    read(chief, url, "通过")
    reader = opened(width=390)
    reader.goto("/")
    expect(reader.locator("body")).not_to_contain_text(TITLE)
    place_and_sign(chief)
    reader.goto(f"/issues/{today().isoformat()}/")
    reader.get_by_role("link", name=TITLE).first.click()
    expect(reader.locator("h1")).to_contain_text(TITLE)
    expect(reader.locator("[data-body]")).to_contain_text(BODY)
    reader.goto("/")
    expect(reader.locator("main")).to_contain_text(TITLE)


def test_the_editor_speaks_chinese(desk):
    page = desk("reporter")
    page.goto("/desk/articles/article/add/")
    expect(page.locator(".prose-menubar [data-name=bold]")).to_have_attribute("title", "加粗")
    titles = page.eval_on_selector_all(".prose-menubar [title]", "rows => rows.map(r => r.title)")
    assert [title for title in titles if title.isascii()] == []


def test_a_pasted_page_becomes_drafts(desk):
    page = desk("editor")
    page.goto("/desk/paste/")
    page.fill(
        "[name=text]",
        "白沙镇\n六座水闸换了电动机\n\n云溪讯 入冬前，白沙镇把六座手摇的水闸换成了电动机。"
        "看闸人在屋里按一下按钮，闸门就慢慢落下来。\n\n（通讯员 罗小满）\n",
    )
    press(page, "开始识别")
    expect(page.locator("[name=s-0-headline]")).to_have_value("六座水闸换了电动机")
    page.fill("[name=s-0-headline]", "六座水闸通了电")
    page.click("[name=bring-in]")
    page.wait_for_url("**/desk/articles/article/**")
    expect(page.locator("main")).to_contain_text("六座水闸通了电")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_the_screen(desk, width, scheme):
    page = desk("chief", width=width, color_scheme=scheme)
    urls = ["/desk/", "/desk/articles/article/", "/desk/issues/issue/", "/desk/paste/", "/"]
    page.goto("/issues/")
    issue = page.locator("main td a[href^='/issues/2']").first.get_attribute("href")
    page.goto(issue)
    story = page.locator("main a[href^='/stories/']").first.get_attribute("href")
    for url in [*urls, "/issues/", issue, f"{issue}1/", story, "/sections/news/"]:
        page.goto(url)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{url} is {wide} px too wide at {width}"


def test_reading_needs_no_script(opened):
    page = opened(java_script_enabled=False)
    page.goto("/")
    page.locator("main a[href^='/stories/']").first.click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("[data-body]")).to_contain_text(re.compile("。"))
