"""The evening of a paper: plan an issue, fill it, close it, sign it, and read it; twice."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> dt.datetime:
    return dt.datetime.now(BEIJING)


def free_an_article(page: Page) -> str:
    """Remove an approved article from the demo's next issue, and return its title."""
    page.goto("/desk/issues/issue/?state=planning")
    page.locator("table .story-link").last.click()
    card = page.locator("[data-article]:has(.chip-approved)").first
    title = card.locator(".story-link").inner_text()
    card.get_by_role("button", name="撤下").click()
    expect(page.locator("#pool")).to_contain_text(title)
    return title


def tab_to(page: Page, goal: Locator, key: str = "Tab") -> None:
    """Move the focus to `goal` with the keyboard."""
    for _step in range(200):
        if goal.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail("the keys do not lead there")


def press(page: Page, goal: Locator, key: str = "Enter") -> None:
    tab_to(page, goal)
    page.keyboard.press(key)


def read_it(page: Page, special: str, title: str, *, by_keys: bool) -> None:
    """Find the issue in the public calendar and read its story."""
    page.goto("/issues/")
    here = page.locator("main a", has_text=special).first
    press(page, here) if by_keys else here.click()
    expect(page.locator("main")).to_contain_text(title)
    story = page.get_by_role("link", name=title).first
    press(page, story) if by_keys else story.click()
    expect(page.locator("main h1")).to_contain_text(title.split()[0])


def test_by_mouse(desk, opened):
    page, reader = desk("chief"), opened()
    title = free_an_article(page)
    page.goto(f"/desk/issues/issue/add/?date={now():%Y-%m-%d}")
    page.fill("[name=special]", "号外甲")
    page.check("[name=like][value=typed]")
    page.fill("[name=pages]", "号外")
    page.get_by_role("button", name="建这一期").click()
    # The usual cut-off of today's issue was last night, so it is closed automatically.
    expect(page.locator(".title-row .chip-closed")).to_be_visible()
    slug = f"/issues/{now():%Y-%m-%d}"

    page.get_by_role("link", name="时间", exact=True).click()
    page.fill("[name=cutoff_at]", f"{now() + dt.timedelta(hours=1):%Y-%m-%dT%H:%M}")
    page.fill("[name=release_at]", f"{now() + dt.timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="保存时间").click()
    expect(page.locator(".title-row .chip-planning")).to_be_visible()

    card = page.locator("#pool [data-article]", has_text=title)
    grip, goal = card.bounding_box(), page.locator("#page-1 [data-page]").bounding_box()
    page.mouse.move(grip["x"] + 60, grip["y"] + 6)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(
            grip["x"] + (goal["x"] + 40 - grip["x"]) * step / 10,
            grip["y"] + (goal["y"] + 12 - grip["y"]) * step / 10,
        )
    page.mouse.up()
    expect(page.locator("#page-1")).to_contain_text(title)
    expect(page.locator(".note-success")).to_be_visible()

    page.get_by_role("button", name="截稿", exact=True).click()
    expect(page.locator(".title-row .chip-closed")).to_be_visible()
    page.get_by_role("button", name="签发").click()
    expect(page.locator(".title-row .chip-signed")).to_be_visible()

    reader.goto("/issues/")
    expect(reader.locator("main")).not_to_contain_text("号外甲")
    assert reader.goto(f"{slug}-2/").status == 404
    page.get_by_role("link", name="时间", exact=True).click()
    page.check("[name=when][value=now]")
    page.get_by_role("button", name="改发布时间").click()
    expect(page.locator(".title-row .chip-out")).to_be_visible()
    read_it(reader, "号外甲", title, by_keys=False)


def test_by_keys_alone(desk, opened):
    page, reader = desk("chief"), opened()
    title = free_an_article(page)
    # Its cut-off is tomorrow night, at whatever hour the test runs.
    page.goto(f"/desk/issues/issue/add/?date={now() + dt.timedelta(days=2):%Y-%m-%d}")
    tab_to(page, page.locator("[name=special]"))
    page.keyboard.type("号外乙")
    tab_to(page, page.locator("[name=like]:checked"))
    while not page.locator("[name=like][value=typed]").is_checked():
        page.keyboard.press("ArrowDown")
    tab_to(page, page.locator("[name=pages]"))
    page.keyboard.press("Control+A")
    page.keyboard.type("号外")
    press(page, page.get_by_role("button", name="建这一期"))
    expect(page.locator(".title-row .chip-planning")).to_be_visible()

    card = page.locator("#pool [data-article]", has_text=title)
    press(page, card.get_by_role("button", name="上版"))
    expect(page.locator("#page-1")).to_contain_text(title)
    press(page, page.get_by_role("button", name="截稿", exact=True))
    expect(page.locator(".title-row .chip-closed")).to_be_visible()
    press(page, page.get_by_role("button", name="签发"))
    expect(page.locator(".title-row .chip-signed")).to_be_visible()
    press(page, page.get_by_role("link", name="时间", exact=True))
    tab_to(page, page.locator("[name=when]:checked"))
    while not page.locator("[name=when][value=now]").is_checked():
        page.keyboard.press("ArrowDown")
    press(page, page.get_by_role("button", name="改发布时间"))
    expect(page.locator(".title-row .chip-out")).to_be_visible()
    read_it(reader, "号外乙", title, by_keys=True)
