"""Keyboard shortcuts of the desk: they move through lists and run the main action."""

from __future__ import annotations

from playwright.sync_api import Page, expect

FOCUSED = """[...document.querySelectorAll('[data-row]')]
    .findIndex((row) => row.contains(document.activeElement)) + 1"""


def test_a_list_is_walked_and_opened_with_keys(desk):
    page = desk("chief")
    page.goto("/desk/articles/article/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == 2
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert page.evaluate(FOCUSED) == 1
    title = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("o")
    page.wait_for_url("**/change/")
    expect(page).to_have_title(f"{title} · 云溪日报")


def test_slash_searches_and_typing_is_left_alone(desk):
    page = desk("chief")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("j/?k")
    expect(page.locator("[data-search]")).to_have_value("j/?k")
    expect(page.locator("#keys")).not_to_be_visible()


def test_a_question_mark_lists_the_keys_and_escape_closes_the_list(desk):
    page = desk("editor")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    expect(page.locator("#keys")).to_contain_text("送审、接稿、通过")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).not_to_be_visible()


def compose(page: Page, key: str, **more: object) -> None:
    """Send a key as an input method does during a composition."""
    page.evaluate(
        "([key, more]) => document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " { key, bubbles: true, cancelable: true, isComposing: true, ...more }))",
        [key, more],
    )


def test_keys_wait_while_a_word_is_composed(desk):
    page = desk("correspondent")
    page.goto("/desk/articles/article/add/")
    page.fill("[name=headline]", "打字打到一半")
    for key, more in (("s", {"ctrlKey": True}), ("Enter", {"ctrlKey": True}), ("?", {}), ("/", {})):
        compose(page, key, **more)
    page.wait_for_timeout(300)
    assert page.url.endswith("/add/")
    expect(page.locator("#keys")).not_to_be_visible()


def test_ctrl_s_saves_and_ctrl_enter_makes_the_main_move(desk):
    page = desk("correspondent")
    page.goto("/desk/articles/article/add/")
    page.fill("[name=headline]", "只用键盘写的稿")
    page.locator(".ProseMirror[contenteditable]").click()
    page.keyboard.type("渡口的老樟树又发了新芽。")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/change/")
    expect(page.locator(".chip").first).to_have_text("草稿")
    page.select_option("[name=section]", index=1)
    page.locator("[name=headline]").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".chip").first).to_have_text("待初审")


def test_the_counts_are_asked_again_without_a_reload(desk, opened):
    page = desk("editor")
    page.clock.install()
    page.goto("/desk/")
    mark = page.locator(".side [data-live=waiting]")
    before = int(mark.text_content() or 0)
    page.route("**/desk/counts/", lambda route: route.fulfill(json={"waiting": before + 5}))
    page.clock.run_for(70_000)
    expect(mark).to_have_text(str(before + 5))


def test_the_sheet_of_places_opens_without_script(desk, opened, address):
    page = opened(width=390, java_script_enabled=False)
    page.goto("/desk/login/")
    page.fill("[name=username]", "editor")
    page.fill("[name=password]", "newsroom-demo")
    page.click("main .button-main")
    page.click(".bar-more summary")
    page.locator(".bar-all").get_by_role("link", name="读入版面").click()
    expect(page.locator("h1")).to_have_text("读入版面")
