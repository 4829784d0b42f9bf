"""A new editor accepts an invitation, sets up a second factor, and logs in with it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from newsroom.demo.people import PASSWORD as DEMO_PASSWORD

PASSWORD = "kai-men-wen-1987"


def code(secret: str, later: int = 0) -> str:
    """Return the current code of the authenticator app, or that in some seconds."""
    return format_hotp_value(hotp_value(secret, (int(time.time()) + later) // 30))


def log_in(page: Page, name: str, password: str) -> None:
    page.goto("/desk/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.click("main button")


def set_up_factor(page: Page) -> tuple[str, list[str]]:
    """Set up the second factor; return its secret and the recovery codes, also saved as a file."""
    page.goto("/desk/account/factor/totp/activate/")
    expect(page.get_by_role("img", name="二维码")).to_be_visible()
    secret = page.locator(".factor-secret code").inner_text()
    page.fill("[name=code]", code(secret))
    page.get_by_role("button", name="启用").click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as kept:
        page.get_by_role("link", name="下载").click()
    assert kept.value.path().read_text().split() == codes
    page.get_by_role("button", name="打印").wait_for()
    return secret, codes


def test_from_the_invitation_to_the_second_factor(opened: Callable[..., Page]):
    admin = opened()
    log_in(admin, "admin", DEMO_PASSWORD)
    admin.goto("/desk/auth/user/add/")
    admin.fill("[name=username]", "baihua")
    admin.fill("[name=last_name]", "白")
    admin.fill("[name=first_name]", "桦")
    admin.get_by_label("编辑", exact=True).check()
    admin.get_by_role("button", name="生成链接").click()
    link = admin.locator("[data-copy-from]").input_value()
    assert re.search(r"/desk/account/link/\S{40,}/$", link)

    phone = opened(width=390)
    phone.goto(link)
    expect(phone.locator("main")).to_contain_text("baihua")
    for name in ("new_password1", "new_password2"):
        phone.fill(f"[name={name}]", PASSWORD)
    phone.get_by_role("button", name="设好密码，进入").click()
    phone.wait_for_url("**/desk/")

    secret, codes = set_up_factor(phone)
    phone.goto("/desk/")
    phone.locator(".top-user summary").click()
    phone.get_by_role("button", name="退出").click()
    log_in(phone, "baihua", PASSWORD)
    phone.fill("[name=code]", code(secret, later=30))
    phone.click("main button")
    phone.wait_for_url("**/desk/")

    other = opened()
    log_in(other, "baihua", PASSWORD)
    other.wait_for_url("**/factor/authenticate/")
    other.fill("[name=code]", "000000")
    other.click("main button")
    expect(other.locator("main")).to_contain_text("验证码不对")
    other.fill("[name=code]", codes[0])
    other.click("main button")
    other.wait_for_url("**/desk/")

    other.goto("/desk/account/")
    expect(other.locator(".session")).to_have_count(2)
    other.get_by_role("button", name="结束其他登录").click()
    expect(other.locator(".session")).to_have_count(1)
    phone.goto("/desk/")
    expect(phone.locator("#id_password")).to_be_visible()
