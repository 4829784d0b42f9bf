"""The article form in a browser: type, and wait for the autosave."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

ADD = "/desk/articles/article/add/"
SAVED = re.compile("已自动保存")


def state(page: Page):
    return page.locator("[data-save-state]")


def body(page: Page):
    return page.locator(".ProseMirror[contenteditable]")


def unfold(page: Page) -> None:
    """Open the collapsed part of the correspondent's form."""
    folds = ".plain-filing details"
    page.eval_on_selector_all(folds, "all => all.forEach((one) => { one.open = true; })")


def type_on(page: Page, words: str) -> None:
    body(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def write(page: Page, headline: str, words: str = "") -> str:
    """Start an article and wait for its autosave; return its URL."""
    page.goto(ADD)
    page.fill("[name=headline]", headline)
    if words:
        type_on(page, words)
    expect(state(page)).to_contain_text(SAVED)
    return page.url


def again(context: BrowserContext, url: str) -> Page:
    """Open another window of the same user."""
    page = context.new_page()
    page.goto(url)
    return page
