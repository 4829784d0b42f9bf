"""The demo paper: created with the real importer, complete, and only in an empty database."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from articles.models import Article
from articles.workflow.states import State
from bylines.models import Contributor
from issues.models import Issue
from newsroom.demo import people
from paper.models import Section, Town
from paper.permissions import Role
from press.models import Edition, Story


@pytest.fixture
def demo(db, settings):
    settings.DEMO = True
    out = io.StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def test_the_demo_is_whole(demo, client, now):
    assert (Town.objects.count(), Section.objects.count()) == (12, 8)
    assert Contributor.objects.filter(kind="correspondent").count() >= 20
    assert Edition.objects.visible(now).count() == 3
    assert [e.pages.count() for e in Edition.objects.all()] == [4, 4, 4]
    assert Story.objects.filter(kind="roundup").exists()
    assert Issue.objects.open().count() == 1
    assert {a.status(now) for a in Article.objects.all()} == set(State)
    for login in people.LOGINS:
        assert login.username in demo
        assert client.login(username=login.username, password=people.PASSWORD)
    assert {login.role for login in people.LOGINS} == set(Role)
    assert not User.objects.filter(contributor=None).exists()
    assert not Contributor.objects.with_same_name().filter(has_namesake=True).exists()
    assert client.get("/").status_code == 200
    assert "现予更正" in client.get("/corrections/").content.decode()
    with pytest.raises(CommandError):
        call_command("demo", stdout=io.StringIO())
    call_command("demo", "--if-empty", stdout=io.StringIO())
    assert Edition.objects.count() == 3
