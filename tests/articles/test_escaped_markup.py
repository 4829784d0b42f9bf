"""Rule: HTML tags that readers would see can be neither saved nor approved, unless confirmed."""

from __future__ import annotations

from functools import partial

import pytest

from articles import services
from articles.content import PhotoRow
from articles.exceptions import Conflict, Forbidden, Hidden, Invalid
from articles.models import Article, LogEntry, Revision
from articles.services import audit_verify
from articles.workflow.transitions import RESTORE_REVISION
from photos.services import add_photo
from tests.helpers import factories
from textkit.body import Body, escaped_markup

LIST = "/desk/articles/article/"
STRAY = "<p>&lt;p&gt;水闸换了。&lt;/p&gt;</p>"
WORDS = "网页代码"


def fields(**more: object) -> dict[str, object]:
    return {
        "kind": "story",
        "headline": "水闸",
        "body": "<p>水闸换了。</p>",
        "version": 1,
        "photos-TOTAL_FORMS": 0,
        "photos-INITIAL_FORMS": 0,
        **more,
    }


def test_a_text_of_tags_is_refused_with_a_sentence_and_stays_in_the_form(desk, staff, now):
    article = factories.make_draft(staff["reporter"], now)
    page = desk("reporter").post(
        f"{LIST}{article.pk}/change/", fields(body="<p>水闸换了。</p>", body_format="light")
    )
    assert page.status_code == 400
    text = page.content.decode()
    assert WORDS in text
    assert 'name="has_code"' in text
    assert "&lt;p&gt;水闸换了。" in text
    article.refresh_from_db()
    assert "水闸换了" not in article.body


def test_the_choice_is_shown_only_where_it_is_needed(desk, staff, now):
    article = factories.make_draft(staff["reporter"], now)
    assert (
        'name="has_code"'
        not in desk("reporter").get(f"{LIST}{article.pk}/change/").content.decode()
    )


def test_an_autosave_says_so_too(desk, staff, now):
    article = factories.make_draft(staff["reporter"], now)
    answer = desk("reporter").post(
        f"{LIST}{article.pk}/autosave/",
        fields(
            body=STRAY, body_format="html", window_id="w", sequence=1, owner=staff["reporter"].pk
        ),
    )
    assert WORDS in "".join(answer.json()["problems"])


def test_what_is_meant_as_code_is_saved_signed_and_published(desk, staff, now):
    article = factories.make_draft(staff["reporter"], now)
    client = desk("reporter")
    data = fields(body="网页里写 <p>，表示一段。", body_format="light", has_code="on")
    assert client.post(f"{LIST}{article.pk}/change/", data).status_code == 302
    article.refresh_from_db()
    assert article.has_code
    assert article.body == "<p>网页里写 &lt;p&gt;，表示一段。</p>"
    assert "checked" in client.get(f"{LIST}{article.pk}/change/").content.decode()


def test_a_tick_alone_is_saved(staff, now):
    """The text is the same, so there is no new revision, but the mark is stored."""
    article = factories.make_draft(staff["reporter"], now)
    save = partial(
        services.save_article,
        article,
        factories.content(body=STRAY),
        user=staff["reporter"],
        at=now,
    )
    save(base_version=1, has_code=True)
    article.refresh_from_db()
    save(base_version=2, has_code=None)
    Article.objects.filter(pk=article.pk).update(has_code=False)
    with pytest.raises(Invalid):
        save(base_version=2, has_code=False)
    save(base_version=2, has_code=True)
    article.refresh_from_db()
    assert (article.has_code, article.revisions.count()) == (True, 2)


@pytest.mark.parametrize("step", ["submit", "approve"])
def test_a_text_of_tags_goes_no_further(staff, now, step):
    """Such a text may have been saved before the rule existed."""
    article = factories.make_draft(staff["reporter"], now)
    if step == "approve":
        services.submit(article, user=staff["reporter"], at=now)
        services.take(article, user=staff["editor"], at=now)
    revision = services.head_revision(article)
    content = {**revision.content, "body": STRAY}
    Revision.objects.filter(pk=revision.pk).update(content=content)
    Article.objects.filter(pk=article.pk).update(body=STRAY)
    article.refresh_from_db()
    go_on = {
        "submit": partial(services.submit, article, user=staff["reporter"], at=now),
        "approve": partial(factories.sign_review, article, user=staff["editor"], at=now),
    }[step]
    with pytest.raises(Invalid, match=WORDS):
        go_on()
    Article.objects.filter(pk=article.pk).update(has_code=True)
    go_on()


@pytest.mark.parametrize("name", ["headline", "kicker", "subhead", "unit", "dateline"])
def test_no_printed_line_shows_tags(desk, staff, now, name):
    article = factories.make_draft(staff["reporter"], now)
    page = desk("reporter").post(f"{LIST}{article.pk}/change/", fields(**{name: "水闸&nbsp;换"}))
    assert page.status_code == 400
    assert WORDS in page.content.decode()
    assert 'name="has_code"' in page.content.decode()


def test_no_caption_shows_tags(staff, now):
    photo = add_photo(data=factories.picture(), caption="", user=staff["reporter"], at=now)
    rows = (PhotoRow(photo.pk, "<b>水闸</b>", "张禾 摄"),)
    with pytest.raises(Invalid, match=WORDS):
        factories.make_draft(staff["reporter"], now, photos=rows)


# Restoring a revision


@pytest.fixture
def draft(staff, now) -> Article:
    """Return a draft with two revisions, 旧 and 新."""
    article = factories.make_draft(staff["reporter"], now, body="<p>旧</p>")
    services.save_article(
        article, factories.content(body="<p>新</p>"), user=staff["reporter"], at=now, base_version=1
    )
    article.refresh_from_db()
    return article


def test_a_revision_is_restored_as_a_new_one_and_logged(desk, staff, draft):
    client = desk("reporter")
    address = f"{LIST}{draft.pk}/revisions/1/"
    assert "恢复这一稿" in client.get(address).content.decode()
    answer = client.post(f"{address}restore/", {"version": draft.version}, follow=True)
    assert answer.status_code == 200
    draft.refresh_from_db()
    assert draft.body == Body("<p>旧</p>")
    assert [row.content["body"] for row in draft.revisions.all()] == [
        "<p>旧</p>",
        "<p>新</p>",
        "<p>旧</p>",
    ]
    entry = LogEntry.objects.get(article=draft)
    assert (entry.transition, entry.note, entry.revision.number) == (RESTORE_REVISION, "#1", 3)
    assert audit_verify.verify(draft) is None
    assert "恢复了较早的修改稿" in answer.content.decode()
    # A draft that was never submitted can still be deleted.
    services.delete_article(draft, user=staff["reporter"], at=entry.at, version=draft.version)


def test_only_who_may_edit_restores_and_only_over_what_was_seen(desk, staff, draft, now):
    one, two = draft.revisions.order_by("number")
    with pytest.raises((Hidden, Forbidden)):
        services.restore_revision(draft, one, user=staff["editor"], at=now, version=draft.version)
    with pytest.raises(Conflict):
        services.restore_revision(draft, one, user=staff["reporter"], at=now, version=1)
    with pytest.raises(Conflict):
        services.restore_revision(draft, two, user=staff["reporter"], at=now, version=draft.version)
    services.submit(draft, user=staff["reporter"], at=now)
    draft.refresh_from_db()
    with pytest.raises(Conflict):
        services.restore_revision(draft, one, user=staff["reporter"], at=now, version=draft.version)
    page = desk("editor").get(f"{LIST}{draft.pk}/revisions/1/").content.decode()
    assert "恢复这一稿" not in page
    assert draft.revisions.count() == 2


def test_a_restored_revision_is_no_return(desk, staff, draft, now):
    services.submit(draft, user=staff["reporter"], at=now)
    services.take(draft, user=staff["editor"], at=now)
    services.return_article(draft, user=staff["editor"], at=now, reason="写短一点")
    draft.refresh_from_db()
    one = draft.revisions.get(number=1)
    services.restore_revision(draft, one, user=staff["reporter"], at=now, version=draft.version)
    page = desk("reporter").get(f"{LIST}{draft.pk}/change/").content.decode()
    assert "写短一点" in page


def test_a_comparison_of_two_numbers_is_no_tag():
    assert escaped_markup(Body("<p>如果 a&lt;b 且 c&gt;d，闸门全开。</p>").text) == ""
    for tag in ('<b class="x">', "<b >", "<td colspan=2>", "</b >", "<br />"):
        shown = tag.replace("<", "&lt;").replace(">", "&gt;")
        assert escaped_markup(Body(f"<p>{shown}</p>").text) == tag
