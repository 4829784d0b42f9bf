"""Table of the public site's screens, for the accessibility test and the screenshots."""

from __future__ import annotations

from typing import Any

from tools.desk_screens import Screen

_LEAD = ".lead h2 a"


def _suggestions(page: Any) -> None:
    page.fill("[data-suggest]", "沙")
    page.wait_for_selector(".suggest a")


def _large(page: Any) -> None:
    if not page.evaluate("document.documentElement.classList.contains('easy')"):
        page.locator(".masthead [data-easy]").click()


def _usual(page: Any) -> None:
    if page.evaluate("document.documentElement.classList.contains('easy')"):
        page.locator(".masthead [data-easy]").click()


#: The last one resets large type, which a browser remembers.
PAGES = [
    Screen("front", "", "/"),
    Screen("story", "", "/", (_LEAD,)),
    Screen("gallery", "", "/photos/", ("main article a, main li a", "figure a")),
    Screen("section", "", "/sections/life/"),
    Screen("town", "", "/towns/baisha/"),
    Screen("towns", "", "/towns/"),
    Screen("contributor", "", "/", (_LEAD, ".story-meta a[href^='/contributors/']")),
    Screen("photo-news", "", "/photos/"),
    Screen("issues", "", "/issues/"),
    Screen("issue", "", "/", (".today-number a, .masthead-issue a",)),
    Screen("page", "", "/", (".masthead-issue a", ".thumbs a, .sheets a, main ol a")),
    Screen("archive", "", "/archive/"),
    Screen("corrections", "", "/corrections/"),
    Screen("search", "", "/search/?q=%E9%98%B2%E6%B1%9B"),
    Screen("search-suggestions", "", "/search/", (), _suggestions),
    Screen("search-nothing", "", "/search/?q=%E6%97%A0%E6%AD%A4%E8%AF%8D%E6%9D%A1"),
    Screen("about", "", "/about/"),
    Screen("offline", "", "/offline/"),
    Screen("not-found", "", "/nowhere/"),
    Screen("english", "", "/en/"),
    Screen("english-story", "", "/en/", (_LEAD,)),
    Screen("large-type", "", "/", (), _large),
    Screen("usual-type", "", "/", (), _usual),
]
