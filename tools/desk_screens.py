"""Table of the desk's main screens, for the accessibility test and the screenshots.

To add a screen, add a row: a name, the demo login that opens it ("" for nobody), the URL, and what
to click or do to reach it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ARTICLES = "/desk/articles/article/"
_ROW = "[data-row] a.story-link"
_REVISION = (".record summary", ".record details a")
_STOCK_ROW = "#result_list tbody th a"


@dataclass(frozen=True, slots=True)
class Screen:
    """Screen: `clicks` are selectors of links to follow from `url`; `then` runs at the end."""

    name: str
    user: str
    url: str
    clicks: tuple[str, ...] = ()
    then: Callable[[Any], None] | None = None


def _read_a_page(page: Any) -> None:
    page.fill(
        "[name=text]",
        "白沙镇\n六座水闸换了电动机\n\n云溪讯 入冬前，白沙镇把六座手摇的水闸换成了电动机。"
        "看闸人在屋里按一下按钮，闸门就慢慢落下来。\n\n（通讯员 罗小满）\n",
    )
    page.click("main .button-main")
    page.wait_for_selector(".story-card")


def _keys(page: Any) -> None:
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")


def _user_menu(page: Any) -> None:
    page.click(".top-user summary")


def _more(page: Any) -> None:
    if page.locator(".bar-more summary").is_visible():
        page.click(".bar-more summary")


def _bulk(page: Any) -> None:
    page.check("[data-row] [name=row]")
    page.click("[name=do][value=approve]")
    page.wait_for_selector("[name=has_read]")


def _return(page: Any) -> None:
    page.goto(page.url.replace("/change/", "/return/"))


def _comment(page: Any) -> None:
    page.locator("a[data-comment]").first.click()
    page.fill(".comment-here textarea", "@")
    page.wait_for_selector(".mention-list")


def _front_page(page: Any) -> None:
    """Choose a lead if there is none yet, so that the screen shows a pick."""
    if not page.locator("form[action$='/stays/']").count():
        page.locator(".homepage-search button[name=place][value=lead]").first.click()
        page.wait_for_load_state()


SCREENS = [
    Screen("login", "", "/desk/login/"),
    Screen("start-correspondent", "correspondent2", "/desk/"),
    Screen("start-reporter", "reporter", "/desk/"),
    Screen("start-editor", "editor", "/desk/"),
    Screen("start-chief", "chief", "/desk/"),
    Screen("start-admin", "admin", "/desk/"),
    Screen("user-menu", "chief", "/desk/", then=_user_menu),
    Screen("more", "chief", "/desk/", then=_more),
    Screen("keys", "editor", "/desk/", then=_keys),
    Screen("queue", "editor", "/desk/queue/"),
    Screen("bulk", "head", "/desk/queue/", then=_bulk),
    Screen("return", "head", "/desk/queue/", (_ROW,), then=_return),
    Screen("comment", "head", "/desk/queue/", (_ROW,), then=_comment),
    Screen("articles", "chief", ARTICLES),
    Screen("articles-own", "correspondent", f"{ARTICLES}?list=own"),
    Screen("articles-none", "editor", f"{ARTICLES}?q=没有这样的稿件"),
    Screen("search", "editor", f"{ARTICLES}?q=水闸"),
    Screen("article-new", "correspondent", f"{ARTICLES}add/"),
    Screen("article-draft", "correspondent", f"{ARTICLES}?list=own&state=draft", (_ROW,)),
    Screen("article-returned", "correspondent2", f"{ARTICLES}?list=own&state=draft", (_ROW,)),
    Screen("article-take", "head", f"{ARTICLES}?state=second_review", (_ROW,)),
    Screen("article-edit", "editor", f"{ARTICLES}?q=夫妻档", (_ROW,)),
    Screen("article-printed", "chief", f"{ARTICLES}?q=全县秋粮", (_ROW,)),
    Screen("revision", "chief", f"{ARTICLES}?q=脐橙", (_ROW, *_REVISION)),
    Screen("sign-off-sheet", "chief", f"{ARTICLES}?q=气象员", (_ROW, "[href$='/sheet/']")),
    Screen("compare", "head", f"{ARTICLES}?q=启闭机", (_ROW, "[href$='/compare/']")),
    Screen("move-return", "editor", f"{ARTICLES}?q=夫妻档", (_ROW, ".actions [value=return]")),
    Screen("move-withdraw", "chief", f"{ARTICLES}?q=全县秋粮", (_ROW, "[href$='/withdraw/']")),
    Screen("issues", "chief", "/desk/issues/issue/"),
    Screen("issue-plan", "chief", "/desk/issues/issue/add/"),
    Screen("issue-pages", "chief", "/desk/issues/issue/", (_ROW, "[href$='/pages/']")),
    Screen("series-list", "chief", "/desk/issues/issue/series/"),
    Screen("series", "chief", "/desk/issues/issue/series/", (_ROW,)),
    Screen("issue-hours", "chief", "/desk/issues/issue/", (_ROW, "[href$='/deadlines/']")),
    Screen("timetable", "chief", "/desk/issues/issue/timetable/"),
    Screen("issue-sheet", "chief", "/desk/issues/issue/", (_ROW, "[href*='/images/']")),
    Screen("handoff", "chief", "/desk/issues/issue/", (_ROW, "[href$='/handoff/']")),
    Screen("board", "chief", "/desk/issues/issue/", (_ROW,)),
    Screen("front-page", "editor", "/desk/press/homepage/?q=全县", then=_front_page),
    Screen("paste", "editor", "/desk/paste/"),
    Screen("preview", "editor", "/desk/paste/", then=_read_a_page),
    Screen("contributors", "editor", "/desk/bylines/contributor/"),
    Screen("contributor", "admin", "/desk/bylines/contributor/", (_STOCK_ROW,)),
    Screen(
        "contributor-merge",
        "head",
        "/desk/bylines/contributor/?q=叶知秋",
        (_STOCK_ROW, "[href$='/merge/']"),
    ),
    Screen("paper", "admin", "/desk/paper/paper/1/change/"),
    Screen("sections", "admin", "/desk/paper/section/"),
    Screen("section", "admin", "/desk/paper/section/", (_STOCK_ROW,)),
    Screen("section-delete", "admin", "/desk/paper/section/", (_STOCK_ROW, ".button-danger")),
    Screen("towns", "admin", "/desk/paper/town/"),
    Screen("town-history", "admin", "/desk/paper/town/", (_STOCK_ROW, "[href$='/history/']")),
    Screen("house-words", "admin", "/desk/proofing/houseword/"),
    Screen("stories", "admin", "/desk/press/story/"),
    Screen("story", "head", "/desk/press/story/", (_STOCK_ROW,)),
    Screen("edition", "chief", "/desk/press/edition/", (_STOCK_ROW,)),
    Screen("photo-record", "admin", "/desk/photos/photo/", (_STOCK_ROW,)),
    Screen("revision-record", "head", "/desk/articles/revision/", (_STOCK_ROW,)),
    Screen("log", "chief", "/desk/articles/logentry/"),
    Screen("log-entry", "head", "/desk/articles/logentry/", (_STOCK_ROW,)),
    Screen("issue-log", "chief", "/desk/issues/issuelogentry/", (_STOCK_ROW,)),
    Screen("tags", "head", "/desk/taggit/tag/"),
    Screen("tag", "chief", "/desk/taggit/tag/", (_STOCK_ROW,)),
    Screen("tag-merge", "chief", "/desk/taggit/tag/", (_STOCK_ROW, "a[href$='/merge/']")),
    Screen("users", "admin", "/desk/auth/user/"),
    Screen("user", "admin", "/desk/auth/user/", (_STOCK_ROW,)),
    Screen("user-add", "admin", "/desk/auth/user/add/"),
    Screen("password", "reporter", "/desk/password_change/"),
    Screen("account", "editor", "/desk/account/"),
    Screen("account-reset", "", "/desk/account/reset/"),
    Screen("second-factor", "editor", "/desk/account/", ("[href*='totp/activate']",)),
    Screen("photos", "editor", "/desk/photos/"),
    Screen("photo", "editor", "/desk/photos/", (".shelf a",)),
    Screen("photo-use", "reporter", "/desk/photos/", (".shelf a", "[href$='/use/']")),
    Screen("notifications", "correspondent2", "/desk/notifications/"),
    Screen("notification-choices", "editor", "/desk/notifications/choices/"),
    Screen("not-found", "editor", "/desk/nowhere/"),
]


def show(page: Any, screen: Screen) -> None:
    """Open `screen` in `page`, in which a user is logged in."""
    page.goto(screen.url)
    for selector in screen.clicks:
        page.locator(selector).first.click()
        page.wait_for_load_state()
    if screen.then is not None:
        screen.then(page)
