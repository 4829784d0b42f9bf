"""Rule: a login has one contributor from its creation on, under its present name."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from accounts import services as accounts
from tests.helpers.contributors import everybody

ADD = "/desk/articles/article/add/"
NAME = "沈知远"


@pytest.mark.parametrize(
    "role", ["correspondent", "reporter", "editor", "head", "chief", "administrator"]
)
def test_each_login_has_its_contributor_from_the_moment_it_is_made(staff, role):
    person = accounts.Person("new", "新", "人", roles=[role])
    user, _token = accounts.invite(person, by=staff["administrator"], at=staff["head"].date_joined)
    assert not user.is_active
    assert (user.contributor.name, user.contributor.merged_into) == ("新人", None)


def test_so_has_a_superuser_of_the_console(db):
    call_command(
        "createsuperuser", username="root", email="", interactive=False, stdout=io.StringIO()
    )
    assert User.objects.get(username="root").contributor.name == "root"


def test_so_has_who_is_invited_at_the_console(paper):
    call_command("invite", "first", "--role", "administrator", "--last-name", "温", stdout=None)
    assert User.objects.get(username="first").contributor.name == "温"


def test_opening_a_form_makes_nobody(desk, staff, login):
    bare = User.objects.create_user("bare", last_name="新人")
    bare.groups.set(staff["reporter"].groups.all())
    client, before = desk("reporter"), everybody()
    client.force_login(bare)
    for url in (ADD, "/desk/", "/desk/photos/", "/desk/paste/"):
        assert client.get(url).status_code == 200
    assert "记者 新人" in client.get(ADD).content.decode()
    assert everybody() == before


def test_the_contributor_follows_the_name_of_the_login_and_keeps_the_former(staff, own, now):
    person = accounts.Person("reporter", "沈知行", roles=["reporter"])
    accounts.change_person(own.user, person, by=staff["administrator"], at=now)
    own.refresh_from_db()
    assert own.name == "沈知行"
    assert [one.name for one in own.other_names.all()][-1] == NAME


def test_a_pen_name_stays_when_the_login_is_renamed(staff, own, now):
    own.name = "知远"
    own.save()
    person = accounts.Person("reporter", "沈知行", roles=["reporter"])
    accounts.change_person(own.user, person, by=staff["administrator"], at=now)
    own.refresh_from_db()
    assert own.name == "知远"
    assert NAME in [one.name for one in own.other_names.all()]
