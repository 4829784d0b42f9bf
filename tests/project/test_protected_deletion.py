"""Rule: what anything refers to is never deleted, only taken out of use.

Three checks: each relation between our tables protects, or is listed here as a part of its whole; each
delete page of the desk is tried on a full paper; and what JSON names is looked up by the service.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.exceptions import ObjectDoesNotExist
from django.core.management import call_command
from django.db import models, transaction
from django.test import Client
from taggit.models import Tag

from articles import services
from articles.content import PhotoRow
from articles.exceptions import Conflict
from articles.models import Article, UnsavedForm
from articles.services import orphan_photos, references
from bylines.models import Contributor
from issues.models import Series
from newsroom.demo import people
from paper.models import Section, Town
from paper.services import set_in_use
from photos.models import Photo
from photos.services import add_photo
from press.models import Story, StoryTag
from tests.helpers import factories

OURS = (
    "accounts",
    "articles",
    "bylines",
    "issues",
    "notifications",
    "outbox",
    "paper",
    "photos",
    "press",
)
#: Parts that are deleted with their whole, and why that loses nothing.
PARTS = {
    # Of an article: only a draft that was never submitted is deleted, by its author.
    "articles.ArticlePhoto.article",
    "articles.ArticleTown.article",
    "articles.Byline.article",
    "articles.Comment.article",
    "articles.Comment.parent",
    "articles.LogEntry.article",
    "articles.Presence.article",
    "articles.Review.article",
    "articles.Revision.article",
    "issues.Placement.article",
    # Of a login, which is never deleted: its contributor protects it.
    "accounts.Link.user",
    "articles.UnsavedForm.owner",
    "articles.Presence.user",
    "articles.SavedFilter.user",
    "notifications.NotificationChoice.user",
    "notifications.Notification.user",
    # Of a tag: the key is computed from its name.
    "press.TagKey.tag",
    # Of an issue in planning: a page with articles stays.
    "issues.Handoff.page",
    "issues.Page.issue",
    "issues.PageImage.page",
    "issues.Placement.continued_on",
    "issues.SeriesPage.series",
    # Of a photo that nothing shows.
    "photos.PhotoCredit.photo",
    # Of a tag, which its stories and articles protect; it is computed from the name.
    # Of unreleased stories, which are removed when their issue is reopened.
    "issues.Issue.edition",
    "press.Correction.story",
    "press.EditionPage.edition",
    "press.HomepagePick.edition",
    "press.HomepagePick.story",
    "press.Story.continued_on",
    "press.Story.page",
    "press.StoryContributor.story",
    "press.StoryPhoto.story",
    "press.StoryTag.story",
    "press.StoryTown.story",
}
#: Tables whose rows are never deleted while something refers to them.
LASTING = (User, Contributor, Section, Town, Photo, Story, Article, Series, Tag)


def our_relations() -> Iterator[tuple[str, models.ForeignKey]]:
    for label in OURS:
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.local_fields:
                if isinstance(field, models.ForeignKey):
                    yield f"{label}.{model.__name__}.{field.name}", field


def test_each_relation_protects_or_is_a_part_of_its_whole():
    loose_ones = {
        name
        for name, field in our_relations()
        if field.remote_field.on_delete not in {models.PROTECT, models.RESTRICT}
    }
    assert loose_ones == PARTS


@pytest.fixture
def demo(db, settings) -> None:
    """Return a complete paper, in which everything refers to something."""
    settings.DEMO = True
    call_command("demo", stdout=io.StringIO())


def referred_to(model: type[models.Model]) -> set[object]:
    """Return the keys of the rows of `model` to which other rows than their parts refer."""
    found: set[object] = set()
    for name, field in our_relations():
        if field.related_model is model and name not in PARTS:
            rows = field.model._default_manager.exclude(**{field.name: None})
            found |= set(rows.values_list(field.name, flat=True))
    return found


@pytest.mark.parametrize("model", LASTING, ids=lambda one: one.__name__)
def test_the_database_refuses_to_delete_what_is_referred_to(demo, model):
    wanted = referred_to(model)
    if model is Series:
        assert wanted
    for pk in sorted(wanted)[:40]:
        with pytest.raises((models.ProtectedError, models.RestrictedError)), transaction.atomic():
            model._default_manager.filter(pk=pk).delete()
        with pytest.raises((models.ProtectedError, models.RestrictedError)), transaction.atomic():
            model._default_manager.get(pk=pk).delete()
    if wanted:
        with pytest.raises((models.ProtectedError, models.RestrictedError)), transaction.atomic():
            model._default_manager.all().delete()


def test_every_login_is_protected_by_its_contributor(demo):
    assert User.objects.count() == len(people.LOGINS)
    for user in User.objects.all():
        with pytest.raises(models.ProtectedError), transaction.atomic():
            user.delete()


def snapshot() -> dict[str, set[object]]:
    """Return the keys of all rows of our tables, and of logins, roles and tags."""
    tables = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    return {
        model._meta.label: set(model._default_manager.values_list("pk", flat=True))
        for model in [*tables, User, Group, Tag]
        if model._meta.managed
    }


@pytest.mark.parametrize("role", ["administrator", "chief", "head", "editor"])
def test_no_delete_page_of_the_desk_deletes_what_is_referred_to(demo, role):
    """Each registered model: the page of each row, and the action of the list."""
    client = Client()
    client.force_login(User.objects.filter(groups__name=role).first())
    before, tried = snapshot(), 0
    for model in admin.site._registry:
        names = f"{model._meta.app_label}/{model._meta.model_name}"
        wanted = referred_to(model)
        for pk in sorted(wanted, key=str)[:25]:
            tried += 1
            for suffix in ("delete/", "delete/?_popup=1"):
                client.post(f"/desk/{names}/{pk}/{suffix}", {"post": "yes"})
        ticked = {"action": "delete_selected", "_selected_action": list(wanted)[:25]}
        client.post(f"/desk/{names}/", {**ticked, "post": "yes"})
    assert tried > 40
    assert snapshot() == before


def test_contributors_of_logins_and_used_sections_stay_whoever_asks(demo):
    """Even if only a login or a revision refers to them."""
    client = Client()
    client.force_login(User.objects.get(username="admin"))
    for person in Contributor.objects.exclude(user=None):
        response = client.post(f"/desk/bylines/contributor/{person.pk}/delete/", {"post": "yes"})
        assert response.status_code == 409
    assert Contributor.objects.exclude(user=None).count() == len(people.LOGINS)


# References in JSON.


def only_in_json(staff, now) -> tuple[Section, Town, Contributor, Article]:
    """Return a section, a town and a contributor that only an earlier revision names."""
    section = Section.objects.create(name="旧栏", slug="old")
    town = Town.objects.create(name="旧镇", slug="old")
    old = factories.content("旧的", section="old", writer="旧人", towns=(town.pk,))
    author = staff["correspondent"]
    article = services.create_article(old, user=author, at=now)
    services.save_article(
        article, factories.content("新的"), user=author, at=now, base_version=article.version
    )
    return section, town, Contributor.objects.get(name="旧人"), article


def test_what_an_earlier_revision_names_is_not_deleted(desk, staff, now):
    *things, _article = only_in_json(staff, now)
    client = desk("administrator")
    for thing in things:
        assert not list(references._rows_that_refer(thing))
        with pytest.raises(Conflict):
            references.delete_unused(thing, by=staff["administrator"], at=now)
        names = f"{thing._meta.app_label}/{thing._meta.model_name}"
        response = client.post(f"/desk/{names}/{thing.pk}/delete/", {"post": "yes"})
        assert response.status_code == 409
        assert "以前的修改稿" in response.content.decode()
        assert type(thing).objects.filter(pk=thing.pk).exists()


def test_what_a_text_names_that_waits_for_its_writer_is_not_deleted(staff, now):
    section = Section.objects.create(name="旧栏", slug="old")
    town = Town.objects.create(name="旧镇", slug="old")
    UnsavedForm.objects.create(
        owner=staff["reporter"],
        window_id="tab",
        path="/",
        fields=[["section", str(section.pk)], ["towns", str(town.pk)]],
        at=now,
    )
    for thing in (section, town):
        with pytest.raises(Conflict):
            references.delete_unused(thing, by=staff["administrator"], at=now)


def test_a_photo_that_a_revision_or_a_waiting_text_names_is_not_deleted(staff, now):
    author = staff["correspondent"]
    first, second, third = (
        add_photo(data=factories.picture(size=(60 + n, 40)), caption="", user=author, at=now)
        for n in range(3)
    )
    article = services.create_article(
        factories.content(photos=(PhotoRow(first.pk, "水闸", "甲 摄"),)), user=author, at=now
    )
    plain = factories.content("没有照片")
    services.save_article(article, plain, user=author, at=now, base_version=article.version)
    UnsavedForm.objects.create(
        owner=author, window_id="tab", path="/", fields=[["photos-0-photo", str(second.pk)]], at=now
    )
    for photo in (first, second):
        with pytest.raises(Conflict):
            references.delete_unused(photo, by=staff["head"], at=now)
    references.delete_unused(third, by=staff["head"], at=now)
    assert set(Photo.objects.all()) == {first, second}
    assert orphan_photos.orphan_photos(before=now + now.utcoffset()) == []


def test_what_nothing_refers_to_is_deleted_and_logged(desk, staff):
    town = Town.objects.create(name="打错镇", slug="typo")
    url = f"/desk/paper/town/{town.pk}/delete/"
    assert "删除" in desk("administrator").get(url).content.decode()
    assert desk("administrator").post(url, {"post": "yes"}).status_code == 302
    with pytest.raises(ObjectDoesNotExist):
        town.refresh_from_db()
    entry = admin.models.LogEntry.objects.get(object_repr="打错镇")
    assert entry.is_deletion()


# Out of use.


def test_the_page_says_what_refers_to_it_and_offers_to_take_it_out_of_use(
    desk, staff, now, town, client
):
    factories.make_story("水闸", now, towns=(town.pk,))
    browser, url = desk("administrator"), f"/desk/paper/town/{town.pk}/"
    page = browser.get(f"{url}delete/").content.decode()
    assert "不能删除" in page
    assert "停用" in page
    assert browser.post(f"{url}retire/").status_code == 302
    town.refresh_from_db()
    assert not town.is_active
    # No longer offered, but the story and its page still have it.
    assert "白沙镇" not in desk("reporter").get("/desk/articles/article/add/").content.decode()
    assert client.get(f"/towns/{town.slug}/").status_code == 200
    assert "白沙镇" not in client.get("/towns/").content.decode()
    form = {"name": "白沙镇", "slug": "baisha", "order": 1, "is_active": "on"}
    assert browser.post(f"{url}change/", form).status_code == 302
    assert "白沙镇" in desk("reporter").get("/desk/articles/article/add/").content.decode()


def test_an_article_keeps_the_section_and_town_that_went_out_of_use(desk, staff, now, town):
    article = factories.make_in("draft", staff["correspondent"], now, towns=(town.pk,))
    for row in (town, Section.objects.get(slug="news")):
        set_in_use(row, False, by=staff["administrator"], at=now)
    client, url = desk("correspondent"), f"/desk/articles/article/{article.pk}/change/"
    form = client.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {"towns": [town.pk], "photos-TOTAL_FORMS": 0, "photos-INITIAL_FORMS": 0}
    assert client.post(url, {**data, "headline": "改过"}).status_code == 302
    article.refresh_from_db()
    assert (article.headline, article.section.slug, article.towns.get()) == ("改过", "news", town)


def test_a_correspondent_does_not_take_anything_out_of_use(desk, staff, town):
    for role in ("correspondent", "reporter", "editor", "head"):
        for name in ("delete", "retire"):
            response = desk(role).post(f"/desk/paper/town/{town.pk}/{name}/", {"post": "yes"})
            assert response.status_code == 403
    town.refresh_from_db()
    assert town.is_active


def test_a_photo_out_of_use_is_no_longer_offered_and_stays_where_it_is(desk, staff, now):
    author = staff["correspondent"]
    photo = add_photo(data=factories.picture(), caption="水闸近照", user=author, at=now)
    row = PhotoRow(photo.pk, "水闸近照", "")
    article = factories.make_in("second_review", author, now, photos=(row,))
    url = f"/desk/photos/{photo.pk}/"
    assert desk("correspondent").post(f"{url}retire/").status_code == 403
    assert desk("head").post(f"{url}retire/").status_code == 302
    head = desk("head")
    assert "水闸近照" not in head.get("/desk/photos/").content.decode()
    assert "水闸近照" in head.get("/desk/photos/?use=retired").content.decode()
    assert head.post(f"{url}use/", {"key": "k" * 12}).status_code == 409
    assert [one.photo for one in article.article_photos.all()] == [photo]
    head.post(f"{url}retire/", {"in-use": "1"})
    assert "水闸近照" in head.get("/desk/photos/").content.decode()


def test_a_tag_in_print_is_protected(paper, now):
    factories.make_story("水闸", now, tags=("水利",))
    with pytest.raises(models.ProtectedError):
        Tag.objects.get(name="水利").delete()
    assert StoryTag.objects.exists()
