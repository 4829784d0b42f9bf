"""Rule: of two concurrent approvals one succeeds and the other gets a message (PostgreSQL)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from articles import services
from articles.exceptions import Conflict, Hidden
from articles.models import Article, Review
from articles.services import audit_verify, comments, presence
from articles.services.transitions import engine
from articles.views import autosave
from articles.views import comments as comment_views
from articles.workflow.states import State
from ingest import services as ingest
from issues import services as issues
from press.models import Edition, Story
from tests.helpers import factories
from tests.helpers.concurrency import ON_SERVER, at_once
from tests.helpers.editor_windows import Window, assert_nothing_is_lost
from tests.helpers.page_imports import PAGE

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@ON_SERVER
def test_two_approvals_at_once(now):
    factories.make_paper()
    staff = factories.make_staff()
    article = factories.make_in("second_review", staff["correspondent"], now)
    stale = [Article.objects.get(pk=article.pk) for _ in range(2)]

    def approve(copy: Article, reader: str) -> Callable[[], object]:
        version = copy.version
        return lambda: services.approve(copy, user=staff[reader], at=now, version=version)

    outcomes = at_once(approve(stale[0], "head"), approve(stale[1], "chief"))
    told = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert len(told) == 1
    assert "待终审" in str(told[0])
    article.refresh_from_db()
    assert article.state == State.FINAL_REVIEW
    assert Review.objects.count() == 1


@ON_SERVER
@pytest.mark.parametrize("others", [("editor", "editor"), ("editor", "head")])
def test_an_article_taken_twice_at_once(now, others):
    """One transition, one row and an intact chain, whoever clicks."""
    factories.make_paper()
    staff = factories.make_staff()
    for _round in range(5):
        article = factories.make_in("first_review", staff["correspondent"], now)
        copies = [Article.objects.get(pk=article.pk) for _ in others]
        takes = [
            lambda copy=copy, who=who: services.take(
                copy, user=staff[who], at=now, version=copy.version
            )
            for copy, who in zip(copies, others, strict=True)
        ]
        outcomes = at_once(*takes)
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1
        assert article.log.filter(transition="take").count() == 1
    assert not any(found.broken for found in audit_verify.verify_all())


@ON_SERVER
def test_a_correction_signed_and_its_story_withdrawn_at_once(now):
    """Both lock the article before the story, so there is no deadlock."""
    factories.make_paper()
    staff = factories.make_staff()
    for _round in range(4):
        article = factories.make_in("published", staff["correspondent"], now)
        services.correct(article, user=staff["head"], at=now, kind="correction", reason="改")
        factories.sign_review(article, user=staff["head"], at=now)
        copies = [Article.objects.get(pk=article.pk) for _ in range(2)]
        outcomes = at_once(
            lambda one=copies[0]: factories.sign_review(one, user=staff["chief"], at=now),
            lambda two=copies[1]: services.withdraw(two, user=staff["chief"], at=now, reason="误"),
        )
        failed = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert all(isinstance(outcome, Conflict) for outcome in failed)
        assert len(failed) <= 1


@ON_SERVER
def test_twenty_parallel_clicks_sign_once_and_all_report_success(now):
    factories.make_paper()
    staff = factories.make_staff()
    article = factories.make_in("second_review", staff["correspondent"], now)
    url = f"/desk/articles/article/{article.pk}/approve/"
    clients = [Client() for _click in range(20)]
    for client in clients:
        client.force_login(staff["head"])
    form = {"version": article.version, "note": ""}
    outcomes = at_once(*[lambda one=one: one.post(url, form).status_code for one in clients])
    assert outcomes == [302] * 20
    assert article.log.filter(transition="approve").count() == 1


@pytest.mark.django_db
def test_the_second_of_two_stale_approvals_gets_a_message(staff, now):
    """The same rule without threads, on every database: the UPDATE checks state and version."""
    article = factories.make_in("second_review", staff["correspondent"], now)
    mine, theirs = (Article.objects.get(pk=article.pk) for _ in range(2))
    services.approve(mine, user=staff["head"], at=now, version=mine.version)
    with pytest.raises(Conflict, match="待终审"):
        services.approve(theirs, user=staff["chief"], at=now, version=theirs.version)


@pytest.mark.django_db
def test_a_text_saved_in_between_stops_a_transition_too(staff, now):
    """The state is the same but the text is not: the UPDATE compares the version too."""
    article = factories.make_in("second_review", staff["correspondent"], now)
    stale = Article.objects.get(pk=article.pk)
    Article.objects.filter(pk=article.pk).update(version=F("version") + 1)
    with pytest.raises(Conflict), transaction.atomic():
        engine.make_transition(stale, "approve", State.FINAL_REVIEW, user=staff["head"], at=now)


@ON_SERVER
def test_one_page_imported_twice_at_once(now):
    factories.make_paper()
    staff = factories.make_staff()
    stories = ingest.default_choice(ingest.read_page(PAGE))
    at_once(*[lambda: ingest.import_drafts(stories, user=staff["head"], at=now)] * 2)
    assert sorted(Article.objects.values_list("headline", flat=True)) == [
        "六座水闸换了电动机",
        "县图书馆夜里也开门",
    ]


@ON_SERVER
def test_an_issue_signed_twice_and_added_to_at_once(now):
    factories.make_paper()
    staff = factories.make_staff()
    issue = issues.plan_issue(
        date=timezone.localdate(now) + dt.timedelta(days=1),
        user=staff["chief"],
        pages=[(1, "要闻")],
    )
    first, late = (
        factories.make_in("approved", staff["reporter"], now, headline=headline)
        for headline in ("先上版的", "晚到的")
    )
    page = issue.pages.get()
    issues.place(first, page, user=staff["chief"], at=now)
    issues.close(issue, user=staff["chief"], at=now)
    version = issue.version

    def sign() -> object:
        return issues.sign(issue, user=staff["chief"], at=now, version=version)

    outcomes = at_once(sign, sign, lambda: issues.place(late, page, user=staff["chief"], at=now))
    issue.refresh_from_db()
    is_signed = issue.state == "signed"
    assert Edition.objects.count() == is_signed
    placed = set(page.placements.values_list("article__headline", flat=True))
    printed = set(Story.objects.values_list("headline", flat=True))
    assert printed == (placed if is_signed else set()), outcomes


ADD, AUTOSAVE = (f"/desk/articles/article/{name}/" for name in ("add", "autosave"))


@pytest.mark.django_db
def test_a_comment_on_an_article_that_was_just_deleted_gets_a_message(staff, now):
    author = staff["correspondent"]
    article = factories.make_draft(author, now)
    Article.objects.get().delete()
    with pytest.raises(Hidden):
        comments.add_comment(article, text="看", user=author, at=now)
    with pytest.raises(Hidden):
        presence.beat(article, user=author, at=now, window_id="window-one-0001")
    connection.check_constraints()


@pytest.mark.django_db
def test_a_beat_during_a_deletion_hears_that_the_article_is_gone(desk, staff, now, monkeypatch):
    article = factories.make_draft(staff["correspondent"], now)
    gone = Article(pk=article.pk + 1, created_by=staff["correspondent"])
    monkeypatch.setattr(autosave, "get_visible_article", lambda *_args: gone)
    monkeypatch.setattr(comment_views, "get_visible_article", lambda *_args: gone)
    url = f"/desk/articles/article/{gone.pk}"
    client = desk("correspondent")
    assert client.post(f"{url}/presence/", {"window_id": "window-one-0001"}).status_code == 404
    assert client.post(f"{url}/comments/", {"text": "看"}).status_code == 404


@ON_SERVER
def test_a_signature_and_an_autosave_at_once(now):
    """Either the text is saved first and the signature is refused, or the signed text stays."""
    factories.make_paper()
    staff = factories.make_staff()
    article = factories.make_in("first_review", staff["correspondent"], now)
    services.take(article, user=staff["editor"], at=now)
    window = Window(staff["editor"], factories.content(), "window-edit-01", version=2)
    window.type("编辑改的一段。")
    window.send(article, now, auto=True)
    window.type("又改。")
    at_once(
        lambda: window.send(article, now, auto=True),
        lambda: services.approve(article, user=staff["editor"], at=now, version=3),
    )
    for review in Review.objects.select_related("revision"):
        assert review.sha256 == review.revision.sha256
    assert_nothing_is_lost(article, set(window.sent))
