"""The reviews in a real browser: return and resubmission, by keys alone, several at once."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

BODY = "看闸人在屋里按一下按钮，闸门就慢慢落下来，比过去快了一个小时。"


def hand_in(page: Page, title: str) -> str:
    """Write a story on a phone and submit it; return its URL at the desk."""
    page.goto("/desk/articles/article/add/")
    page.fill("[name=headline]", title)
    page.fill("[name=body]", BODY)
    page.select_option("[name=section]", index=1)
    page.locator("[data-main]").first.click()
    expect(page.locator(".chip").first).to_have_text("待初审")
    return page.url


def row(page: Page, title: str):
    return page.locator("[data-row]", has_text=title)


def focused(page: Page, selector: str) -> bool:
    return bool(page.evaluate("s => document.activeElement?.matches(s)", selector))


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _press in range(90):
        if focused(page, selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


def test_returned_mended_and_handed_in_again(desk):
    """The editor comments and returns with a stored reason; the author corrects and resubmits."""
    title = "石桥镇的水闸通了电"
    author, editor = desk("correspondent", width=390), desk("editor")
    url = hand_in(author, title)
    editor.goto(url)
    editor.locator("[data-noted]").first.hover()
    editor.locator("a[data-comment]").first.click()
    box = editor.locator(".comment-here textarea")
    box.press_sequentially("快了一个小时，@罗")
    expect(editor.locator(".mention-list [aria-selected=true]")).to_have_text("罗春生")
    box.press("Enter")
    expect(box).to_have_value("快了一个小时，@罗春生 ")
    box.press_sequentially("是谁说的？")
    editor.locator(".comment-here button").click()
    expect(editor.locator("[data-noted] .thread")).to_contain_text("是谁说的")
    editor.goto("/desk/queue/")
    row(editor, title).get_by_role("button", name="接稿").click()
    row(editor, title).get_by_role("link", name="退改").click()
    phrase = editor.locator(".phrases button").first
    words = phrase.inner_text()
    phrase.click()
    expect(editor.locator("[name=reason]")).to_have_value(words)
    editor.locator("[data-main]").click()
    author.goto("/desk/")
    expect(author.locator("main")).to_contain_text(words)
    author.goto("/desk/notifications/")
    expect(author.locator("main")).to_contain_text("是谁说的")
    author.goto(url)
    expect(author.locator("main")).to_contain_text(words)
    answer = author.locator(".thread", has_text="是谁说的")
    answer.get_by_text("回复").click()
    answer.locator("textarea").fill("镇水利站说的，已写进文中。")
    answer.get_by_role("button", name="发送").click()
    expect(author.locator(".thread .reply")).to_contain_text("镇水利站")
    author.locator("[name=body]").focus()
    author.keyboard.press("Control+End")
    author.keyboard.type("镇水利站这样算。")
    author.keyboard.press("Control+Enter")
    expect(author.locator(".chip").first).to_have_text("待初审")
    editor.goto("/desk/queue/")
    row(editor, title).get_by_role("link", name=title).click()
    expect(editor.locator(".proof-body")).to_contain_text("镇水利站这样算")
    expect(editor.locator(".thread .reply")).to_contain_text("镇水利站")


def test_an_editor_needs_no_mouse(desk):
    """Go from the dashboard to the queue and to a story, take it and approve it with a note."""
    title = "古渡镇修好了老码头"
    url = hand_in(desk("correspondent", width=390), title)
    page = desk("editor")
    tab_to(page, "a[href='/desk/queue/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/queue/")
    for _step in range(30):
        page.keyboard.press("j")
        if page.evaluate("document.activeElement.textContent.trim()") == title:
            break
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(url)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#article-form")).to_be_visible()
    tab_to(page, "#id_note")
    page.keyboard.type("码头年份已核")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".chip").first).to_have_text("待复审")
    expect(page.locator("main")).to_contain_text("码头年份已核")


def test_several_are_passed_and_a_failure_is_told(desk):
    """Select two; a colleague takes one of them: one is approved, the other reported."""
    author = desk("correspondent", width=390)
    titles = ["白沙镇的晒场分了时段", "梅坑乡的步道装了路灯"]
    urls = [hand_in(author, title) for title in titles]
    page, head = desk("editor"), desk("head")
    page.goto("/desk/queue/")
    for title in titles:
        row(page, title).locator("[name=row]").check()
    expect(page.locator("[data-ticked]")).to_have_text("已选 2 篇")
    head.goto(urls[1])
    head.keyboard.press("Control+Enter")
    expect(head.locator("#article-form")).to_be_visible()
    page.locator("[name=do][value=approve]").click()
    for title in titles:
        expect(page.locator("main")).to_contain_text(title)
    page.locator("[data-main]").click()
    expect(page.locator(".errorlist")).to_contain_text("请确认")
    page.locator("[name=has_read]").check()
    page.locator("[data-main]").click()
    expect(page.locator(".is-failed")).to_contain_text(titles[1])
    expect(page.locator(".is-failed")).to_contain_text(re.compile("接稿"))
    expect(page.locator("main")).to_contain_text("1 篇已办")
    page.get_by_role("link", name=titles[0]).click()
    expect(page.locator(".chip").first).to_have_text("待复审")


def test_a_reason_needs_no_script(desk):
    """Without JavaScript the stored reasons are check boxes."""
    url = hand_in(desk("correspondent", width=390), "双河镇的夜校开了班")
    page = desk("editor", java_script_enabled=False)
    page.goto(url)
    page.get_by_role("button", name="接稿").click()
    page.goto(url.replace("/change/", "/return/"))
    box = page.locator("[name=phrases]").first
    words = page.locator("#id_phrases label").first.inner_text().strip()
    box.check()
    page.locator("[data-main]").click()
    author = desk("correspondent", width=390)
    author.goto(url)
    expect(author.locator("main")).to_contain_text(words)
