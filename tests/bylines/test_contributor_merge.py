"""Rule: two contributors of one person become one by a pointer; no other row is written."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry as AdminEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from articles.models import Article, Byline, Revision
from articles.services.audit_verify import verify
from bylines.models import Contributor
from bylines.services import match_or_create, merge_contributors, unmerge_contributor
from press.models import Story, StoryContributor
from tests.helpers import factories
from tests.helpers.concurrency import ON_SERVER, at_once


@pytest.fixture
def pair(staff) -> tuple[Contributor, Contributor]:
    """Return two contributors of one person."""
    return Contributor.objects.create(name="罗小满"), Contributor.objects.create(name="罗晓满")


@pytest.fixture
def merged(pair, staff, now) -> tuple[Contributor, Contributor]:
    source, target = pair
    factories.make_story("前者的稿件", now, writer=source.name)
    factories.make_story("后者的稿件", now, writer=target.name)
    merge_contributors(source, target, by=staff["head"], at=now)
    source.refresh_from_db()
    return source, target


def test_no_other_row_is_written_and_seals_stay_whole(pair, staff, now):
    source, target = pair
    factories.make_story("前者的稿件", now, writer=source.name)
    models = (Byline, Revision, Story, StoryContributor, Article)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    merge_contributors(source, target, by=staff["head"], at=now)
    assert before == [list(model.objects.order_by("pk").values()) for model in models]
    assert Contributor.objects.get(pk=source.pk).merged_into == target
    unmerge_contributor(source, by=staff["administrator"], at=now)
    assert before == [list(model.objects.order_by("pk").values()) for model in models]


def test_a_record_with_a_merged_writer_verifies(staff, now):
    from articles import services

    article = factories.make_draft(staff["reporter"], now, writer="罗小满")
    services.submit(article, user=staff["reporter"], at=now)
    target = Contributor.objects.create(name="罗晓满")
    merge_contributors(Contributor.objects.get(name="罗小满"), target, by=staff["head"], at=now)
    factories.pass_all(article, staff, now)
    services.release(article, user=staff["chief"], at=now)
    assert verify(article) is None


def test_it_is_logged_on_both_sides(merged, staff):
    source, target = merged
    for one, words in ((source, "并入罗晓满"), (target, "罗小满")):
        entry = AdminEntry.objects.get(object_id=str(one.pk))
        assert entry.user == staff["head"]
        assert words in entry.change_message


def test_matching_finds_the_one_that_counts(merged):
    _source, target = merged
    assert match_or_create("罗小满", "通讯员") == (target, [])


@pytest.mark.parametrize("role", ["correspondent", "reporter", "editor"])
def test_heads_and_administrators_merge(pair, staff, now, role):
    source, target = pair
    with pytest.raises(PermissionDenied):
        merge_contributors(source, target, by=staff[role], at=now)
    merge_contributors(source, target, by=staff["administrator"], at=now)
    with pytest.raises(PermissionDenied):
        unmerge_contributor(source, by=staff[role], at=now)


def test_no_circle_and_no_chain(pair, staff, now):
    source, target = pair
    third = Contributor.objects.create(name="罗小蛮")
    by = staff["head"]
    for one, other in ((source, source), (third, source)):
        if one == third:
            merge_contributors(source, target, by=by, at=now)
        with pytest.raises(ValidationError):
            merge_contributors(one, other, by=by, at=now)
    with pytest.raises(ValidationError, match="已经并入"):
        merge_contributors(source, third, by=by, at=now)
    with pytest.raises(ValidationError):
        merge_contributors(target, source, by=by, at=now)
    # Contributors that are merged into it are moved along.
    merge_contributors(target, third, by=by, at=now)
    pointers = set(Contributor.objects.exclude(merged_into=None).values_list("merged_into"))
    assert pointers == {(third.pk,)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Contributor.objects.filter(pk=third.pk).update(merged_into=third)


def test_two_logins_are_not_merged_and_a_login_stays_the_target(pair, staff, now):
    source, _target = pair
    one, other = (Contributor.objects.get(user=staff[role]) for role in ("editor", "reporter"))
    with pytest.raises(ValidationError, match="两位都有账号"):
        merge_contributors(one, other, by=staff["head"], at=now)
    with pytest.raises(ValidationError, match="反过来"):
        merge_contributors(one, source, by=staff["head"], at=now)
    merge_contributors(source, one, by=staff["head"], at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contributor.objects.filter(pk=source.pk).update(user=staff["chief"])


@ON_SERVER
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_merges_that_cross_make_no_circle(pair, staff, now):
    source, target = pair

    def merge(one: Contributor, other: Contributor) -> object:
        try:
            merge_contributors(one, other, by=staff["head"], at=now)
        except ValidationError as refused:
            return refused
        return None

    at_once(lambda: merge(source, target), lambda: merge(target, source))
    assert Contributor.objects.exclude(merged_into=None).count() == 1


def test_the_articles_are_the_logins_own(pair, staff, now, desk):
    source, _target = pair
    own = Contributor.objects.get(user=staff["correspondent"])
    article = factories.make_in("draft", None, now, writer=source.name)
    url = f"/desk/articles/article/{article.pk}/change/"
    assert desk("correspondent").get(url).status_code == 404
    merge_contributors(source, own, by=staff["head"], at=now)
    assert desk("correspondent").get(url).status_code == 200
    assert article.title in desk("correspondent").get("/desk/articles/article/").content.decode()


# Readers.


def get(client, path: str):
    return client.get(path)


def test_the_public_page_of_the_one_leads_to_the_other(client, merged):
    source, target = merged
    for path in ("", "feed.rss", "feed.json"):
        response = client.get(f"/contributors/{source.pk}/{path}")
        assert response.status_code == 301
        assert response["Location"] == f"/contributors/{target.pk}/{path}"
    response = client.get(f"/en/contributors/{source.pk}/?section=news")
    assert response["Location"] == f"/en/contributors/{target.pk}/?section=news"


def test_the_page_of_the_other_lists_both_each_story_once(client, merged, now):
    source, target = merged
    both = factories.make_story("两个都署的稿件", now, writer=target.name)
    StoryContributor.objects.create(
        story=both, release_at=both.release_at, contributor=source, role="摄影", order=1
    )
    page = client.get(f"/contributors/{target.pk}/").content.decode()
    for title in ("前者的稿件", "后者的稿件"):
        assert title in page
    assert page.count(">两个都署的稿件<") == 1
    assert "前者的稿件" in client.get(f"/contributors/{target.pk}/feed.rss").content.decode()


def test_search_finds_both_and_offers_one(client, merged):
    source, target = merged
    for number in (source.pk, target.pk):
        page = client.get(f"/search/?q=稿件&contributor={number}").content.decode()
        assert "前者的" in page
        assert "后者的" in page
    found = client.get("/search/suggest/?q=罗").json()["suggestions"]
    assert [one["url"] for one in found] == [f"/contributors/{target.pk}/"]
    listed = client.get("/sitemaps/contributors.xml").content.decode()
    assert f"/contributors/{target.pk}/" in listed
    assert f"/contributors/{source.pk}/" not in listed


def test_who_signs_by_the_pointer_alone_is_listed(client, pair, staff, now, town):
    source, target = pair
    Contributor.objects.update(town=town)
    factories.make_story("前者的稿件", now, writer=source.name)
    merge_contributors(source, target, by=staff["head"], at=now)
    assert client.get(f"/contributors/{target.pk}/").status_code == 200
    page = client.get(f"/towns/{town.slug}/").content.decode()
    assert f"/contributors/{target.pk}/" in page
    assert f"/contributors/{source.pk}/" not in page


def test_related_stories_are_those_of_both(client, merged, now):
    story = Story.objects.get(headline="后者的稿件")
    page = client.get(f"/stories/{story.pk}/").content.decode()
    assert "前者的稿件" in page
    other = Story.objects.get(headline="前者的稿件")
    assert "后者的稿件" in client.get(f"/stories/{other.pk}/").content.decode()


def test_separated_again_all_is_as_before(client, merged, staff, now):
    source, target = merged
    unmerge_contributor(source, by=staff["head"], at=now)
    assert client.get(f"/contributors/{source.pk}/").status_code == 200
    assert "前者的稿件" not in client.get(f"/contributors/{target.pk}/").content.decode()
    assert match_or_create("罗小满", "通讯员")[0] == source


def test_the_desk_finds_the_articles_of_both_by_the_name_that_counts(desk, merged):
    page = desk("head").get("/desk/articles/article/?q=罗晓满").content.decode()
    assert "前者的稿件" in page
    assert "后者的稿件" in page


# The screens.


def test_the_list_shows_namesakes_and_hides_what_is_merged(desk, merged, staff):
    source, target = merged
    one, two = Contributor.objects.create(name="李四"), Contributor.objects.create(name="李 四")
    url = "/desk/bylines/contributor/"
    page = desk("head").get(url).content.decode()
    assert f"/{source.pk}/change/" not in page
    assert page.count("有同名") >= 2
    same = desk("head").get(f"{url}?same=yes").content.decode()
    for person in (one, two):
        assert f"/{person.pk}/change/" in same
    assert f"/{target.pk}/change/" not in same
    assert f"/{source.pk}/change/" in desk("head").get(f"{url}?state=merged").content.decode()


def test_it_is_merged_on_a_page_that_says_what_will_happen(desk, pair, now):
    source, target = pair
    factories.make_story("前者的稿件", now, writer=source.name)
    client, url = desk("head"), f"/desk/bylines/contributor/{source.pk}/merge/"
    assert f"?into={target.pk}" in client.get(f"{url}?q=罗晓").content.decode()
    page = client.get(f"{url}?into={target.pk}").content.decode()
    assert "已发的 1 篇" in page
    assert "都不改动" in page
    response = client.post(url, {"into": target.pk})
    assert response["Location"] == f"/desk/bylines/contributor/{target.pk}/change/"
    shown = client.get(f"/desk/bylines/contributor/{source.pk}/change/").content.decode()
    assert "已并入" in shown
    client.post(f"/desk/bylines/contributor/{source.pk}/separate/")
    assert Contributor.objects.get(pk=source.pk).merged_into is None


def test_what_is_refused_is_said_on_the_page(desk, staff):
    one, other = (Contributor.objects.get(user=staff[role]) for role in ("editor", "reporter"))
    url = f"/desk/bylines/contributor/{one.pk}/merge/"
    response = desk("head").post(url, {"into": other.pk})
    assert response.status_code == 409
    assert "两位都有账号" in response.content.decode()


def test_an_editor_does_not_merge(desk, pair):
    source, target = pair
    for name in ("merge", "separate"):
        url = f"/desk/bylines/contributor/{source.pk}/{name}/"
        assert desk("editor").post(url, {"into": target.pk}).status_code == 403
    assert (
        "/merge/"
        not in desk("editor").get(f"/desk/bylines/contributor/{source.pk}/change/").content.decode()
    )


def test_the_plan_of_a_contributors_page_stays_one_index_walk(merged):
    """A contributor without merges is found as before: the newest rows of one index."""
    _source, target = merged
    rows = StoryContributor.objects.by_one([target.pk]).newest()
    plan = str(rows.explain())
    if connection.vendor == "sqlite":
        assert "story_contributor_newest" in plan
