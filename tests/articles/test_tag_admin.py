"""Rule: desk heads, the chief editor and administrators rename tags; a list shows their use."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from taggit.models import Tag

from articles.services import tags
from press.models import TagAlias
from tests.helpers import factories

ROLES = ["correspondent", "reporter", "editor", "head", "chief", "administrator"]
KEEPERS = {"head", "chief", "administrator"}
LIST = reverse("admin:taggit_tag_changelist")


def url(action: str, name: str) -> str:
    known = {"change": "taggit_tag_change", "history": "taggit_tag_history"}
    return reverse(f"admin:{known.get(action, f'tag_{action}')}", args=[pk_of(name)])


def pk_of(name: str) -> int:
    return Tag.objects.get(name=name).pk


@pytest.fixture
def tagged(staff, now):
    """Return two stories under one tag, one under another, and another user's draft under both."""
    for n in range(2):
        factories.make_in("published", staff["reporter"], now, headline=f"{n}", tags=("水力",))
    factories.make_in("published", staff["reporter"], now, headline="三", tags=("夏汛",))
    factories.make_draft(factories.make_user("x", "reporter"), now, tags=("暗访", "水力"))


def test_a_visitor_is_led_to_the_login(client, tagged):
    for address in (LIST, url("change", "水力"), url("merge", "水力")):
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("role", ROLES)
def test_who_names_tags(desk, tagged, role):
    client = desk(role)
    expected = 200 if role in KEEPERS else 403
    for address in (LIST, url("change", "水力"), url("merge", "水力"), url("history", "水力")):
        assert client.get(address).status_code == expected, address
    status = 302 if role in KEEPERS else 403
    assert client.post(url("change", "水力"), {"name": "水利"}).status_code == status
    assert client.post(url("merge", "夏汛"), {"into": pk_of("水力")}).status_code in {
        status,
        409,
        200,
    }
    assert TagAlias.objects.filter(tag__name="水力").exists() == (role in KEEPERS)
    assert client.get(reverse("admin:taggit_tag_add")).status_code == 403
    deleting = reverse("admin:taggit_tag_delete", args=[pk_of("夏汛")])
    assert client.post(deleting, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", sorted(KEEPERS))
def test_a_tag_of_others_drafts_alone_is_not_there(desk, tagged, role):
    client = desk(role)
    page = client.get(LIST).content.decode()
    sees_drafts = role == "administrator"
    assert ("暗访" in page) == sees_drafts
    assert client.get(url("change", "暗访")).status_code == (200 if sees_drafts else 404)
    assert client.get(url("merge", "暗访")).status_code == (200 if sees_drafts else 404)
    assert ("暗访" in client.get(url("merge", "水力")).content.decode()) == sees_drafts


@pytest.mark.parametrize(("role", "articles"), [("head", 2), ("administrator", 3)])
def test_a_tag_shows_how_much_it_is_used(desk, tagged, role, articles):
    page = desk(role).get(LIST + "?q=水力").content.decode()
    row = page[page.index("<tbody>") : page.index("</tbody>")]
    assert f">{articles}</td>" in row
    assert ">2</td>" in row


def test_a_former_name_counts_for_the_present_one(desk, staff, tagged, now):
    source, target = Tag.objects.get(name="夏汛"), Tag.objects.get(name="水力")
    tags.merge_tags(source, target, user=staff["head"], at=now)
    client = desk("chief")
    page = client.get(LIST).content.decode()
    assert "夏汛" not in page
    row = page[page.index("<tbody>") : page.index("</tbody>")]
    assert row.count(">3</td>") == 2
    assert "夏汛" in client.get(LIST + "?state=former").content.decode()
    # Search finds a tag by its former names.
    assert ">水力</a>" in client.get(LIST + "?q=夏汛").content.decode()
    shown = client.get(url("change", "夏汛")).content.decode()
    assert 'name="_save"' not in shown
    assert client.post(url("change", "夏汛"), {"name": "防汛"}).status_code == 403
    assert client.post(url("separate", "夏汛")).status_code == 302
    assert not TagAlias.objects.exists()


def test_a_form_that_cannot_be_saved_says_why_beside_the_field(desk, tagged):
    client = desk("head")
    for name, words in (("夏汛", "请改用合并"), ("水，利", "分隔标签"), ("", "请填写")):
        page = client.post(url("change", "水力"), {"name": name})
        assert page.status_code == 200, name
        assert words in page.content.decode()
    assert not TagAlias.objects.exists()


def test_a_merge_is_looked_at_before_it_is_done(desk, tagged):
    client = desk("chief")
    page = client.get(url("merge", "夏汛") + f"?into={pk_of('水力')}").content.decode()
    assert "采编平台的稿件 1 篇、已发稿件 1 篇归入“水力”" in page
    assert not TagAlias.objects.exists()
    answer = client.post(url("merge", "夏汛"), {"into": pk_of("水力")}, follow=True)
    assert "“夏汛”已并入“水力”" in answer.content.decode()
    again = client.post(url("merge", "夏汛"), {"into": pk_of("水力")})
    assert again.status_code == 409
    history = client.get(url("history", "水力")).content.decode()
    assert "“夏汛”并入此标签" in history


def test_a_list_of_tags_asks_as_often_for_three_as_for_thirty(desk, tagged, staff, now):
    client = desk("head")

    def asked() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        assert len(queries) <= 9, [query["sql"][:300] for query in queries]
        return len(queries)

    few = asked()
    for n in range(30):
        factories.make_in("published", staff["reporter"], now, headline=f"多{n}", tags=(f"标{n}",))
    assert asked() == few
