"""axe-core finds no violation of WCAG 2.2 AA on the desk's main screens, sizes and themes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests_e2e.helpers.axe import AXE, LOOKS, RUN, TAGS
from tools.desk_screens import SCREENS, Screen, show


@pytest.fixture(scope="module")
def seats() -> dict[str, tuple[BrowserContext, Page]]:
    """Return the browser pages by user: one login for all of a user's screens."""
    return {}


@pytest.fixture
def seat(browser: Any, address: str, seats: dict[str, Any]) -> Callable[[str], Page]:
    """Return a function that gives the browser page of a user of the demo."""
    from newsroom.demo.people import PASSWORD

    def sit(user: str) -> Page:
        if user not in seats:
            context = browser.new_context(base_url=address, locale="zh-CN")
            page = context.new_page()
            if user:
                page.goto("/desk/login/")
                page.fill("[name=username]", user)
                page.fill("[name=password]", PASSWORD)
                page.click("main .button-main")
                page.wait_for_url("**/desk/")
            seats[user] = (context, page)
        return seats[user][1]

    return sit


def violations(page: Page, screen: Screen, width: int, scheme: str) -> list[str]:
    """Return the violations that axe finds on the screen, as lines."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    show(page, screen)
    # As tall as the document, so that nothing scrolls below a sticky bar.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(900, min(height, 5000))})
    page.evaluate(AXE)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    lines = [f"{wide} px wider than the screen"] if wide > 0 else []
    lines += [
        "{rule}: {help}\n    at {target}\n    {html}\n    {why}".format(**found)
        for found in page.evaluate(RUN, TAGS)
    ]
    return [f"{screen.name} {width} {scheme}: {line}" for line in lines]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_axe_finds_nothing(seat: Callable[[str], Page], screen: Screen) -> None:
    page = seat(screen.user)
    found = [line for look in LOOKS for line in violations(page, screen, *look)]
    assert not found, "\n" + "\n".join(found)
