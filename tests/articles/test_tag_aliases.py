"""Rule: an alias renames a tag; no row, revision or seal that names it is written."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry as AdminEntry
from django.urls import reverse
from taggit.models import Tag, TaggedItem

from articles import services
from articles.content import content_of
from articles.exceptions import Conflict, Forbidden, Invalid
from articles.models import Article, Revision
from articles.services import tags
from articles.services.audit_verify import verify
from articles.services.search_index import DESK
from press.models import Story, StoryTag, TagAlias
from search.terms import read
from tests.helpers import factories
from tests.helpers.concurrency import ON_SERVER, at_once


@pytest.fixture
def printed(staff, now) -> Article:
    """Return a published article with two tags and three signatures."""
    article = factories.make_draft(
        staff["reporter"], now, headline="水闸换新", tags=("水力", "夏汛")
    )
    services.submit(article, user=staff["reporter"], at=now)
    factories.pass_all(article, staff, now)
    services.release(article, user=staff["chief"], at=now)
    article.refresh_from_db()
    return article


def tag(name: str) -> Tag:
    return Tag.objects.get(name=name)


def rename(old: str, new: str, staff, now, role: str = "head") -> Tag:
    return tags.rename_tag(tag(old), new, user=staff[role], at=now)


def merge(source: str, target: str, staff, now, role: str = "head") -> None:
    tags.merge_tags(tag(source), tag(target), user=staff[role], at=now)


def rows_of(*models: type) -> list[object]:
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def is_found(article: Article, word: str) -> bool:
    (term,) = read(word)
    return Article.objects.filter(DESK.holds(term), pk=article.pk).exists()


def test_a_renamed_tag_leaves_every_signature_whole(printed, staff, now):
    models = (Article, Revision, Story, StoryTag, TaggedItem)
    before = rows_of(*models)
    rename("水力", "水利", staff, now)
    merge("夏汛", "水利", staff, now)
    assert rows_of(*models) == before
    assert verify(printed) is None


def test_readers_meet_the_new_name_and_old_addresses_lead_there(client, printed, staff, now):
    rename("水力", "水利", staff, now)
    page = client.get(printed.story.get_absolute_url()).content.decode()
    assert ">水利</a>" in page
    assert "水力" not in page
    assert '"keywords": ["夏汛", "水利"]' in page
    assert "水闸换新" in client.get("/tags/水利/").content.decode()
    for old, new in (
        ("/tags/水力/", "/tags/水利/"),
        ("/tags/水力/feed.rss", "/tags/水利/feed.rss"),
    ):
        answer = client.get(old)
        assert (answer.status_code, client.get(answer["Location"]).status_code) == (301, 200)
        assert client.get(new).status_code == 200
    assert "水利" in client.get("/tags/水利/feed.json").content.decode()
    assert "水力" not in client.get("/tags/水利/feed.json").content.decode()
    names = [
        row["name"] for row in client.get(reverse("reader:suggest") + "?q=水").json()["suggestions"]
    ]
    assert ("水利" in names, "水力" in names) == (True, False)


def test_a_merged_tag_lists_a_story_once_and_is_found_by_both_names(client, printed, staff, now):
    merge("夏汛", "水力", staff, now)
    page = client.get("/tags/水力/").content.decode()
    assert page.count(f'href="{printed.story.get_absolute_url()}"') == 1
    for word in ("夏汛", "水力"):
        assert "水闸换新" in client.get(f"/search/?q={word}").content.decode()


def test_search_finds_a_story_by_the_new_name(client, printed, staff, now):
    assert "水闸换新" not in client.get("/search/?q=防洪").content.decode()
    rename("水力", "防洪", staff, now)
    assert "水闸换新" in client.get("/search/?q=防洪").content.decode()
    assert is_found(printed, "防洪")
    assert is_found(printed, "水力")


def test_readers_learn_nothing_of_a_tag_that_is_not_out(client, staff, now):
    factories.make_draft(staff["reporter"], now, tags=("暗访",))
    rename("暗访", "调查", staff, now)
    assert client.get("/tags/暗访/").status_code == 404
    assert client.get("/tags/调查/").status_code == 404
    assert client.get("/tags/暗访/feed.rss").status_code == 404


def test_the_next_save_of_an_article_takes_the_present_name(staff, now):
    author = staff["reporter"]
    article = factories.make_draft(author, now, tags=("水力",))
    rename("水力", "水利", staff, now)
    assert content_of(article).tags == ("水力",)
    services.save_article(
        article, content_of(article), user=author, at=now, base_version=article.version
    )
    article = Article.objects.get(pk=article.pk)
    assert content_of(article).tags == ("水利",)
    assert verify(article) is None


def test_a_tag_is_meant_whatever_its_capitals(staff, now):
    """Before, the revision had the typed name and the article the existing tag."""
    factories.make_draft(staff["reporter"], now, tags=("NBA",))
    article = factories.make_draft(
        staff["reporter"], now, headline="二", tags=("nba", "Cba", "CBA")
    )
    assert content_of(article).tags == ("CBA", "NBA")
    assert verify(article) is None
    rename("NBA", "Nba", staff, now)
    other = factories.make_draft(staff["reporter"], now, headline="三", tags=("NBA",))
    assert content_of(other).tags == ("Nba",)
    assert verify(other) is None


def test_an_alias_never_leads_to_an_alias(printed, staff, now):
    rename("水力", "水利", staff, now)
    merge("水利", "夏汛", staff, now)
    assert set(TagAlias.objects.values_list("tag__name", "target__name")) == {
        ("水力", "夏汛"),
        ("水利", "夏汛"),
    }
    with pytest.raises(Conflict):
        merge("水利", "夏汛", staff, now)


def test_a_tag_gets_its_old_name_back(printed, staff, now):
    rename("水力", "水利", staff, now)
    assert rename("水利", "水力", staff, now) == tag("水力")
    assert list(TagAlias.objects.values_list("tag__name", "target__name")) == [("水利", "水力")]
    assert verify(printed) is None


def test_a_merged_tag_is_separated_again(client, printed, staff, now):
    merge("夏汛", "水力", staff, now)
    tags.separate_tag(tag("夏汛"), user=staff["chief"], at=now)
    assert not TagAlias.objects.exists()
    assert client.get("/tags/夏汛/").status_code == 200
    with pytest.raises(Conflict):
        tags.separate_tag(tag("夏汛"), user=staff["chief"], at=now)


def test_a_correction_in_print_keeps_old_addresses(client, printed, staff, now):
    rename("水力", "水利", staff, now)
    services.correct(printed, user=staff["head"], at=now, reason="数字有误", kind="correction")
    printed.refresh_from_db()
    services.take(printed, user=staff["head"], at=now)
    printed.refresh_from_db()
    content = content_of(printed)
    services.save_article(
        printed, content, user=staff["head"], at=now, base_version=printed.version
    )
    printed.refresh_from_db()
    factories.sign_review(printed, user=staff["head"], at=now)
    printed.refresh_from_db()
    factories.sign_review(printed, user=staff["chief"], at=now)
    assert Story.objects.get().tag_names == ["夏汛", "水利"]
    assert client.get("/tags/水力/").status_code == 301
    assert verify(Article.objects.get(pk=printed.pk)) is None


@pytest.mark.parametrize(
    "name", ["", "  ", "水，利", "水;利", '水"利', "长" * 61, "..", "夏汛", "水利\n" * 40]
)
def test_a_name_that_cannot_be_a_tag_is_refused(printed, staff, now, name):
    with pytest.raises(Invalid):
        rename("水力", name, staff, now)
    assert not TagAlias.objects.exists()


@pytest.mark.parametrize("name", ["\u200b", "夏\u200b汛", "\ufeff夏汛", "夏汛\u202e"])
def test_a_name_is_what_is_seen_of_it(printed, staff, now, name):
    """A name may not be invisible, or look like that of another tag."""
    with pytest.raises(Invalid):
        rename("水力", name, staff, now)
    assert rename("水力", "\u202e水\u00ad利", staff, now).name == "水利"
    article = factories.make_draft(staff["reporter"], now, tags=(name, "水利\ufeff"))
    typed = ("水利",) if name == "\u200b" else ("夏汛", "水利")
    assert content_of(article).tags == typed
    with pytest.raises(Invalid):
        factories.make_draft(staff["reporter"], now, headline="二", tags=("..\u200b",))


def test_a_former_name_of_another_tag_is_refused(printed, staff, now):
    rename("夏汛", "防汛", staff, now)
    with pytest.raises(Invalid, match="防汛"):
        rename("水力", "夏汛", staff, now)


def test_a_tag_is_not_merged_into_itself(printed, staff, now):
    with pytest.raises(Invalid):
        merge("水力", "水力", staff, now)


@pytest.mark.parametrize("role", ["correspondent", "reporter", "editor"])
def test_who_may_not_is_refused(printed, staff, now, role):
    with pytest.raises(Forbidden):
        rename("水力", "水利", staff, now, role)
    with pytest.raises(Forbidden):
        merge("水力", "夏汛", staff, now, role)
    assert not TagAlias.objects.exists()


def test_it_is_logged_who_when_from_what_to_what(printed, staff, now):
    rename("水力", "水利", staff, now, "chief")
    entries = AdminEntry.objects.filter(content_type__model="tag").order_by("pk")
    assert [(entry.user, entry.action_time, entry.change_message) for entry in entries] == [
        (staff["chief"], now, "由“水力”改名为“水利”。")
    ] * 2
    assert {entry.object_id for entry in entries} == {str(tag("水力").pk), str(tag("水利").pk)}


@ON_SERVER
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_merges_that_cross_make_no_circle(staff, now):
    for name in ("甲", "乙"):
        Tag.objects.create(name=name)
    outcomes = at_once(lambda: merge("甲", "乙", staff, now), lambda: merge("乙", "甲", staff, now))
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1
    assert TagAlias.objects.count() == 1
