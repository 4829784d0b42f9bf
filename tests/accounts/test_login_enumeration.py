"""Rule: neither the login nor the reset reveals which logins exist."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import services
from outbox.models import Job
from tests.helpers.logins import (
    at_home,
    letters,
    log_in,
)


@pytest.fixture
def many(staff) -> list[str]:
    """Names of existing and missing logins, which must be indistinguishable."""
    User.objects.filter(username="editor").update(email="editor@paper.example")
    services.deactivate(staff["reporter"], by=staff["administrator"], at=timezone.now())
    person = services.Person("invited", "新", roles=["editor"], email="new@paper.example")
    services.invite(person, by=staff["administrator"], at=timezone.now())
    return [
        *("editor", "nobody", "editor@paper.example", "nobody@paper.example"),
        *("reporter", "invited", "new@paper.example"),
    ]


def test_a_wrong_password_is_the_same_work_for_every_name(many, monkeypatch):
    """The queries, the password hashes and the message are the same."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *given: hashed.append("") or encode(*given)
    )
    seen = {}
    for n, name in enumerate(many):
        hashed.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = log_in(Client(), name, "wrong", **at_home(n))
        page = re.sub(r'value="[^"]*"|（?用户名|邮箱', "", answer.content.decode())
        seen[name] = (len(hashed), work(queries), len(page))
    first = seen["nobody"]
    for name, found in seen.items():
        assert found[0] == first[0] == 1, name
        assert found[1] == first[1], name
    by_kind = {"@" in name: seen[name][2] for name in many}
    assert all(seen[name][2] == by_kind["@" in name] for name in many)


def test_the_reset_is_the_same_work_for_every_address(many, client):
    seen = set()
    for n, name in enumerate(("editor", "nobody", "new")):
        with CaptureQueriesContext(connection) as queries:
            form = {"email": f"{name}@paper.example"}
            answer = client.post("/desk/account/reset/", form, follow=True, **at_home(n))
        seen.add((tuple(work(queries)), re.sub(r'value="\w{64}"', "", answer.content.decode())))
    assert len(seen) == 1
    assert Job.objects.count() == 3
    assert [letter.to for letter in letters()] == [["editor@paper.example"]]


def work(queries: CaptureQueriesContext) -> list[tuple[str, ...]]:
    """Return the operations of the queries by table."""
    return [
        (row["sql"].split()[0], *re.findall(r'(?:FROM|INTO|UPDATE|JOIN) "(\w+)"', row["sql"]))
        for row in queries
    ]
