"""Rule: no input is lost by a crash, a conflict, a broken connection or an expired session."""

from __future__ import annotations

import re
from contextlib import suppress

from playwright.sync_api import BrowserContext, Error, Page, expect

from newsroom.demo.people import PASSWORD
from tests_e2e.helpers.article_form import ADD, SAVED, again, body, state, type_on, unfold, write


def test_a_new_article_is_saved_by_itself_and_gets_its_address(desk):
    page = desk("correspondent", width=390)
    url = write(page, "桥头的米粉店")
    assert re.search(r"/article/\d+/change/$", url)
    with page.expect_response("**/autosave/"):
        page.locator("[name=body]").press_sequentially("天没亮，店里的灯先亮了。")
    expect(state(page)).to_contain_text(SAVED)
    page.reload()
    expect(page.locator("[name=headline]")).to_have_value("桥头的米粉店")
    expect(page.locator("[name=body]")).to_have_value("天没亮，店里的灯先亮了。")


def test_nothing_is_sent_while_an_input_method_composes(desk):
    page = desk("correspondent")
    write(page, "拼音还没选字")
    sent = []
    page.on("request", lambda r: sent.append(r) if "autosave" in r.url else None)
    compose = """([kind, value]) => {
        const field = document.querySelector("[name=kicker]");
        field.value = value;
        field.dispatchEvent(new CompositionEvent(kind, { bubbles: true }));
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }"""
    page.evaluate(compose, ["compositionstart", "shui"])
    page.wait_for_timeout(3000)
    assert sent == []
    page.evaluate(compose, ["compositionend", "水"])
    with page.expect_response("**/autosave/") as answer:
        pass
    assert answer.value.ok


def test_offline_then_online(desk):
    page = desk("correspondent")
    write(page, "山路断了信号")
    page.context.set_offline(True)
    type_on(page, "没有信号时写下的一段。")
    expect(state(page)).to_contain_text("没有网络，已存在本机")
    page.context.set_offline(False)
    expect(state(page)).to_contain_text(SAVED)
    page.reload()
    expect(body(page)).to_contain_text("没有信号时写下的一段。")


def die(page: Page) -> None:
    """Let the window crash, then bring the network back.

    A window that is being closed may notice the network and send its text before it ends.
    """
    context = page.context
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash", timeout=500)
    page.close()
    context.set_offline(False)


def crash(page: Page, words: str) -> Page:
    """Type without a network, let the window crash, and reopen the article."""
    context, url = page.context, page.url
    context.set_offline(True)
    type_on(page, words)
    expect(state(page)).to_contain_text("没有网络")
    die(page)
    return again(context, url)


def test_after_a_crash_the_text_of_this_browser_is_offered(desk):
    page = desk("correspondent")
    write(page, "停电前的最后一句", "第一句。")
    page = crash(page, "停电前写的。")
    banner = page.locator(".copy")
    expect(banner.locator("ins")).to_have_text("停电前写的。")
    banner.get_by_role("button", name="恢复刚才写的").click()
    expect(page.locator(".copy")).to_have_count(0)
    expect(body(page)).to_contain_text("第一句。停电前写的。")
    page.reload()
    page.wait_for_timeout(1000)
    expect(page.locator(".copy")).to_have_count(0)


def test_the_text_decided_against_stays_in_the_record(desk):
    page = desk("correspondent")
    write(page, "不要的那一份", "服务器上的。")
    page = crash(page, "本机的。")
    page.locator(".copy").get_by_role("button", name="不要了").click()
    expect(page.locator(".copy")).to_contain_text("刚才写的已存为第")
    expect(body(page)).not_to_contain_text("本机的。")
    page.locator(".copy a").click()
    expect(page.locator(".merge-part ins")).to_have_text("本机的。")
    page.get_by_role("button", name="保存合并稿").click()
    expect(body(page)).to_contain_text("服务器上的。本机的。")


def test_a_new_article_that_never_reached_the_server_is_offered_too(desk):
    page = desk("correspondent")
    page.goto(ADD)
    expect(body(page)).to_be_visible()
    context = page.context
    context.set_offline(True)
    page.fill("[name=headline]", "从没到过服务器的一篇")
    expect(state(page)).to_contain_text("没有网络")
    die(page)
    page = again(context, ADD)
    expect(page.locator(".copy ins").first).to_contain_text("从没到过服务器的一篇")
    page.locator(".copy").get_by_role("button", name="恢复刚才写的").click()
    page.wait_for_url(re.compile(r"/article/\d+/change/"))
    expect(page.locator("[name=headline]")).to_have_value("从没到过服务器的一篇")


def test_copies_of_another_login_are_not_shown(desk):
    page = desk("correspondent")
    page.goto(ADD)
    expect(body(page)).to_be_visible()
    context = page.context
    context.set_offline(True)
    page.fill("[name=headline]", "别人不该看见")
    expect(state(page)).to_contain_text("没有网络")
    die(page)
    context.clear_cookies()
    page = again(context, "/desk/")
    log_in(page, "reporter")
    page.goto(ADD)
    page.wait_for_timeout(1000)
    expect(page.locator("body")).not_to_contain_text("别人不该看见")


def log_in(page: Page, name: str) -> None:
    form = page.locator("form", has=page.locator("input[type=password]"))
    form.locator("input[type=text]").fill(name)
    form.locator("input[type=password]").fill(PASSWORD)
    form.get_by_role("button").first.click()
    expect(page.locator(".top-user, .bar-user").first).to_be_visible()


def end_session(context: BrowserContext) -> None:
    context.clear_cookies(name="sessionid")


def test_a_session_that_ends_is_renewed_in_place(desk):
    page = desk("correspondent")
    write(page, "写到一半登录过期", "之前的。")
    end_session(page.context)
    type_on(page, "过期以后写的。")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("您写的内容还在")
    expect(dialog.locator("input[type=text]")).to_have_value("correspondent")
    dialog.locator("input[type=password]").fill("wrong")
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.locator("input[type=password]").fill(PASSWORD)
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(state(page)).to_contain_text(SAVED)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(body(page)).to_contain_text("之前的。过期以后写的。")


def test_somebody_else_who_logs_in_gets_nothing_of_it(desk):
    page = desk("correspondent")
    write(page, "换了人登录")
    end_session(page.context)
    type_on(page, "甲写的。")
    dialog = page.get_by_role("dialog")
    dialog.locator("input[type=text]").fill("reporter")
    dialog.locator("input[type=password]").fill(PASSWORD)
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog).to_contain_text("现在登录的是另一个人")
    expect(body(page)).to_contain_text("甲写的。")


def test_without_script_the_text_is_back_after_the_login(desk):
    page = desk("correspondent", java_script_enabled=False)
    page.goto(ADD)
    page.fill("[name=headline]", "没有脚本也不丢")
    end_session(page.context)
    page.locator("[data-save]").first.click()
    log_in(page, "correspondent")
    expect(page.locator("[name=headline]")).to_have_value("没有脚本也不丢")
    page.locator("[data-save]").first.click()
    expect(page.locator("main")).to_contain_text("已保存")


def test_two_windows_of_one_person(desk):
    one = desk("correspondent")
    url = write(one, "两个窗口", "一。")
    two = again(one.context, url)
    expect(two.locator("[data-people]")).to_contain_text("您的另一个窗口")
    unfold(two)
    two.fill("[name=kicker]", "第二个窗口写的")
    expect(state(two)).to_contain_text(SAVED)
    type_on(one, "第一个窗口写的。")
    expect(state(one)).to_contain_text("您在另一个窗口保存了更新的内容")
    one.locator("[data-save-link]").click()
    expect(one.locator("main")).to_contain_text("两份文字可以合并")
    one.get_by_role("button", name="保存合并稿").click()
    expect(body(one)).to_contain_text("一。第一个窗口写的。")
    expect(one.locator("[name=kicker]")).to_have_value("第二个窗口写的")


def test_two_people_and_the_merge_of_their_texts(desk):
    one = desk("correspondent")
    one.goto(ADD)
    one.fill("[name=headline]", "合写的一篇")
    unfold(one)
    one.fill("[name=byline]", "融媒体 沈知远 通讯员 罗春生")
    type_on(one, "全镇六座水闸在入冬以前都装上了电动机。")
    one.locator("[data-save]").first.click()
    one.wait_for_url(re.compile(r"/change/"))
    two = desk("reporter", width=390)
    two.goto(one.url)
    expect(two.locator("[data-people]")).to_contain_text("也在看")
    one.fill("[name=headline]", "合写的水闸一篇")
    type_on(one, "老人不用再摇了。")
    expect(state(one)).to_contain_text(SAVED)
    two.fill("[name=headline]", "合写的六座水闸")
    two.fill("[name=kicker]", "冬修水利")
    expect(state(two)).to_contain_text("已存为另存稿")
    two.locator("[data-save-link]").click()
    conflict = two.locator(".merge-part.is-conflict")
    expect(conflict).to_have_count(1)
    conflict.get_by_label("用我的").check()
    two.get_by_role("button", name="保存合并稿").click()
    expect(two.locator("[name=headline]")).to_have_value("合写的六座水闸")
    expect(two.locator("[name=kicker]")).to_have_value("冬修水利")
    expect(body(two)).to_contain_text("老人不用再摇了。")


def has_copy(page: Page) -> bool:
    return bool(page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('lost:'))"))


def test_a_text_that_was_sent_by_hand_is_not_found_again(desk):
    """The draft stored on unload equals the submitted form: the next form does not offer it."""
    page = desk("correspondent")
    page.goto(ADD)
    page.fill("[name=headline]", "一气写完就存")
    page.get_by_role("button", name="保存", exact=True).first.click()
    expect(page).to_have_url(re.compile("/change/"))
    assert has_copy(page)
    with page.expect_response(re.compile("/sent/")):
        page.goto(ADD)
    for _ in range(50):
        if not has_copy(page):
            break
        page.wait_for_timeout(100)
    assert not has_copy(page)
    expect(page.locator("[data-copies] > *")).to_have_count(0)
