"""Rule: of two users who take one name concurrently, the second gets a message (PostgreSQL)."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from taggit.models import Tag

from accounts import permissions
from articles.models import ReasonPhrase
from bylines.models import Contributor
from bylines.services import contributor_for
from paper.models import Section, Town
from press.models import Story
from proofing.models import HouseWord
from tests.helpers import factories
from tests.helpers.concurrency import ON_SERVER, at_once

pytestmark = [
    ON_SERVER,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
#: Pause between check and write, in which the other user does both.
PAUSE = 0.3


@pytest.fixture
def keepers() -> list[Client]:
    """Return two browsers of an administrator."""
    factories.make_paper()
    user = factories.make_staff()["administrator"]
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(user)
    return clients


def after_a_pause(call: Callable[..., object]) -> Callable[..., object]:
    def slow(*args: object, **kwargs: object) -> object:
        done = call(*args, **kwargs)
        time.sleep(PAUSE)
        return done

    return slow


def both(clients: list[Client], url: str, forms: list[dict[str, object]]) -> list[object]:
    """Send two forms concurrently; return the statuses in order, and the page of the second."""
    calls = [
        lambda client=client, form=form: client.post(url, form)
        for client, form in zip(clients, forms, strict=True)
    ]
    found = sorted(at_once(*calls), key=lambda response: response.status_code)
    return [*(response.status_code for response in found), found]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ([{"username": "li"}, {"username": "li"}], "此用户名已有人用"),
        ([{"username": "li"}, {"username": "Li"}], "此用户名已有人用"),
        (
            [{"username": "li", "email": "a@b.cn"}, {"username": "wang", "email": "A@b.cn"}],
            "邮箱",
        ),
    ],
    ids=["name", "capitals", "address"],
)
def test_two_invitations_at_once(keepers, monkeypatch, fields, said):
    monkeypatch.setattr(
        permissions, "require_free_address", after_a_pause(permissions.require_free_address)
    )
    forms = [{"last_name": "李", "roles": ["reporter"], **more} for more in fields]
    before = User.objects.count()
    first, second, pages = both(keepers, "/desk/auth/user/add/", forms)
    assert (first, second) == (200, 400)
    assert said in pages[1].content.decode()
    assert User.objects.count() == before + 1


def test_two_logins_take_one_name_at_once(keepers, monkeypatch):
    monkeypatch.setattr(
        permissions, "require_free_address", after_a_pause(permissions.require_free_address)
    )
    people = User.objects.filter(username__in=["editor", "head"])
    form = {"username": "wang", "last_name": "王", "roles": ["reporter"]}
    calls = [
        lambda client=client, user=user: client.post(f"/desk/auth/user/{user.pk}/change/", form)
        for client, user in zip(keepers, people, strict=True)
    ]
    found = sorted(at_once(*calls), key=lambda response: response.status_code)
    assert [response.status_code for response in found] == [200, 302]
    assert "此用户名已有人用" in found[0].content.decode()


REFERENCE = [
    (Section, {"name": "农业", "slug": "farming", "order": 1, "kind": "story", "editors": []}),
    (Town, {"name": "红枫岭镇", "slug": "hongfengling", "kind": "town", "order": 1}),
    (HouseWord, {"word": "最高级", "better": "", "kind": "ban", "note": ""}),
    (ReasonPhrase, {"text": "请补充数字和出处", "transition": "return", "order": 1}),
]


@pytest.mark.parametrize(
    ("model", "values"), REFERENCE, ids=lambda one: getattr(one, "__name__", "")
)
def test_two_rows_of_one_name_at_once(keepers, monkeypatch, model, values):
    """Both forms are validated before either is saved."""
    user = User.objects.get(username="head" if model is ReasonPhrase else "administrator")
    for client in keepers:
        client.force_login(user)
    save = admin.ModelAdmin.save_model

    def slow(*args: object, **kwargs: object) -> None:
        time.sleep(PAUSE)
        save(*args, **kwargs)

    monkeypatch.setattr(admin.ModelAdmin, "save_model", slow)
    meta, before = model._meta, model.objects.count()
    url = f"/desk/{meta.app_label}/{meta.model_name}/add/"
    empty = keepers[0].get(url).context["adminform"].form
    form = {name: "" if value is None else value for name, value in empty.initial.items()} | values
    first, second, pages = both(keepers, url, [form, form])
    assert (first, second) == (200, 302), pages[0].context["adminform"].form.errors
    assert "errorlist" in pages[0].content.decode()
    assert model.objects.count() == before + 1


def test_two_windows_of_a_new_person_make_one_contributor(keepers):
    user = User.objects.create_user("new", last_name="新人")
    found = at_once(*[lambda: contributor_for(user)] * 4)
    assert len(set(found)) == 1
    assert Contributor.objects.filter(user=user).count() == 1


def test_two_stories_with_one_new_tag_go_to_print_at_once(keepers, now):
    Tag.objects.all().delete()
    names = tuple(f"标签{n}" for n in range(20))
    calls = [
        lambda n=n: factories.make_story(f"第{n}篇", now, tags=names[:: 1 if n else -1])
        for n in range(2)
    ]
    at_once(*calls)
    assert Story.objects.count() == 2
    assert {tag.name for tag in Tag.objects.all()} == set(names)
