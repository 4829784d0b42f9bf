"""axe-core finds no violation of WCAG 2.2 AA on the public site, in each size and theme."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests_e2e.helpers.axe import AXE, LOOKS, RUN, TAGS
from tools.desk_screens import show
from tools.reader_screens import PAGES


def addresses(page: Page) -> list[str]:
    """Return the URLs of the homepage, the calendar, an issue, a page and a story."""
    page.goto("/issues/")
    year = page.locator(".years a").first.get_attribute("href")
    issue = page.locator(".cal-large a").last.get_attribute("href")
    page.goto(f"{issue}1/")
    story = page.locator(".page-list a").first.get_attribute("href")
    return ["/", "/issues/", year, issue, f"{issue}1/", f"{issue}4/", story]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_an_issue(
    opened: Callable[..., Page], width: int, scheme: str
) -> None:
    page = opened(width=width, color_scheme=scheme)
    found = [line for url in addresses(page) for line in violations(page, url)]
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_on_any_page(
    opened: Callable[..., Page], width: int, scheme: str
) -> None:
    page = opened(width=width, color_scheme=scheme)
    found = []
    for screen in PAGES:
        show(page, screen)
        found += violations(page)
    assert not found, "\n" + "\n".join(found)


def violations(page: Page, url: str = "") -> list[str]:
    """Return the violations on the page at `url`, or on the open page."""
    if url:
        page.goto(url)
    url = url or page.url
    page.evaluate(AXE)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0
    found = [f"{url}: wider than the screen"] if wide else []
    return found + [f"{url}: {v['rule']} {v['html']} {v['why']}" for v in page.evaluate(RUN, TAGS)]


def test_a_phone_shows_the_list_before_the_page(opened: Callable[..., Page]) -> None:
    page = opened(width=390)
    url = addresses(page)[4]
    page.goto(url)
    expect(page.locator(".sheet")).to_be_visible()
    tops = [page.locator(css).bounding_box()["y"] for css in (".page-list", ".sheet")]
    assert tops == sorted(tops)
    page.set_viewport_size({"width": 1280, "height": 900})
    lefts = [page.locator(css).bounding_box()["x"] for css in (".sheet", ".page-list")]
    assert lefts == sorted(lefts)
