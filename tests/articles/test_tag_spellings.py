"""Rule: a tag is the same in every case and width, and with invisible characters."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError
from django.http import QueryDict
from django.urls import reverse
from taggit.models import Tag, TaggedItem

from articles import services
from articles.content import content_of
from articles.exceptions import Conflict, Invalid
from articles.forms.autosave import read_autosave
from articles.models import Article
from articles.services import tags
from articles.services.audit_verify import verify
from press.models import TagAlias, TagKey
from press.services import tags as press_tags
from press.services.tags import create_tag, tags_named
from tests.helpers import factories
from tests.helpers.article_forms import ADD, form
from textkit.tag_names import tag_key, tag_name

WTO = ["WTO", "wto", "\uff37\uff34\uff2f", "W\u200bTO", " Wto\u3000", "\ufeffWTO"]


@pytest.mark.parametrize("typed", WTO)
def test_spellings_share_a_key(typed):
    assert tag_key(typed) == "wto"


def test_a_new_tag_is_stored_half_width_and_otherwise_as_typed():
    assert [tag_name(typed) for typed in ("５Ｇ", "水\u200b利", "Wi－Fi", "①", "㎡")] == [
        *("5G", "水利", "Wi－Fi", "①", "㎡")
    ]


def test_tags_of_one_line_are_one(staff, now):
    """Spellings that differ in case and width are one tag."""
    article = factories.make_draft(
        staff["reporter"], now, tags=("5G", "\uff15\uff27", "水利", "水\u200b利")
    )
    assert content_of(article).tags == ("5G", "水利")
    assert Tag.objects.count() == 2
    assert verify(article) is None


@pytest.mark.parametrize("typed", WTO)
def test_a_tag_that_exists_is_meant_in_every_spelling(typed, staff, now):
    factories.make_draft(staff["reporter"], now, tags=("WTO",))
    article = factories.make_draft(staff["reporter"], now, headline="二", tags=(typed,))
    assert content_of(article).tags == ("WTO",)


def test_an_autosave_knows_a_tag_in_another_spelling(desk, staff, now):
    factories.make_draft(staff["reporter"], now, tags=("WTO",))
    sent = {
        "version": "0",
        "kind": "story",
        "headline": "二",
        "tag_line": "ｗｔｏ",
        "key": "w" * 36,
    }
    data = QueryDict(mutable=True)
    data.update(sent)
    read = read_autosave(data, None, user=staff["reporter"])
    assert read.content.tags == ("ｗｔｏ",)
    assert read.waiting == []


def printed(name: str, staff, now, headline: str = "水闸换新"):
    article = factories.make_draft(staff["reporter"], now, headline=headline, tags=(name,))
    services.submit(article, user=staff["reporter"], at=now)
    factories.pass_all(article, staff, now)
    services.release(article, user=staff["chief"], at=now)
    article.refresh_from_db()
    return article


@pytest.mark.parametrize("typed", ["wto", "ＷＴＯ", "W\u200bTO"])
def test_every_spelling_of_an_address_leads_to_the_tag(typed, client, staff, now):
    printed("WTO", staff, now)
    assert client.get("/tags/WTO/").status_code == 200
    for path in (f"/tags/{typed}/", f"/tags/{typed}/feed.rss"):
        answer = client.get(path)
        assert answer.status_code == 301
        assert answer["Location"] == path.replace(typed, "WTO")
    assert client.get("/tags/wt/").status_code == 404


@pytest.mark.parametrize("typed", ["wt", "ＷＴ", "W\u200bT"])
def test_suggestions_hold_a_tag_in_every_spelling(typed, client, staff, now):
    printed("WTO", staff, now)
    answer = client.get(reverse("reader:suggest"), {"q": typed}).json()
    assert [row["name"] for row in answer["suggestions"]] == ["WTO"]


def test_the_desks_list_of_tags_is_searched_in_every_spelling(desk, staff, now):
    printed("WTO", staff, now)
    for typed in ("wto", "ＷＴＯ"):
        listed = desk("head").get("/desk/taggit/tag/", {"q": typed}).context["cl"].result_list
        assert [tag.name for tag in listed] == ["WTO"]


def test_a_tag_can_take_another_spelling_of_its_own_name_alone(staff, now):
    factories.make_draft(staff["reporter"], now, tags=("wto", "水利"))
    wto, other = Tag.objects.get(name="wto"), Tag.objects.get(name="水利")
    with pytest.raises(Invalid):
        tags.rename_tag(other, "ＷＴＯ", user=staff["head"], at=now)
    renamed = tags.rename_tag(wto, "WTO", user=staff["head"], at=now)
    assert TagAlias.objects.get(tag=wto).target == renamed
    with pytest.raises(Conflict):
        tags.separate_tag(wto, user=staff["head"], at=now)


def test_a_tag_refuses_an_unknown_character_and_names_it(staff, now):
    with pytest.raises(Invalid, match=r"U\+E123"):
        factories.make_draft(staff["reporter"], now, tags=("王\ue123",))


def test_a_spelling_that_a_signed_text_names_becomes_a_former_name(db):
    """A signed text names its tags; the name is listed under the existing tag."""
    tags_named(["WTO"])
    tags_named(["wto"])
    assert list(TagAlias.objects.values_list("tag__name", "target__name")) == [("wto", "WTO")]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("#乡村振兴#", {"乡村振兴"}),
        ("#水利 #农业", {"水利", "农业"}),
        ("＃水利#农业＃", {"水利", "农业"}),
        ("C#，.NET", {"C#", ".NET"}),
        ("水利丶农业", {"水利", "农业"}),
        ("水利 农业\u3000防汛", {"水利", "农业", "防汛"}),
        ("水利|农业｜防汛", {"水利", "农业", "防汛"}),
        ("水利。", {"水利"}),
        ("5G 应用，AI Lab", {"5G 应用", "AI Lab"}),
        ("五\ufe0f谷 丰登", {"五谷", "丰登"}),
        ("\u2f54利，水利", {"水利"}),
        ("c++，C＋＋", {"c++"}),
        ("iPhone，ｉｐｈｏｎｅ", {"iPhone"}),
        ("", set()),
    ],
)
def test_tags_are_divided_as_phones_write_them(desk, staff, typed, names):
    answer = desk("editor").post(ADD, form(tag_line=typed))
    assert answer.status_code == 302
    assert {tag.name for tag in Article.objects.get().tags.all()} == names


def test_a_known_tag_with_a_blank_stays_one(desk, staff):
    tags_named(["水利 农业"])
    assert desk("editor").post(ADD, form(tag_line="水利 农业")).status_code == 302
    assert [tag.name for tag in Article.objects.get().tags.all()] == ["水利 农业"]


@pytest.mark.django_db
def test_spellings_that_are_created_at_one_moment_are_one_tag(monkeypatch):
    """Each looks before the other has written: the key is unique, so the second one sees it."""
    look = press_tags.spelled_like
    tags_named(["wto"])
    answers = iter([None])
    monkeypatch.setattr(press_tags, "spelled_like", lambda name: next(answers, look(name)))
    made = press_tags.create_tag("WTO")
    assert TagAlias.objects.get(tag=made).target.name == "wto"
    with pytest.raises(IntegrityError):
        TagKey.objects.filter(tag=made).update(is_first=True)


def test_the_migration_makes_spellings_of_one_moment_one_tag(staff, now):
    first, second, old = (create_tag(name) for name in ("wto", "水利", "世贸"))
    TagAlias.objects.create(tag=old, target=second, at=now)
    TagKey.objects.filter(tag=second).update(key="wto", is_first=False)
    migration = importlib.import_module("press.migrations.0005_one_tag_per_spelling")
    migration.merge(apps, "default")
    assert set(TagAlias.objects.values_list("tag", "target")) == {
        (second.pk, first.pk),
        (old.pk, first.pk),
    }


def test_the_migration_merges_spellings_and_keeps_addresses(client, staff, now):
    """The most frequent spelling becomes the tag; all former names redirect to it."""
    first, second = printed("wto", staff, now), printed("WTO", staff, now, "二")
    assert content_of(second).tags == ("wto",)
    # A database from before the keys, in which both were tags.
    big, old = Tag.objects.create(name="WTO"), Tag.objects.create(name="世贸")
    for row in second.story.storytag_set.all():
        row.tag = big
        row.save()
    TaggedItem.objects.filter(object_id=second.pk).update(tag=big)
    third = printed("世贸组织", staff, now, "三")
    third.story.storytag_set.update(tag=big)
    TagAlias.objects.create(tag=old, target=Tag.objects.get(name="wto"), at=now)
    TagKey.objects.all().delete()
    migration = importlib.import_module("press.migrations.0002_tag_keys")
    migration.write_keys(apps, None)
    migration.merge_spellings(apps, None)
    assert set(TagAlias.objects.values_list("tag__name", "target__name")) == {
        ("wto", "WTO"),
        ("世贸", "WTO"),
    }
    assert client.get("/tags/wto/")["Location"] == "/tags/WTO/"
    page = client.get("/tags/WTO/").content.decode()
    assert "水闸换新" in page
    assert "二" in page
    assert verify(first) is None


def test_the_migration_computes_the_keys_of_the_application():
    migration = importlib.import_module("press.migrations.0002_tag_keys")
    for name in [*WTO, "水 利", "Straße", "①", "ﬁ", "\u2764\ufe0f", "İ"]:
        assert migration.key_of(name) == tag_key(name)
