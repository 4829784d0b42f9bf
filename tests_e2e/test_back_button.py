"""Rule: going back, reloading and a restored tab show the text, never its HTML as text."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests_e2e.helpers.article_form import ADD, SAVED, body, state, type_on, write


def plain(page: Page):
    """The text area in light markup."""
    return page.locator("[name=body]")


def shown(page: Page) -> str:
    """Return the text that the writer sees, from the editor or from the text area."""
    editor = page.locator(".ProseMirror[contenteditable]")
    if editor.count():
        return editor.inner_text()
    return plain(page).input_value()


def follow(page: Page) -> None:
    page.goto("/desk/articles/article/")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["correspondent", "reporter"])
@pytest.mark.parametrize("how", ["back", "reload", "twice"])
def test_the_text_is_no_html_after_coming_back(desk, name, width, how):
    page = desk(name, width=width)
    page.goto(ADD)
    page.fill("[name=headline]", f"退回来看{name}{width}{how}")
    if width > 900 or name != "correspondent":
        expect(body(page)).to_be_visible()
        type_on(page, "第一段。\n第二段。")
    else:
        plain(page).fill("第一段。\n第二段。")
    expect(state(page)).to_contain_text(SAVED)
    for _time in range(2 if how == "twice" else 1):
        if how == "reload":
            page.reload()
        else:
            follow(page)
            page.go_back()
        page.wait_for_load_state("networkidle")
    if width > 900:
        expect(body(page)).to_contain_text("第二段。")
    assert "<p>" not in shown(page)
    page.fill("[name=headline]", "接着写")
    expect(state(page)).to_contain_text(SAVED)
    page.reload()
    assert "第二段。" in shown(page)
    assert "<p>" not in shown(page)


def test_what_was_typed_a_moment_before_leaving_is_offered(desk):
    page = desk("reporter")
    write(page, "走得太急", "存好的一段。")
    type_on(page, "还没有存的半句")
    follow(page)
    page.go_back()
    expect(page.locator("body")).to_contain_text("还没有存的半句")
    assert "<p>" not in shown(page)
