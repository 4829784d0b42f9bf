"""Rule: of two stale approvals at once one wins and the other is told (PostgreSQL)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from articles import services
from articles.content import Content
from articles.exceptions import Conflict, Hidden, StaleSave
from articles.models import Article, Review, Revision
from articles.services import audit_verify, comments, presence
from articles.services.transitions import engine
from articles.views import articles as article_views
from articles.views import autosave
from articles.views import comments as comment_views
from articles.workflow.states import State
from ingest import services as ingest
from issues import services as issues
from paper.models import Section
from press.models import Edition, Story
from tests.helpers import factories
from tests.helpers.concurrency import ON_SERVER, at_once
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
    """One move and one row, and a chain that holds, whoever clicks."""
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
    """Both lock the article before the story: neither waits for the other for ever."""
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
def test_twenty_parallel_clicks_sign_once_and_are_all_told_that_it_is_done(now):
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
def test_the_second_of_two_stale_approvals_is_told(staff, now):
    """The same rule without threads, on every database: the UPDATE holds state and version."""
    article = factories.make_in("second_review", staff["correspondent"], now)
    mine, theirs = (Article.objects.get(pk=article.pk) for _ in range(2))
    services.approve(mine, user=staff["head"], at=now, version=mine.version)
    with pytest.raises(Conflict, match="待终审"):
        services.approve(theirs, user=staff["chief"], at=now, version=theirs.version)


@pytest.mark.django_db
def test_a_text_saved_in_between_stops_a_move_too(staff, now):
    """The state is the same, the text is not: the UPDATE compares the version as well."""
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


# Two editors save from one base: nothing that was sent is lost.


@dataclass
class Window:
    """A window as a browser runs it: it knows a version, types on, and counts its sends."""

    user: User
    content: Content
    window_id: str
    version: int = 1
    sequence: int = 0
    text: str = ""
    sent: list[str] = field(default_factory=list)

    def type(self, word: str) -> None:
        self.text += word

    def send(self, article: Article, at: dt.datetime, *, auto: bool) -> str:
        """Save; return "won", or "aside" where somebody was first."""
        self.sequence += 1
        self.sent.append(self.text)
        body = f"<p>{self.text}</p>"
        try:
            revision = services.save_article(
                article,
                replace(self.content, body=body),
                user=self.user,
                at=at,
                base_version=self.version,
                auto=auto,
                window_id=self.window_id,
                sequence=self.sequence,
            )
        except StaleSave:
            return "aside"
        self.version = revision.base_version
        return "won"

    def reload(self, article: Article) -> None:
        self.version = Article.objects.get(pk=article.pk).version
        self.window_id, self.sequence = f"{self.window_id[:6]}-{random.random():.9f}"[:36], 0


def two_authors() -> tuple[list[User], Content]:
    """Two people, and the content of an article that the second of them signs."""
    factories.make_paper()
    writers = [factories.make_user(name, "reporter") for name in ("author-1", "author-2")]
    return writers, factories.content(writer=writers[1].last_name)


def open_windows(writers: list[User], content: Content) -> list[Window]:
    return [Window(user, content, f"window-{n}-0000") for n, user in enumerate(writers)]


def assert_nothing_is_lost(article: Article, texts: set[str]) -> None:
    """Every text is whole in some revision, and the numbers of the revisions have no gap."""
    rows = list(Revision.objects.filter(article=article).order_by("number"))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    kept = [row.content["body"] for row in rows]
    lost = [text for text in texts if not any(text in body for body in kept)]
    assert lost == []


@pytest.mark.django_db
def test_two_hundred_interleavings_of_two_editors_lose_nothing(now):
    """In an order drawn by lot: type, save, save by itself, reload. On every database."""
    writers, content = two_authors()
    for seed in range(200):
        article = services.create_article(content, user=writers[0], at=now)
        _interleave(article, open_windows(writers, content), random.Random(seed), now)


def _interleave(
    article: Article, windows: list[Window], lot: random.Random, now: dt.datetime
) -> None:
    winners: dict[int, str] = {}
    for step in range(lot.randint(3, 5)):
        window = lot.choice(windows)
        if lot.random() < 0.3:
            window.reload(article)
        window.type(f"字{step}号{lot.randrange(10**6)}。")
        base = window.version
        head = article.revisions.filter(is_side=False).order_by("-number").first()
        outcome = window.send(article, now, auto=lot.random() < 0.6)
        current = Article.objects.get(pk=article.pk)
        if outcome == "won":
            assert window.text in current.body
            assert head is not None
            is_first = base == head.base_version or head.window_id == window.window_id
            assert is_first, "a text was overwritten that the window had not seen"
            assert winners.setdefault(base, window.window_id) == window.window_id, (
                "two winners of one base"
            )
        if outcome == "aside":
            window.reload(article)
    texts = {text for window in windows for text in window.sent}
    assert_nothing_is_lost(article, texts)


@ON_SERVER
def test_two_hundred_saves_at_one_moment_lose_nothing(now):
    """The same with two connections that really save at once."""
    writers, content = two_authors()
    article = services.create_article(content, user=writers[0], at=now)
    windows, lot = open_windows(writers, content), random.Random(1)
    for n in range(200):
        for window in windows:
            window.reload(article)
            window.text = f"第{n}轮{window.user}写的{lot.randrange(10**6)}。"
        autos = [lot.random() < 0.5 for _window in windows]
        outcomes = at_once(
            *[
                lambda w=window, auto=auto: w.send(article, now, auto=auto)
                for window, auto in zip(windows, autos, strict=True)
            ]
        )
        assert sorted(map(str, outcomes)) == ["aside", "won"], "one base has one winner"
    assert_nothing_is_lost(article, {text for window in windows for text in window.sent})


@ON_SERVER
def test_one_form_sent_twice_at_once_makes_one_article(now):
    factories.make_paper()
    author = factories.make_staff()["correspondent"]
    content = factories.content()

    def create() -> Article:
        return services.create_article(
            content, user=author, at=now, form_key="form-00001", sequence=1
        )

    made = at_once(create, create, create)
    assert len({article.pk for article in made}) == 1
    assert Article.objects.count() == Revision.objects.count() == 1


def new_form() -> dict[str, str]:
    """A new article as its window sends it."""
    return {
        "headline": "水闸",
        "body": "<p>装上了。</p>",
        "body_format": "html",
        "kind": "story",
        "section": str(Section.objects.get(slug="news").pk),
        "byline": "通讯员 甲乙丙",
        "photos-TOTAL_FORMS": "0",
        "photos-INITIAL_FORMS": "0",
        "version": "0",
        "window_id": "window-one-0001",
        "sequence": "2",
        "then": "submit",
    }


ADD, AUTOSAVE = (f"/desk/articles/article/{name}/" for name in ("add", "autosave"))


@pytest.mark.django_db
@pytest.mark.parametrize("turns", [1, 2], ids=["click", "double-click"])
def test_a_new_form_is_handed_in_past_its_own_save(desk, monkeypatch, turns):
    """The click looked for its article just before the window's save by itself made it."""
    client, real, twice = (
        desk("correspondent"),
        services.article_of_form,
        article_views.is_duplicate_save,
    )
    client.post(AUTOSAVE, {**new_form(), "sequence": "1", "body": "<p>装</p>"})
    for sequence in range(turns):
        blind = iter([None]) if sequence == 0 else iter(())
        unseen = iter([False])
        monkeypatch.setattr(services, "article_of_form", lambda *a, b=blind: next(b, real(*a)))
        monkeypatch.setattr(
            article_views, "is_duplicate_save", lambda *a, u=unseen: next(u, twice(*a))
        )
        assert client.post(ADD, new_form()).status_code == 302
    article = Article.objects.get()
    assert (article.state, article.log.count()) == (State.FIRST_REVIEW, 1)
    assert article.body == "<p>装上了。</p>"


@ON_SERVER
def test_a_new_form_and_its_own_save_at_once(now):
    factories.make_paper()
    author = factories.make_staff()["correspondent"]

    def send(path: str, data: dict[str, str]) -> Callable[[], int]:
        browser = Client()
        browser.force_login(author)
        return lambda: browser.post(path, data).status_code

    for number in range(8):
        form = {**new_form(), "window_id": f"window-{number:08d}"}
        auto = {**form, "sequence": "1", "body": "<p>装</p>"}
        # The save by itself may come last, and hear that the article has gone on.
        outcomes = at_once(send(AUTOSAVE, auto), send(ADD, form), send(ADD, form))
        assert outcomes.count(302) == 2
    assert set(Article.objects.values_list("state", flat=True)) == {State.FIRST_REVIEW}
    assert Article.objects.count() == 8


@pytest.mark.django_db
def test_who_writes_beside_an_article_that_was_just_deleted_is_told(staff, now):
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
    """Either the text came first and the signature is told, or what was signed is not replaced."""
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
