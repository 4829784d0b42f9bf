"""Press buttons, and look at what a phone shows."""

from __future__ import annotations

from playwright.sync_api import Page


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).first.click()


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def read(page: Page, url: str, words: str) -> None:
    page.goto(url)
    press(page, "接稿")
    press(page, words)
