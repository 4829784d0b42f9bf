"""The issue board in a real browser: with the mouse, with the keyboard, and by two users."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


def open_board(page: Page) -> None:
    page.goto("/desk/issues/issue/")
    page.locator("table .story-link").first.click()
    expect(page.locator("[data-board]")).to_be_visible()


def cards(page: Page, number: int):
    return page.locator(f"#page-{number} [data-article]")


def test_a_card_is_dragged_and_a_colleague_sees_it_within_five_seconds(desk):
    chief, head = desk("chief"), desk("head")
    open_board(chief)
    open_board(head)
    card = cards(chief, 1).first
    article = card.get_attribute("data-article")
    target = chief.locator("#page-2 [data-page]")
    grip, goal = card.bounding_box(), target.bounding_box()
    chief.mouse.move(grip["x"] + 60, grip["y"] + 6)
    chief.mouse.down()
    for step in range(1, 11):
        chief.mouse.move(
            grip["x"] + (goal["x"] + 40 - grip["x"]) * step / 10,
            grip["y"] + (goal["y"] + 12 - grip["y"]) * step / 10,
        )
    chief.mouse.up()
    expect(chief.locator("[data-said]")).to_contain_text("第2版")
    expect(chief.locator(f"#page-2 [data-article='{article}']")).to_be_visible()
    expect(head.locator(f"#page-2 [data-article='{article}']")).to_be_visible(timeout=6_000)
    expect(head.locator("[data-said]")).to_contain_text("有人改动了版面")


def test_a_card_moves_by_keys_alone_and_keeps_the_focus(desk):
    page = desk("chief")
    open_board(page)
    first = cards(page, 2).first
    article = first.get_attribute("data-article")
    button = first.get_by_role("button", name="下移")
    button.focus()
    page.keyboard.press("Enter")
    expect(cards(page, 2).nth(1)).to_have_attribute("data-article", re.compile(f"^{article}$"))
    expect(page.locator(f"[data-article='{article}'] button:focus")).to_have_count(1)


def test_the_board_works_without_script(desk):
    page = desk("chief", java_script_enabled=False)
    open_board(page)
    card = cards(page, 2).first
    article = card.get_attribute("data-article")
    card.locator("summary").click()
    card.locator("select[name=page]").select_option(label="3 镇街")
    card.get_by_role("button", name="移到").click()
    expect(page.locator(f"#page-3 [data-article='{article}']")).to_be_visible()
