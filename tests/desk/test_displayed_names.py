"""Rule: people are shown by name, never by login; phone numbers only to few users."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from articles.services import comments
from bylines.models import Contributor
from paper.display_names import shown_names
from paper.models import Section
from tests.helpers import factories

SECRET = "denglu-ming-"


@pytest.fixture
def named(staff) -> dict[str, User]:
    """Return the staff with unguessable logins and ordinary names."""
    names = {
        "correspondent": ("罗", "春生"),
        "reporter": ("沈", "知远"),
        "editor": ("王", "强"),
        "head": ("王", "强"),
        "chief": ("程", "远山"),
        "administrator": ("温", "如初"),
    }
    for role, (last, first) in names.items():
        user = staff[role]
        user.username, user.last_name, user.first_name = f"{SECRET}{role}", last, first
        user.save()
    return staff


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def test_who_can_be_mentioned_is_offered_by_name(named, now):
    article = factories.make_in("first_review", named["reporter"], now)
    url = reverse("admin:articles_comment_people", args=[article.pk])
    said = logged_in(named["chief"]).get(url)
    assert SECRET not in said.content.decode()
    people = said.json()["people"]
    assert {"沈知远", "王强（编辑）", "王强（部主任）"} <= set(people)
    assert "程远山" not in people, "nobody mentions himself"


def test_the_offered_name_tells_whom_it_names(named, now):
    """Two namesakes are distinguished by the role after the name."""
    people = list(User.objects.filter(pk__in=[user.pk for user in named.values()]))
    for pk, name in shown_names(people).items():
        found, unknown = comments.mentions(f"请 @{name} 看", people)
        assert [user.pk for user in found] == [pk]
        assert unknown == []
    found, _unknown = comments.mentions("@王强 看", people)
    assert {user.pk for user in found} == {named["editor"].pk, named["head"].pk}


def test_namesakes_in_one_role_are_numbered(named):
    group = Group.objects.get(name="editor")
    for n in range(2):
        user = User.objects.create_user(f"{SECRET}{n}", last_name="王", first_name="强")
        user.groups.add(group)
    names = list(shown_names(User.objects.order_by("pk")).values())
    assert len(set(names)) == len(names)
    assert {"王强（编辑1）", "王强（部主任）"} <= set(names)


def test_who_has_no_name_is_called_by_role(named):
    User.objects.filter(pk=named["chief"].pk).update(last_name="", first_name="")
    names = shown_names(User.objects.filter(pk=named["chief"].pk))
    assert names == {named["chief"].pk: "总编"}


LISTS = [
    "/desk/bylines/contributor/",
    "/desk/bylines/contributor/{contributor}/change/",
    "/desk/paper/section/",
    "/desk/paper/section/{section}/change/",
    "/desk/issues/issue/add/",
    "/desk/articles/article/add/",
    "/desk/articles/article/",
    "/desk/queue/",
]


@pytest.mark.parametrize("role", ["reporter", "editor", "head", "chief", "administrator"])
def test_no_list_of_people_shows_a_login(named, now, role):
    factories.make_in("first_review", named["correspondent"], now)
    contributor = Contributor.objects.get(user=named["correspondent"])
    facts = {"contributor": contributor.pk, "section": Section.objects.get(slug="news").pk}
    client = logged_in(named[role])
    seen = 0
    for url in LISTS:
        answer = client.get(url.format(**facts))
        if answer.status_code == 200:
            seen += 1
            page = answer.content.decode().replace(named[role].username, "")
            assert SECRET not in page, url
    assert seen > 1


@pytest.mark.parametrize(
    ("role", "may"), [("reporter", False), ("editor", True), ("administrator", True)]
)
def test_a_phone_is_for_who_may_change_the_contributor(named, role, may):
    contributor = Contributor.objects.create(name="罗春生", phone="0000-1234567")
    url = reverse("admin:bylines_contributor_change", args=[contributor.pk])
    page = logged_in(named[role]).get(url)
    assert page.status_code == 200
    assert ("0000-1234567" in page.content.decode()) is may
    listed = logged_in(named[role]).get("/desk/bylines/contributor/?q=0000-1234567")
    assert "罗春生" not in listed.content.decode()


def test_whose_login_a_contributor_has_is_shown_by_name_and_not_changed_here(named):
    contributor = Contributor.objects.get(user=named["correspondent"])
    free = Contributor.objects.create(name="某某")
    listed = logged_in(named["head"]).get("/desk/bylines/contributor/").content.decode()
    assert "罗春生" in listed
    form = {"name": "某某", "kind": "correspondent", "is_active": "on"}
    for user in (named["reporter"].pk, ""):
        for role in ("administrator", "editor"):
            for one in (contributor, free):
                url = reverse("admin:bylines_contributor_change", args=[one.pk])
                client = logged_in(named[role])
                page = client.get(url)
                assert "user" not in page.context["adminform"].form.fields
                assert client.post(url, {**form, "user": user}).status_code in (200, 302)
    contributor.refresh_from_db()
    free.refresh_from_db()
    assert (contributor.user, free.user) == (named["correspondent"], None)
