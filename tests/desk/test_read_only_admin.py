"""Rule: the desk shows stories, issues, photos, revisions and logs completely and read-only.

Who may not see an article, or its record, does not find what belongs to it: not in a list, its
count, a search, a filter, a choice, a history, nor under its address.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.content import PhotoRow
from articles.models import Article, LogEntry, Revision
from issues import services as issues
from issues.models import IssueLogEntry
from photos.models import Photo
from photos.services import add_photo
from press.models import Edition, Story
from tests.helpers import factories

ROLES = ["correspondent", "reporter", "editor", "head", "chief", "administrator"]
MODELS = {
    "press_story": Story,
    "press_edition": Edition,
    "photos_photo": Photo,
    "articles_revision": Revision,
    "articles_logentry": LogEntry,
    "issues_issuelogentry": IssueLogEntry,
}
#: Roles that may open the records of another user's article in section news. The editor is
#: of that section; the reporter has none.
VIEW = {
    "draft": {"administrator"},
    "first_review": {"editor", "head", "chief", "administrator"},
    "scheduled": {"editor", "head", "chief", "administrator"},
    "published": set(ROLES),
    "withdrawn": {"editor", "head", "chief", "administrator"},
}
RECORD = {"editor", "head", "chief", "administrator"}


def changelist(name: str) -> str:
    return reverse(f"admin:{name}_changelist")


def page_of(name: str, row) -> str:
    return reverse(f"admin:{name}_change", args=[row.pk])


@pytest.fixture
def author(paper):
    return factories.make_user("somebody", "correspondent")


@pytest.fixture
def make(author, now):
    """Return (state, section) -> an article of somebody else's with a revision and a log entry."""

    def made(state: str, section: str = "news", **more: object) -> Article:
        article = factories.make_in(state, author, now, section=section, **more)
        LogEntry.objects.create(
            article=article,
            transition="submit",
            from_state="draft",
            to_state="first_review",
            by=author,
            by_name="somebody",
            at=now,
            revision=article.revisions.get(),
            details={"plan": ["first_review"]},
            chain="0" * 64,
        )
        return article

    return made


@pytest.fixture
def edition(staff, now) -> Edition:
    """Return a signed issue that is released tomorrow, with its log."""
    issue = issues.plan_issue(
        date=now.date() + dt.timedelta(days=1), user=staff["chief"], pages=[(1, "要闻")]
    )
    article = factories.make_in("approved", staff["reporter"], now, headline="明天见报")
    issues.place(article, issue.pages.get(), user=staff["chief"], at=now)
    issues.close(issue, user=staff["head"], at=now)
    return factories.sign_issue(issue, user=staff["chief"], at=now).edition


@pytest.mark.parametrize("name", MODELS)
def test_a_visitor_is_led_to_the_login(client, paper, name):
    assert client.get(changelist(name)).status_code == 302


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", VIEW)
def test_a_story_shows_to_who_may_see_its_article(desk, make, state, role):
    article = make(state, headline=f"标题{state}")
    if article.story is None:
        return
    expected = 200 if role in VIEW[state] else 404
    client = desk(role)
    assert client.get(page_of("press_story", article.story)).status_code == expected
    history = reverse("admin:press_story_history", args=[article.story.pk])
    assert client.get(history).status_code == expected
    for query in ("", "?q=标题", f"?q={article.story.pk}", f"?state={state}"):
        page = client.get(changelist("press_story") + query).content.decode()
        assert (f"标题{state}" in page) == (expected == 200), query
        assert ('class="empty"' in page) == (expected == 404), query


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["articles_revision", "articles_logentry"])
@pytest.mark.parametrize("state", VIEW)
def test_the_record_shows_to_who_may_see_it(desk, make, state, role, name):
    article = make(state, headline=f"标题{state}")
    row = MODELS[name].objects.filter(article=article).get()
    allowed = RECORD & (VIEW[state] if state == "draft" else RECORD)
    expected = 200 if role in allowed else 404
    client = desk(role)
    assert client.get(page_of(name, row)).status_code == expected
    assert client.get(reverse(f"admin:{name}_history", args=[row.pk])).status_code == expected
    for query in ("", "?q=标题", f"?q={article.pk}", f"?section={article.section_id}"):
        page = client.get(changelist(name) + query).content.decode()
        assert (f"标题{state}" in page) == (expected == 200), query


def test_an_editor_sees_no_record_of_another_section(desk, make):
    article = make("published", "literature", headline="文学的稿")
    client = desk("editor")
    assert client.get(page_of("press_story", article.story)).status_code == 200
    for name in ("articles_revision", "articles_logentry"):
        row = MODELS[name].objects.get(article=article)
        assert client.get(page_of(name, row)).status_code == 404
        assert "文学的稿" not in client.get(changelist(name)).content.decode()


def test_writers_see_their_own_record(desk, staff, now):
    article = factories.make_draft(staff["correspondent"], now, headline="自己的稿")
    client = desk("correspondent")
    assert "自己的稿" in client.get(changelist("articles_revision")).content.decode()
    assert client.get(page_of("articles_revision", article.revisions.get())).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_choices_offer_what_the_person_may_see(desk, make, role):
    make("draft", headline="别人的草稿")
    make("first_review", headline="在审的稿")
    answer = desk(role).get(
        reverse("admin:autocomplete"),
        {"app_label": "articles", "model_name": "logentry", "field_name": "revision", "term": ""},
    )
    found = len(answer.json()["results"]) if answer.status_code == 200 else 0
    assert found == {"editor": 1, "head": 1, "chief": 1, "administrator": 2}.get(role, 0)


@pytest.mark.parametrize("role", ROLES)
def test_an_issue_that_is_not_out_shows_to_who_plans(desk, edition, role):
    client = desk(role)
    plans = role in {"editor", "head", "chief", "administrator"}
    page = client.get(page_of("press_edition", edition))
    assert page.status_code == (200 if plans else 404)
    shown = client.get(changelist("press_edition")).content.decode()
    assert (page_of("press_edition", edition) in shown) == plans
    entry = IssueLogEntry.objects.filter(issue__edition=edition).first()
    status = client.get(page_of("issues_issuelogentry", entry)).status_code
    assert status == (200 if plans else 403)
    Edition.objects.update(release_at=edition.release_at - dt.timedelta(days=9))
    Story.objects.update(release_at=edition.release_at - dt.timedelta(days=9))
    page = client.get(page_of("press_edition", edition))
    assert page.status_code == 200
    assert "明天见报" in page.content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_a_photo_shows_to_who_may_see_it(desk, author, make, now, role):
    photo = add_photo(data=factories.picture(), caption="草稿里的图", user=author, at=now)
    make("draft", photos=(PhotoRow(photo.pk),))
    expected = 200 if role == "administrator" else 404
    client = desk(role)
    assert client.get(page_of("photos_photo", photo)).status_code == expected
    page = client.get(changelist("photos_photo") + "?q=草稿").content.decode()
    assert ("草稿里的图" in page) == (expected == 200)


@pytest.mark.parametrize("role", ["head", "chief", "administrator"])
@pytest.mark.parametrize("name", MODELS)
def test_nobody_changes_anything(desk, edition, author, now, role, name):
    add_photo(data=factories.picture(), caption="图", user=author, at=now)
    article = factories.make_in("published", author, now)
    LogEntry.objects.create(
        article=article, transition="submit", from_state="draft", to_state="draft", at=now
    )
    client, model = desk(role), MODELS[name]
    row = model.objects.first()
    before = list(model.objects.order_by("pk").values())
    for action in ("change", "delete"):
        url = reverse(f"admin:{name}_{action}", args=[row.pk])
        assert client.post(url, {"post": "yes"}).status_code in {403, 404}, action
    assert client.get(reverse(f"admin:{name}_delete", args=[row.pk])).status_code in {403, 404}
    assert client.get(reverse(f"admin:{name}_add")).status_code == 403
    ticked = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    client.post(changelist(name), ticked)
    assert list(model.objects.order_by("pk").values()) == before
    page = client.get(page_of(name, row)).content.decode()
    assert 'name="_save"' not in page


def test_a_page_shows_each_field_readably_and_what_is_stored(desk, make):
    article = make("published", headline="水闸换新", tags=("水利",), body="<p>第一段<b>粗</b></p>")
    client = desk("administrator")
    story = client.get(page_of("press_story", article.story)).content.decode()
    assert "<p>第一段粗</p>" in story
    assert f'href="{article.story.get_absolute_url()}"' in story
    assert reverse("admin:articles_article_change", args=[article.pk]) in story
    assert "水利" in story
    entry = client.get(page_of("articles_logentry", article.log.get())).content.decode()
    assert "&quot;plan&quot;: [\n" in entry
    assert "somebody" in entry
    revision = client.get(page_of("articles_revision", article.revisions.get())).content.decode()
    assert "<p>第一段粗</p>" in revision
    assert article.revisions.get().sha256 in revision


def test_a_log_entry_tells_no_login_name(desk, make, author):
    author.last_name, author.first_name = "罗", "小满"
    author.save()
    article = make("published")
    Revision.objects.update(saved_by=author)
    page = desk("administrator").get(page_of("articles_revision", article.revisions.get()))
    assert "罗小满" in page.content.decode()
    assert "somebody" not in page.content.decode()


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("press_story", 8),
        ("press_edition", 7),
        ("photos_photo", 9),
        ("articles_revision", 8),
        ("articles_logentry", 8),
        ("issues_issuelogentry", 7),
    ],
)
def test_a_list_asks_as_often_for_three_rows_as_for_thirty(
    desk, staff, make, edition, now, name, most
):
    client = desk("head")

    def asked() -> int:
        client.get(changelist(name))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(changelist(name))
        assert page.status_code == 200
        assert len(queries) <= most, [query["sql"][:300] for query in queries]
        return len(queries)

    photos = [
        add_photo(data=factories.picture(), caption=f"图{n}", user=staff["head"], at=now)
        for n in range(2)
    ]
    for n in range(3):
        make("published", headline=f"第{n}篇", photos=(PhotoRow(photos[n % 2].pk),))
    few = asked()
    for n in range(9):
        make("published", headline=f"又{n}篇")
    assert asked() == few


def test_a_list_counts_no_further_than_it_shows(desk, make, monkeypatch):
    monkeypatch.setattr("paper.base_admin.COUNT_CAP", 2)
    monkeypatch.setattr("desk.admin.press.StoryAdmin.list_per_page", 1)
    for n in range(4):
        make("published", headline=f"第{n}篇")
    client = desk("chief")
    page = client.get(changelist("press_story")).content.decode()
    assert "多于 2 条" in page
    assert '?p=2"' in page
    assert '?p=3"' not in page
    assert client.get(changelist("press_story") + "?p=2").content.decode().count("data-row") == 1


@pytest.mark.parametrize("role", ROLES)
def test_the_navigation_names_records_to_who_answers_for_them(desk, role):
    page = desk(role).get("/desk/").content.decode()
    named = all(changelist(name) in page for name in MODELS)
    assert named == (role in {"head", "chief", "administrator"})


def test_a_withdrawn_story_is_found_by_its_headline(desk, make):
    make("withdrawn", headline="撤下的稿")
    assert "撤下的稿" in desk("chief").get(changelist("press_story") + "?q=撤下").content.decode()
