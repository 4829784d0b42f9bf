"""Rule: input during an outage of the database is saved afterwards, once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Page, expect

from tests_e2e.helpers.article_form import SAVED, body, state, type_on, write

#: Seconds for which a save waits for the lock of SQLite.
LONG = 60_000


def test_a_text_outlives_a_database_that_is_locked(desk, data: Path):
    page: Page = desk("correspondent")
    write(page, "库锁住的那一夜", "第一句。")
    with closing(sqlite3.connect(data / "newsroom.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        type_on(page, "锁着时写的。")
        expect(state(page)).to_contain_text("数据库正忙", timeout=LONG)
        expect(state(page)).to_contain_text("还在")
        page.get_by_role("button", name="保存", exact=True).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("没有保存", timeout=LONG)
        expect(page.get_by_role("alert")).to_contain_text("数据库正忙")
    page.get_by_role("button", name="再发一次").click()
    expect(body(page)).to_have_text("第一句。锁着时写的。")
    page.reload()
    expect(body(page)).to_have_text("第一句。锁着时写的。")
    expect(page.locator(".copy")).to_have_count(0)


def test_what_saves_itself_tries_again(desk, data: Path):
    page: Page = desk("reporter")
    write(page, "锁开了就接着存")
    with closing(sqlite3.connect(data / "newsroom.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        type_on(page, "不用人管。")
        expect(state(page)).to_contain_text("数据库正忙", timeout=LONG)
    expect(state(page)).to_contain_text(SAVED, timeout=LONG)
