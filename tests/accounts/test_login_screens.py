"""Rule: the screens of a login obey the policy, are Chinese, and use one term for a login."""

from __future__ import annotations

import html
import re

from django.test import Client

from tests.helpers.logins import (
    invite,
    link_url,
)


def test_the_pages_of_a_login_hold_the_policy_and_are_chinese(desk, client, staff):
    inline = re.compile(r"<script(?![^>]*\b(?:src|nonce)=)[^>]*>\s*\S|<style|\sstyle=|\son[a-z]+=")
    editor = desk("editor")
    for url in ("/desk/account/", "/desk/account/factor/totp/activate/", "/desk/account/again/"):
        text = editor.get(url, follow=True).content.decode()
        assert inline.findall(text) == [], url
        assert 'lang="zh-hans"' in text
    for url in ("/desk/login/", "/desk/account/reset/", "/desk/account/reset/sent/"):
        assert inline.findall(client.get(url).content.decode()) == [], url


def test_the_pages_before_a_login_are_chinese_and_offer_english(client, staff):
    """Chinese whatever the browser prefers; English is one tap away and stays on the page."""
    _user, token = invite(staff)
    english = {"Accept-Language": "en-US,en;q=0.9"}
    for url in ("/desk/login/?next=/desk/articles/", "/desk/account/reset/", link_url(token)):
        page = client.get(url, headers=english).content.decode()
        assert 'lang="zh-hans"' in page, url
        way = re.search(r'href="(/language/en/[^"]+)" lang="en">English<', page)[1]
        chosen = Client()
        answer = chosen.get(html.unescape(way), follow=True)
        assert answer.redirect_chain[-1][0] == url
        text = answer.content.decode()
        assert '<html lang="en">' in text
        assert "/language/zh-hans/" in text


def test_a_login_has_one_name_at_the_desk(desk, staff):
    """It is 账号 in the navigation, the heading, the title, the breadcrumb and the messages."""
    client, user = desk("administrator"), staff["editor"]
    url = f"/desk/auth/user/{user.pk}/change/"
    form = {"username": "editor", "last_name": "王", "roles": ["editor"], "sections": []}
    pages = {
        "/desk/auth/user/": client.get("/desk/auth/user/"),
        url: client.get(url),
        "said": client.post(url, form, follow=True),
    }
    assert "<h1>账号</h1>" in pages["/desk/auth/user/"].content.decode()
    for name, page in pages.items():
        words = re.sub("用户名", "", page.content.decode())
        assert page.status_code == 200
        assert "用户" not in words, name
        assert "账号" in words, name
